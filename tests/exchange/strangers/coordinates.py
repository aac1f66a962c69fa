"""Coordinates that might be taken for others."""

from tests.exchange.strangers.case import ZONES, Case

_NOT_UNDERSTOOD = ("读不懂", "--crs EPSG:4490")
_GCJ = ("坐标系写的是「GCJ",)
_ROWS = ("坐标系写的是「GCJ-02」，不是 CGCS2000 或 WGS84",)

CASES: tuple[Case, ...] = (
    *(
        Case(f"crs-member/crs_{kind}.geojson", ZONES, 0, 1, says=_NOT_UNDERSTOOD)
        for kind in ("null", "link", "local", "unknown")
    ),
    Case("crs-member/crs_gcj.geojson", ZONES, 0, 1, says=_GCJ),
    Case("crs-member/crs_local.geojson", (*ZONES, "--crs", "EPSG:4490"), 1, says=("高台独立坐标系",), uploaded=None),
    Case("crs-member/crs_gcj.geojson", (*ZONES, "--crs", "EPSG:4490"), 0, 1, says=_GCJ, uploaded=None),
    Case("coordinate-system/gcj.csv", ("stations",), 1, 1, says=_ROWS, stored=1),
    Case("coordinate-system/gcj.csv", ("forces",), 1, 1, says=_ROWS, stored=1, uploaded=None),
    Case("coordinate-system/facility_gcj.csv", ("facilities",), 0, 1, says=("BD-09",), stored=0),
    Case("coordinate-system/gcj_ent.csv", ("enterprises",), 0, 1, says=_GCJ, stored=0),
    Case("coordinate-system/hd2.csv", ("hidden-dangers",), 2, 2, says=_ROWS, stored=2, uploaded=3),
    Case("vertex-astray/spike.geojson", ZONES, 1, 1, says=("第 3 个顶点（0.0, 0.0）",)),
    Case("vertex-astray/spike0.geojson", ZONES, 1, 1, says=("第 2 个顶点（0.0, 0.0）",)),
    Case("vertex-astray/spike4.geojson", ZONES, 2, says=("第 3 个顶点（99.81, 36.31）",)),
    Case("zero-bytes/nul.csv", ("stations",), 0, 1, says=("「name」含不能保存的字符",), uploaded=1),
    Case("zero-bytes/nul.parquet", ZONES, 4, says=("「名称」含不能保存的字符",)),
    Case("unknown-projection/p193.zip", ZONES, 0, 1, says=_NOT_UNDERSTOOD),
    Case("unknown-projection/p193.zip", (*ZONES, "--crs", "EPSG:4490"), 1, says=("读不懂",), uploaded=None),
)
