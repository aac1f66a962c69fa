"""The screening table, written here by hand a second time, against what the judgement says of every cell."""

from datetime import date

import pytest
import shapely

from risk_model.vocabulary import BasisKind, Verdict
from tests.risk_model.ground import FIELD, findings_of, judged, site, zone

VERDICTS = {"F": Verdict.PROHIBITED, "R": Verdict.RESTRICTED, "A": Verdict.PERMITTED}
KINDS = {"L": BasisKind.LAW, "S": BasisKind.STANDARD, "D": BasisKind.DEFAULT, "": None}
OVER = FIELD.buffer(50)
LINE = shapely.MultiLineString([[(-500, 50), (500, 50)]])

# fmt: off
TABLE = {
    # what lies under the site                                                K1    K2    K3    K4    K5    K6    K7
    "declared danger area": (zone("z", "declared_geological", OVER),         "F-L F-L F-L F-L F-L F-L F-L"),
    "geological extreme": (zone("z", "geological", OVER, "极高"),            "F-D F-D F-D F-D R-L R-L R-L"),
    "geological high": (zone("z", "geological", OVER, "高"),                 "F-D R-L R-L R-L R-L R-D R-L"),
    "geological medium": (zone("z", "geological", OVER, "中"),               "R-L R-L R-L R-L R-L A R-L"),
    "geological low": (zone("z", "geological", OVER, "低"),                  "R-D A A A A A A"),
    "river management": (zone("z", "river_management", OVER),                "F-L F-L F-L F-L F-L R-L R-L"),
    "flash flood extreme": (zone("z", "flash_flood", OVER, "极高危险"),      "F-D F-D F-D F-D F-D R-D R-D"),
    "flood high": (zone("z", "flood", OVER, "高"),                           "F-D F-D R-D R-D R-D A R-D"),
    "flash flood high": (zone("z", "flash_flood", OVER, "高危险"),           "F-D F-D R-D R-D R-D A R-D"),
    "flood medium": (zone("z", "flood", OVER, "中"),                         "R-L R-D R-D R-D A A A"),
    "dam break soon": (zone("z", "dam_break", OVER, arrival_min=30.0),       "F-D F-D F-D R-D R-D A R-D"),
    "dam break later": (zone("z", "dam_break", OVER, arrival_min=30.5),      "R-D R-D R-D R-D A A A"),
    "fault": (zone("z", "fault", LINE),                                      "F-L F-S F-S F-S R-S A R-S"),
    "wildfire high": (zone("z", "wildfire", OVER, "高"),                     "F-D R-D R-D R-D R-D A A"),
    "wildfire mid-high": (zone("z", "wildfire", OVER, "中高"),               "F-D R-D R-D R-D R-D A A"),
    "hazmat distance": (zone("z", "hazmat_distance", OVER),                  "R-S F-S F-S F-S R-S A R-S"),
    "road corridor": (zone("z", "protection_corridor", OVER, corridor_kind="road"), "F-L F-L F-L F-L F-L F-L R-L"),
    "railway corridor": (zone("z", "protection_corridor", OVER, corridor_kind="railway"), "F-S R-L R-L R-L R-L R-L R-L"),
    "power corridor": (zone("z", "protection_corridor", OVER, corridor_kind="power"), "F-L F-L F-L F-L F-L F-L R-L"),
    "pipeline corridor": (zone("z", "protection_corridor", OVER, corridor_kind="pipeline"), "F-L F-L F-L F-L F-L F-L R-L"),
    "corridor of unknown kind": (zone("z", "protection_corridor", OVER),     "F-L F-L F-L F-L F-L F-L R-L"),
    "composite high": (zone("z", "composite", OVER, "高"),                   "R-D R-D R-D R-D R-D A A"),
}
# The table leaves these to reason: never milder than the row below them, and clear where the map says low.
EXTENDED = {
    "flood extreme": (zone("z", "flood", OVER, "极高"),                      "F-D F-D F-D F-D F-D R-D R-D"),
    "flash flood lesser": (zone("z", "flash_flood", OVER, "危险"),           "R-L R-D R-D R-D A A A"),
    "dam break unknown": (zone("z", "dam_break", OVER),                      "F-D F-D F-D R-D R-D A R-D"),
    "low but prone": (zone("z", "geological", OVER, "低", product="susceptibility"), "R-D R-L R-L R-L A A A"),
    "flood low": (zone("z", "flood", OVER, "低"),                            "A A A A A A A"),
    "wildfire medium": (zone("z", "wildfire", OVER, "中"),                   "A A A A A A A"),
    "composite mid-high": (zone("z", "composite", OVER, "中高"),             "A A A A A A A"),
}
# fmt: on
CELLS = [
    pytest.param(row, f"K{number}", cell, id=f"{label} K{number}")
    for label, (row, cells) in (TABLE | EXTENDED).items()
    for number, cell in enumerate(cells.split(), 1)
]


@pytest.mark.parametrize(("row", "project_class", "cell"), CELLS)
def test_every_cell_of_the_screening_table_is_judged_as_written(row, project_class, cell):
    opinion = judged(site(project_class=project_class), row)
    (finding,) = findings_of(opinion)
    letter, _, kind = cell.partition("-")
    assert opinion.verdict is finding.verdict is VERDICTS[letter]
    assert finding.basis_kind is KINDS[kind]
    assert (finding.rule is None) == (finding.basis == "") == (finding.procedure == ()) == (letter == "A")


@pytest.mark.parametrize("label", TABLE)
def test_every_finding_of_the_table_tells_an_officer_something_in_chinese(label):
    for number in range(1, 8):
        (finding,) = findings_of(judged(site(project_class=f"K{number}"), TABLE[label][0]))
        assert any("一" <= letter <= "鿿" for letter in finding.message)


CHEMICAL = {"fault": zone("z", "fault", LINE), "flood": zone("z", "flood", OVER, "中")}


@pytest.mark.parametrize("row", CHEMICAL.values(), ids=CHEMICAL)
def test_the_old_chemicals_regulation_is_cited_up_to_its_last_day_and_the_new_law_from_the_next(row):
    before = findings_of(judged(site(project_class="K1"), row, on=date(2026, 4, 30)))[0]
    after = findings_of(judged(site(project_class="K1"), row, on=date(2026, 5, 1)))[0]
    assert "591" in before.basis
    assert "2026-05-01" not in before.basis
    assert "2026-05-01" in after.basis
    assert "591" not in after.basis
    assert (before.verdict, before.rule) == (after.verdict, after.rule)


def test_only_chemical_sites_are_held_to_the_chemicals_law():
    others = (findings_of(judged(site(project_class=f"K{n}"), CHEMICAL["fault"]))[0] for n in (2, 3, 4, 5, 7))
    assert all("GB/T 50011-2010" in finding.basis for finding in others)


def test_inside_a_river_boundary_the_procedure_is_the_river_authority_s_not_a_flood_impact_study():
    (finding,) = findings_of(judged(site(project_class="K7"), TABLE["river management"][0]))
    assert finding.procedure == ("河道管理范围内工程建设方案审批",)


def test_a_rule_that_does_not_apply_yet_leaves_the_ground_unjudged():
    opinion = judged(site(), zone("z", "flood", OVER, "低"), on=date(2023, 12, 31))
    (finding,) = findings_of(opinion)
    assert (finding.verdict, finding.rule) == (Verdict.INSUFFICIENT_DATA, None)
