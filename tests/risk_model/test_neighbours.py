"""Roads, facilities and houses beside a site: what the rules say of them, from which edge, and how firm it is."""

import numpy as np
import pytest
import shapely

from risk_model.errors import ChangeRefused
from risk_model.rulebook import Overlay, RuleChange, amend, load_rulebook
from risk_model.siting import ProjectProfile, review_site, review_sites, withheld_ground
from risk_model.vocabulary import BasisKind, ObjectSet, ProjectClass, SeismicClass, Site, ThemeStatus, Verdict
from tests.risk_model.ground import BOOK, FIELD, ON, column, site, surveyed, theme_of, zones
from tests.risk_model.overlays import FILES, OURS

REGISTERS = frozenset({"roads", "facilities", "buildings"})


def objects(*rows, filled=REGISTERS):
    """Objects of (register, sort, geometry[, name, bridge])."""
    padded = [(*row, *("", False)[len(row) - 3 :]) for row in rows]
    return ObjectSet(
        register=column(row[0] for row in padded),
        sort=column(row[1] for row in padded),
        number=np.arange(1, len(padded) + 1),
        name=column(row[3] for row in padded),
        bridge=np.array([row[4] for row in padded], dtype=bool),
        geometry=column(row[2] for row in padded),
        filled=filled,
    )


def road(away, sort="national", name="G312", bridge=False, length=2000):
    """A road whose centre line runs ``away`` metres east of the field."""
    x = 100 + away
    return ("roads", sort, shapely.LineString([(x, 50 - length / 2), (x, 50 + length / 2)]), name, bridge)


def told(project_class, *rows, building=None, filled=REGISTERS):
    one = Site(FIELD, ProjectClass(project_class), building_type=building)
    return review_site(one, zones(), surveyed(), BOOK, ON, objects=objects(*rows, filled=filled))


def rules(opinion):
    return {one.rule for one in theme_of(opinion, "neighbours").findings}


@pytest.mark.parametrize(
    ("project_class", "row", "building", "rule", "verdict"),
    [
        ("K1", road(61), None, "OBJ-ROAD-CHEM", "prohibited"),
        ("K1", road(109), None, "OBJ-ROAD-CHEM", "prohibited"),
        ("K1", road(110.01), None, None, "permitted"),
        ("K1", road(61, "village"), None, None, "permitted"),
        ("K1", road(61), "fuel_station", None, "permitted"),
        ("K1", road(209, bridge=True, length=40), None, "OBJ-BRIDGE-CHEM", "prohibited"),
        ("K1", road(209, bridge=True, length=20), None, None, "permitted"),
        ("K2", road(79), None, "OBJ-PLACE-TRUNK", "prohibited"),
        ("K2", road(79), "school", "OBJ-PLACE-TRUNK", "prohibited"),
        ("K2", road(79), "hospital", "OBJ-CARE-TRUNK", "restricted"),
        ("K2", road(80.01), None, None, "permitted"),
        ("K2", road(36, "county"), None, "OBJ-PLACE-LOCAL", "prohibited"),
        ("K2", road(37.01, "county"), None, None, "permitted"),
        ("K4", road(79), None, "OBJ-PLACE-TRUNK", "restricted"),
        ("K1", ("facilities", "school", shapely.box(149, 0, 200, 50), "南华中学"), None, "OBJ-CHEM-PUBLIC", "prohibited"),
        ("K1", ("facilities", "school", shapely.Point(179, 50), "南华中学"), None, "OBJ-CHEM-PUBLIC", "prohibited"),
        ("K1", ("facilities", "market", shapely.box(120, 0, 200, 50), "集市"), None, None, "permitted"),
        ("K1", ("facilities", "school", shapely.box(134, 0, 200, 50)), "fuel_station", "OBJ-FUEL-PUBLIC", "prohibited"),
        ("K1", ("facilities", "school", shapely.box(136, 0, 200, 50)), "fuel_station", None, "permitted"),
        ("K1", ("buildings", "", shapely.box(124, 0, 134, 50)), None, "OBJ-CHEM-HOME", "prohibited"),
        ("K1", ("buildings", "厂房", shapely.box(124, 0, 134, 50)), None, None, "permitted"),
        ("K1", ("buildings", "", shapely.box(117, 0, 134, 50)), "fuel_station", "OBJ-FUEL-HOME", "prohibited"),
    ],
)  # fmt: skip
def test_an_object_speaks_up_to_its_distance_and_no_further(project_class, row, building, rule, verdict):
    opinion = told(project_class, row, building=building)
    assert rules(opinion) == ({rule} if rule else set())
    worst = max((one.verdict for one in theme_of(opinion, "neighbours").findings), key=lambda v: v.severity, default=None)  # fmt: skip
    assert (worst or Verdict.PERMITTED) == verdict
    base = told(project_class, building=building).verdict
    assert opinion.verdict is Verdict.worst([base, Verdict(verdict)])


def test_a_finding_on_an_object_names_it_and_no_zone():
    (finding,) = theme_of(told("K1", road(61)), "neighbours").findings
    assert (finding.zone, finding.zone_version, finding.rule) == (None, None, "OBJ-ROAD-CHEM")
    assert (finding.object.kind, finding.object.id, finding.object.name) == ("roads", 1, "G312")
    assert finding.basis_kind is BasisKind.LAW
    assert "article 18" in finding.basis_en
    assert finding.distance_m == pytest.approx(51, abs=0.01)
    assert "G312" in finding.message
    assert "51.0" in finding.message_en or "50.9" in finding.message_en


@pytest.mark.parametrize("project_class", ["K3", "K5", "K6", "K7"])
def test_classes_no_rule_speaks_of_have_no_such_theme(project_class):
    opinion = told(project_class, road(1), ("buildings", "", shapely.box(10, 10, 20, 20)))
    assert all(theme.theme != "neighbours" for theme in opinion.themes)
    assert not BOOK.registers_asked(site(project_class=project_class), ON)


def test_an_empty_register_is_told_as_not_checked_and_never_as_clear():
    opinion = told("K1", road(500), filled=frozenset({"roads"}))
    theme = theme_of(opinion, "neighbours")
    assert theme.status is ThemeStatus.NO_DATA
    assert "not checked" in theme.reason_en
    assert "neighbours" in opinion.data_gaps
    assert not theme.mandatory
    assert theme_of(told("K1", road(500)), "neighbours").status is ThemeStatus.NOT_CONCERNED


@pytest.mark.parametrize(("away", "borderline"), [(105, True), (115, True), (61, False), (125, False)])
def test_the_border_of_a_road_s_reach_moves_like_that_of_any_distance_rule(away, borderline):
    one = Site(FIELD, ProjectClass.K1, SeismicClass.B)
    opinion = review_site(one, zones(), surveyed(), BOOK, ON, objects=objects(road(away)))
    assert opinion.borderline is borderline


def test_many_sites_are_judged_as_one_by_one():
    rows = objects(road(61), road(36, "county"), ("facilities", "school", shapely.Point(170, 50), "校"))
    sites = [Site(FIELD, ProjectClass(kind), building_type=building) for kind, building in
             [("K1", None), ("K2", "hospital"), ("K2", None), ("K4", None), ("K5", None), ("K1", "fuel_station")]]  # fmt: skip
    together = review_sites(sites, zones(), surveyed(), BOOK, ON, objects=rows, threads=1)
    alone = [review_site(one, zones(), surveyed(), BOOK, ON, objects=rows) for one in sites]
    assert [one.verdict for one in together] == [one.verdict for one in alone]
    assert [one.themes for one in together] == [one.themes for one in alone]


def test_ground_withheld_from_housing_holds_what_the_judgement_holds():
    rows, wide = objects(road(79)), FIELD.buffer(400)
    asker = ProjectProfile(ProjectClass.K4, BOOK.terms.seismic_class[ProjectClass.K4], ON)
    found = withheld_ground(wide, zones(), surveyed(), BOOK, asker, objects=rows)
    shut = shapely.union_all([one.ground for one in found])
    assert {one.rule for one in found} == {"OBJ-PLACE-TRUNK"}
    for x in range(60, 260, 10):
        point = Site(shapely.Point(x, 50), ProjectClass.K4)
        verdict = review_site(point, zones(), surveyed(), BOOK, ON, objects=rows).verdict
        assert verdict is Verdict.PERMITTED or shut.covers(shapely.Point(x, 50))


def test_a_township_may_ask_for_more_room_but_not_for_less():
    book = amend(FILES, Overlay.of([RuleChange("OBJ-ROAD-CHEM", "metres", 300, OURS)]))
    far = review_site(Site(FIELD, ProjectClass.K1), zones(), surveyed(), book, ON, objects=objects(road(250)))
    assert far.verdict is Verdict.PROHIBITED
    for article, field, value in [
        ("OBJ-ROAD-CHEM", "metres", 50),
        ("OBJ-ROAD-CHEM", "verdicts.K1", "R"),
        ("objects.road_land", "half_width_m.national", 1),
        ("objects.road_control", "width_m.national", 1),
    ]:
        with pytest.raises(ChangeRefused):
            amend(FILES, Overlay.of([RuleChange(article, field, value, OURS)]))


def test_books_from_before_objects_were_read_are_read_on():
    old = load_rulebook({path: text for path, text in FILES.items() if path != "objects.toml"})
    opinion = review_site(Site(FIELD, ProjectClass.K1), zones(), surveyed(), old, ON, objects=objects(road(61)))
    assert all(theme.theme != "neighbours" for theme in opinion.themes)
    assert opinion.verdict is told("K1").verdict
