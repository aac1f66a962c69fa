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
    Case("geoparquet/without_geo.parquet", ZONES, 0, None, says=("没有元数据 geo",)),
    Case("geoparquet/primary_missing.parquet", ZONES, 0, None, says=("「shape」",)),
    Case("geoparquet/crs_null.parquet", ZONES, 0, 2, says=("没有声明坐标系", "--crs EPSG:4490")),
    Case("geoparquet/crs_odd.parquet", ZONES, 0, 2, says=_NOT_UNDERSTOOD),
    Case("geoparquet/crs_xian.parquet", ZONES, 0, 2, says=("Xian 1980", "基准不同")),
    Case("geoparquet/spherical.parquet", ZONES, 2, says=("spherical",)),
    Case("geopackage/contradicting.gpkg", ZONES, 0, 1, says=("Xian 1980", "基准不同")),
    Case("old-datum/xian80.zip", ZONES, 0, 2, says=("Xian 1980", "基准不同", "七参数")),
    Case("old-datum/misnamed.zip", ZONES, 0, 2, says=("CM 102E", "中央经线却是 99°")),
    Case("elsewhere/beijing.csv", ("stations",), 0, 2, says=("经度 116.4", "纬度 39.9"), stored=0),
    Case(
        "rows-mixed/mixed.csv",
        ("stations",),
        2,
        4,
        says=("像是两轴颠倒", "以米计", "没有填写", "经纬度写反了列"),
        stored=2,
    ),
    Case(
        "headings/gcj.csv",
        ("stations", "--field", "lon=高德经度", "--field", "lat=高德纬度"),
        0,
        1,
        says=("高德经度",),
        uploaded=0,
        upload_says=("高德经度",),
    ),
)
