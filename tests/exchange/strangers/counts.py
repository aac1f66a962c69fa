"""Rows and members that might vanish: what a file declares is what is read, refused or told."""

from tests.exchange.strangers.case import UNITS, ZONES, Case

GEO4 = (*ZONES, "--grade-scheme", "geo4")

CASES: tuple[Case, ...] = (
    *(Case(f"stale-dimension/{name}.xlsx", ("stations",), 10, stored=10) for name in ("ok", "dim_stale", "dim_a1")),
    Case("longer-rows/extra_cells.csv", ("enterprises",), 1, 1, ("氨:60",), upload_says=("氨:60",)),
    *(
        Case(f"tables-disagree/{name}.shp", kind, 0, None, (".dbf", "4", count))
        for name, count in (("dbf_short", "2"), ("dbf_long", "6"), ("dbf_row_removed", "3"))
        for kind in (GEO4, UNITS)
    ),
    Case("same-name/same_name.csv", ("enterprises",), 1, 1, ("加油站",), stored=1, uploaded=2, upload_says=()),
    Case("topojson/two_objects.json", UNITS, 0, None, ("--layer", "a, b")),
    Case("topojson/two_objects.json", (*UNITS, "--layer", "b"), 1, uploaded=None),
    Case("odd-members/nullfeat.geojson", GEO4, 1, 3, ("type",)),
    Case("odd-members/nullfeat.geojson", UNITS, 1, 3, ("type",)),
    Case("odd-members/lines.geojson", UNITS, 0, None, ("第 2 行起", "FeatureCollection")),
    Case("odd-members/no_hole.geojson", GEO4, 1, 1, ("空缺",)),
    Case("one-stem/two_folders.zip", UNITS, 0, None, ("--layer", "east/zones.geojson, west/zones.geojson")),
    Case("one-stem/two_folders.zip", (*UNITS, "--layer", "west/zones.geojson"), 2, uploaded=None),
    Case("one-stem/two_formats.zip", UNITS, 0, None, ("--layer", "zones.csv, zones.geojson")),
    Case("one-stem/left_out.zip", UNITS, 1, 0, ("more.json",), silent=("readme",)),
    Case("unclosed-quote/to_the_end.csv", ("stations",), 0, None, ("第 2 行起", "引号")),
    Case("unclosed-quote/closed_later.csv", ("stations",), 1, 1, ("引号",), stored=1),
    Case("deleted-rows/deleted.shp", GEO4, 2, 0, ("1 个要素在 .dbf 中标记为已删除",)),
)
