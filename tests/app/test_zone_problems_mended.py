"""Problems of a draft and of a whole layer: found, mended by one click, passed with a reason."""
# ruff: noqa: F811 - fixtures of other files

import pytest
import shapely
import shapely.affinity
from shapely.geometry import shape

from app.platform.principals import Role
from app.zones import layer_problems
from tests.app.seeds import publish_zones
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import HIGH, Officer, done, flooded, metres, officer, two_of  # noqa: F401
from tests.recomputed.zones import area_of

OVER = shapely.box(99.7815, 39.3015, 99.7830, 39.3030)
FLOOD = {"hazard": "flood", "product": "hazard"}
NOTCH = [(99.79, 39.304), (99.79002, 39.305), (99.79, 39.306)]


def plane_area(geometry):
    """The area of a GeoJSON shape by its rings in the plane."""
    return 0.0 if geometry is None else area_of(shapely.transform(shape(geometry), metres))


def leave_a_gap(officer):
    """A triangle left out of the eastern zone at its border with the western one."""
    west, east = two_of(officer)
    ring = [tuple(point) for point in officer.zones()[east]["geometry"]["coordinates"][0][0]]
    box = shapely.box(*shapely.Polygon(ring).bounds)
    shape_ = box - shapely.Polygon(NOTCH)
    return west, east, done(officer.edit("update", zone=east, geometry=shape_.__geo_interface__))


def fixes_of(officer, problem):
    return done(officer.visitor.get(f"{officer.address}/problems/{problem['id']}/fixes"))


def ground_of(officer):
    """The ground of all zones together and the sum of their areas, in m²."""
    zones = [shapely.transform(shape(one["geometry"]), metres) for one in officer.zones().values()]
    return shapely.union_all(zones).area, sum(map(area_of, zones))


def test_a_zone_that_goes_away_leaves_a_gap_between_the_others(as_, officer):
    """Strips in three columns: the middle one goes, by deletion and by being moved far away."""
    west, _, _ = leave_a_gap(officer)
    done(officer.edit("undo"))
    notch = {"type": "Polygon", "coordinates": [[*map(list, NOTCH), list(NOTCH[0])]]}
    _, east = two_of(officer)
    whole = shape(officer.zones()[east]["geometry"])
    done(officer.edit("update", zone=east, geometry=(whole - shapely.Polygon(NOTCH)).__geo_interface__))
    told = done(officer.edit("create", geometry=notch, attributes={**FLOOD, "grade": "高"}))
    between = next(one["id"] for one in told["zones"] if one["change"] == "create")
    done(officer.take("submit", reason="试验"))
    done(officer.take("approve", as_(Role.APPROVER)))
    done(officer.take("publish"))
    far = shapely.affinity.translate(shapely.Polygon(NOTCH), 0.05, 0.02).__geo_interface__
    for body in ({"op": "delete", "zone": between}, {"op": "update", "zone": between, "geometry": far}):
        other = Officer(officer.visitor, "移走")
        (gap,) = [one for one in done(other.edit(**body))["problems"] if one["kind"] == "gap"]
        assert (set(gap["zones"]), gap["inherited"]) == ({west, east}, False)
        assert gap["id"] in {one["id"] for one in done(other.visitor.get(f"{other.address}/problems"))["items"]}


def test_a_gap_goes_to_the_zone_that_is_chosen_and_comes_back_when_undone(officer):
    west, east, told = leave_a_gap(officer)
    (gap,) = [one for one in told["problems"] if one["kind"] == "gap"]
    assert set(gap["zones"]) == {west, east}
    before = officer.zones()
    listed = fixes_of(officer, gap)
    assert listed["problem"]["id"] == gap["id"]
    assert [one["to"] for one in listed["items"]] == gap["zones"]
    for item in listed["items"]:
        changed = {one["zone"]: one for one in item["zones"]}
        goal = changed[item["to"]]
        assert goal["area_after_m2"] - goal["area_before_m2"] == pytest.approx(gap["size"], abs=0.02)
        assert plane_area(goal["geometry"]) == pytest.approx(goal["area_after_m2"], abs=0.02)
        made = done(officer.edit("fix", problem=gap["id"], fix=item["fix"]))
        after = {one["id"]: one for one in made["zones"]}
        assert after[item["to"]]["geometry"] == goal["geometry"], "what was looked at is what is made"
        assert made["problems"] == []
        assert made["undo"].startswith("改正问题")
        done(officer.edit("undo"))
        assert officer.zones() == before


@pytest.mark.parametrize("way", ["first", "second", "halved"])
def test_an_overlap_is_mended_without_losing_ground(officer, way):
    attributes = {**FLOOD, "grade": "高"}
    told = done(officer.edit("create", geometry=OVER.__geo_interface__, attributes=attributes))
    (overlap,) = [one for one in told["problems"] if one["kind"] == "overlap"]
    ground, together = ground_of(officer)
    assert together - ground == pytest.approx(overlap["size"], abs=0.05)
    (item,) = [one for one in fixes_of(officer, overlap)["items"] if one["fix"] == way]
    if item["refused"]:
        assert officer.edit("fix", problem=overlap["id"], fix=way).status_code == 422
        return
    done(officer.edit("fix", problem=overlap["id"], fix=way))
    after, sum_after = ground_of(officer)
    assert after == pytest.approx(ground, abs=0.05)
    assert sum_after == pytest.approx(ground, abs=0.05)
    left = done(officer.visitor.get(f"{officer.address}/problems"))["items"]
    assert not [one for one in left if one["kind"] == "overlap"]


def test_what_is_no_problem_is_mended_by_nobody(as_, officer):
    west, east, told = leave_a_gap(officer)
    (gap,) = told["problems"]
    tag = officer.tag
    for problem, way in (
        (f"gap-{west}", "nearest"),
        (f"{gap['id']}.2", "nearest"),
        (gap["id"], "halved"),
        (f"overlap-{west}-{east}", "first"),
        ("gap-999999999", "nearest"),
    ):
        answer = officer.edit("fix", problem=problem, fix=way)
        assert answer.status_code == 422, problem
        assert officer.tag == tag
    assert officer.visitor.get(f"{officer.address}/problems/gap-{west}/fixes").status_code == 404
    assert officer.edit("fix", problem="'; drop", fix="first").json()["code"] == "schema"
    assert as_(Role.VIEWER).get(f"{officer.address}/problems/{gap['id']}/fixes").status_code == 403


def test_a_warning_of_the_draft_itself_is_not_passed_without_a_reason(as_, officer):
    leave_a_gap(officer)
    (gap,) = done(officer.visitor.get(f"{officer.address}/problems"))["items"]
    refused = officer.take("submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "unready")
    assert [one["field"] for one in refused.json()["errors"]] == [gap["id"]]
    other = officer.take("submit", reasons=[{"problem": "gap-1-2", "reason": "河道"}])
    assert (other.status_code, other.json()["code"]) == (422, "no-such-thing")
    assert officer.take("submit", reason=" ").status_code == 422
    assert officer.visitor.get(officer.address).json()["state"] == "open"
    told = done(officer.take("submit", reasons=[{"problem": gap["id"], "reason": "此处是河道"}]))
    (kept,) = told["history"][-1]["content"]["passed"]
    assert (kept["problem"], kept["reason"], kept["zones"]) == (gap["id"], "此处是河道", gap["zones"])
    done(officer.take("return", as_(Role.APPROVER), comment="请补"))
    told = done(officer.take("submit", reason="均为河道"))
    assert [one["reason"] for one in told["history"][-1]["content"]["passed"]] == ["均为河道"]


def test_problems_that_stood_before_need_no_reason(as_, officer, deployment):
    publish_zones(deployment, "flood", shapely.box(99.785, 39.302, 99.787, 39.304), grade=HIGH)
    zone, *_ = two_of(officer)
    done(officer.edit("update", zone=zone, attributes={"name": "甲"}))
    told = done(officer.take("submit"))
    (kept,) = told["history"][-1]["content"]["passed"]
    assert (kept["inherited"], kept["reason"]) == (True, None)


def test_problems_of_a_layer_that_no_draft_touches_are_listed_and_mended(officer, deployment, monkeypatch):
    publish_zones(deployment, "flood", OVER, shapely.box(99.7960, 39.3015, 99.7963, 39.3017), grade=HIGH)
    viewer = officer.visitor

    def problems(**asked):
        return viewer.get("/api/zones/problems", params={**FLOOD, **asked})

    assert done(viewer.get(f"{officer.address}/problems"))["items"] == []
    found = done(problems())
    overlaps = [one for one in found["items"] if one["kind"] == "overlap"]
    assert len(overlaps) == 2
    assert [one["size"] for one in found["items"]] == sorted((one["size"] for one in found["items"]), reverse=True)
    assert done(problems(limit=1))["items"] == found["items"][:1]
    near = done(problems(bbox="99.78,39.3,99.785,39.31"))["items"]
    assert [one["id"] for one in near if one["kind"] == "overlap"] == [overlaps[0]["id"]]
    assert done(problems(draft=officer.id)) == {**found, "links": done(problems(draft=officer.id))["links"]}
    done(officer.edit("fix", problem=overlaps[0]["id"], fix="first"))
    left = done(problems(draft=officer.id))["items"]
    assert overlaps[0]["id"] not in {one["id"] for one in left}
    assert overlaps[0]["id"] in {one["id"] for one in done(problems())["items"]}, "in force nothing changed"
    assert problems(hazard="fog").json()["code"] == "rulebook-word"
    assert problems(draft=10**9).status_code == 404
    monkeypatch.setattr(layer_problems, "MOST", 2)
    assert problems().json()["code"] == "intricate"
