"""What a draft does to who is reached in time: told before, and so it comes; where it is not reckoned the answer says why."""
# ruff: noqa: F811 - fixtures of other files

import pytest
import shapely

from app.platform.principals import Role
from app.zones import impact_coverage
from gis_layers.crs import to_storage
from risk_model.shapes import as_array
from tests.app.seeds import METRIC, publish_zones
from tests.app.test_closures import DETOUR
from tests.app.test_dispatch import AT_BEND, AT_END, ORIGIN, TWO_ROADS, load, manned  # noqa: F401
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import Officer, done
from tests.saying import says

LOW = ("中", 3, "flood4")
MINUTES = "5,10,15"


def metres(shape):
    """A shape in metres from the origin of these tests, in the measuring CRS."""
    return shapely.transform(shape, lambda xy: xy + ORIGIN)


def on_ground(shape):
    return to_storage(as_array([metres(shape)]), METRIC)[0]


DRY = shapely.union_all(
    [shapely.box(1000, -300, 1500, 300), shapely.box(4500, -300, 5000, 300), shapely.box(1000, 200, 5000, 300)]
)
"""Ground that lies across both roads and before neither of their ends."""
BASE = shapely.box(-200, -200, 200, 200)


@pytest.fixture
def drawn(deployment, manned, load):
    load(*TWO_ROADS)
    publish_zones(deployment, "flood", on_ground(DRY), on_ground(BASE), grade=LOW)


def zones_of(visitor):
    """The numbers of the zone across the road and of the one at the base."""
    items = visitor.get("/api/zones?hazard=flood").json()["items"]
    shapes = {one["id"]: shapely.geometry.shape(one["geometry"]) for one in items}
    return tuple(next(key for key, one in shapes.items() if one.equals(on_ground(shape))) for shape in (DRY, BASE))


def covered(visitor):
    """People covered by the ordinary answer, with every zone of the worst grades avoided."""
    told = done(visitor.get("/api/coverage", params={"minutes": MINUTES, "avoid_zones": "true"}))
    return {one["minutes"]: one["people"]["covered"] for one in told["summary"]}


@pytest.mark.parametrize("detour", [False, True])
def test_the_coverage_told_before_is_what_comes(as_, drawn, load, detour):
    if detour:
        load(*TWO_ROADS, DETOUR)
    officer, approver, dispatcher = Officer(as_(Role.OFFICER)), as_(Role.APPROVER), as_(Role.DISPATCHER)
    across, _ = zones_of(officer.visitor)
    stood = covered(dispatcher)
    done(officer.edit("update", zone=across, attributes={"grade": "极高"}))
    told = done(officer.visitor.get(f"{officer.address}/impact"))["coverage"]
    assert covered(dispatcher) == stood, "looking changes nothing"
    assert (told["why_not"], told["people"]) == (None, 10)
    assert {one["minutes"]: one["before"] for one in told["bands"]} == stood
    lost = {one["name"]: shapely.LineString(one["line"]).intersection(DRY).length for one in TWO_ROADS}
    named = {one["name"]: (one["before_m"], one["after_m"]) for one in told["roads"] if one["name"] in lost}
    assert named == {name: (0.0, pytest.approx(metres, rel=1e-3)) for name, metres in lost.items()}
    for step in ("submit", "approve", "publish"):
        done(officer.take(step, *([approver] if step == "approve" else [])))
    after = covered(dispatcher)
    assert {one["minutes"]: one["after"] for one in told["bands"]} == after
    if not detour:
        assert sum(after.values()) < sum(stood.values()), "nobody comes any more"


def test_forces_on_ground_that_becomes_dangerous_are_named_and_listed_in_the_file(as_, drawn):
    officer = Officer(as_(Role.OFFICER))
    _, base = zones_of(officer.visitor)
    done(officer.edit("update", zone=base, attributes={"grade": "极高"}))
    told = done(officer.visitor.get(f"{officer.address}/impact"))["coverage"]
    assert {(one["name"], one["turns"]) for one in told["forces"]} == {("镇队", "entering"), ("出动队", "entering")}
    rows = officer.visitor.get(f"{officer.address}/impact.csv").content.decode("utf-8-sig")
    assert "镇队" in rows
    assert "甲路" in rows


@pytest.mark.parametrize("limit", ["MOST_STRETCHES", "MOST_ZONES"])
def test_where_it_is_not_reckoned_the_answer_says_why(as_, drawn, monkeypatch, limit):
    monkeypatch.setattr(impact_coverage, limit, 0)
    officer = Officer(as_(Role.OFFICER))
    across, _ = zones_of(officer.visitor)
    done(officer.edit("delete", zone=across))
    told = done(officer.visitor.get(f"{officer.address}/impact"))["coverage"]
    assert says(told["why_not"], {"MOST_STRETCHES": "道路有 {count} 段，超过 {most} 段，预览中不计算",
                                  "MOST_ZONES": "启用的区划有 {count} 个，超过 {most} 个，预览中不计算"}[limit])  # fmt: skip
    assert (told["people"], told["bands"], told["roads"]) == (None, [], [])


def test_a_town_without_roads_says_so(as_, deployment, manned):
    publish_zones(deployment, "flood", on_ground(DRY), on_ground(BASE), grade=LOW)
    officer = Officer(as_(Role.OFFICER))
    across, _ = zones_of(officer.visitor)
    done(officer.edit("delete", zone=across))
    assert says(done(officer.visitor.get(f"{officer.address}/impact"))["coverage"]["why_not"], "还没有载入道路")
