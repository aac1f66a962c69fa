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
)
