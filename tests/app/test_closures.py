"""Closed roads at the doors: the very next answer goes round them, and says so; lifting one brings the answer of before."""

import pytest
import shapely

from app.platform.clock import now
from app.platform.principals import Role
from tests.app.test_dispatch import AT_BEND, AT_END, TWO_ROADS, ask, at, load, manned, minutes
from tests.app.test_registers import as_role
from tests.saying import says

__all__ = ["as_role", "load", "manned"]

DETOUR = {"line": [(3500, 0), (4500, 2000), (6000, 0)], "road_class": "village", "name": "丙路"}


def close(client, geometry, **values):
    body = {"kind": "closed", "reason": "涵洞冲毁", "reporter": "村支书", "geometry": geometry, **values}
    return client.post("/api/closures", json=body)


def point(*metres):
    return {"type": "Point", "coordinates": at(metres)[0]}


def area(west, south, east, north):
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [at(*corners)]}


def without_avoid(answer):
    return {name: part for name, part in answer.items() if name != "avoid"}


def lift(client, closure, tag=None):
    return client.post(
        f"/api/closures/{closure.json()['id']}/lift", json={}, headers={"If-Match": tag or closure.headers["etag"]}
    )


@pytest.fixture
def on_duty(as_role, manned, load):
    load(*TWO_ROADS)
    return as_role(Role.DISPATCHER)


def test_a_closed_road_is_gone_from_the_next_answer_on_and_lifting_it_restores_that_of_before(on_duty):
    before = ask(on_duty, AT_END).json()
    made = close(on_duty, point(4700, 10))
    assert (made.status_code, made.json()["state"], made.json()["road"]) == (201, "active", "乙路")
    assert made.json()["road_m"] == pytest.approx(2500, rel=1e-3)
    after = ask(on_duty, AT_END).json()
    town = next(one for one in after["forces"] if one["name"] == "镇队")
    key = f"closure/{made.json()['id']}"
    assert (town["reachable"], town["unreachable"], town["blocked_by"]) == (False, "closed", [key])
    assert not any(value for name, value in town.items() if name.endswith(("_s", "_m")))
    assert [one["id"] for one in after["avoid"]["by"]] == [key]
    without = {one["name"]: one["arrival_s"] for one in after["avoid"]["without"]}
    assert without["镇队"] == pytest.approx(13 * 60, abs=1)
    assert [(one["name"], one["blocked_by"]) for one in after["cut_off_villages"]] == [("远村", [])]
    assert lift(on_duty, made).json()["state"] == "lifted"
    assert ask(on_duty, AT_END).json() == before


def test_a_detour_costs_minutes_and_a_slowed_road_its_share(as_role, manned, load):
    load(*TWO_ROADS, DETOUR)
    desk = as_role(Role.DISPATCHER)
    before = minutes(ask(desk, AT_END).json())
    made = close(desk, point(4700, 10), around_m=50)
    assert made.json()["road_m"] == pytest.approx(50, rel=1e-3)
    after = ask(desk, AT_END).json()
    town = next(one for one in after["forces"] if one["name"] == "镇队")
    assert town["reachable"]
    assert town["added_s"] == pytest.approx(town["arrival_s"] - before["镇队"] * 60)
    assert town["added_s"] > 60
    lift(desk, made)
    slowed = close(desk, point(4700, 10), kind="slowed", share_left=0.5)
    half = ask(desk, AT_END).json()
    assert minutes(half)["镇队"] == pytest.approx(7 + min(12, town["arrival_s"] / 60 - 7), abs=0.05)
    assert slowed.json()["share_left"] == 0.5


def test_a_village_behind_a_closed_road_is_cut_off_and_the_closure_is_named(on_duty):
    close(on_duty, area(1000, -50, 1200, 50))
    close(on_duty, point(4700, 0))
    answer = ask(on_duty, (0, 0)).json()
    near = next(one for one in answer["cut_off_villages"] if one["name"] == "近村")
    assert near["population"] == 10
    assert len(near["blocked_by"]) == 1


def test_what_lies_on_no_road_changes_nothing_and_says_so(on_duty):
    before = ask(on_duty, AT_END).json()
    made = close(on_duty, area(0, 2000, 500, 2500))
    assert (made.json()["stretches"], made.json()["road_m"], made.json()["road"]) == (0, 0, None)
    after = ask(on_duty, AT_END).json()
    assert [one["road_m"] for one in after["avoid"]["by"]] == [0]
    assert after["avoid"]["without"] == []
    assert without_avoid(after) == without_avoid(before)
    away = close(on_duty, point(0, 5000))
    assert (away.status_code, away.json()["code"]) == (422, "geometry")


def test_a_line_closes_the_way_between_its_ends(on_duty):
    line = {"type": "LineString", "coordinates": at((500, 5), (1500, -5))}
    made = close(on_duty, line)
    assert made.json()["road_m"] == pytest.approx(1000, rel=1e-3)
    assert ask(on_duty, (1000, 0)).json()["incident"]["road_closed"]
    assert not ask(on_duty, AT_BEND).json()["incident"]["road_closed"]


def test_zones_of_the_worst_grades_are_avoided_where_that_is_asked_and_bridges_above_floods_are_not(
    as_role, manned, load, publish
):
    load(*TWO_ROADS, {"line": [AT_END, (7000, 0)], "bridge": True, "road_class": "village", "name": "丁桥"})
    for grade, ground in (("高", (3600, -50, 3800, 50)), ("低", (1000, -50, 1200, 50)), ("高", (6200, -50, 6800, 50))):
        publish("flood", shapely.geometry.shape(area(*ground)), grade=(grade, {"高": 2, "低": 4}[grade], "flood4"))
    desk = as_role(Role.VIEWER)
    open_roads = ask(desk, (7000, 0)).json()
    assert open_roads["avoid"] == {"by": [], "without": []}
    avoiding = ask(desk, (7000, 0), avoid_zones="flood").json()
    assert minutes(avoiding)["村队"] == minutes(open_roads)["村队"], "over the bridge"
    town = next(one for one in avoiding["forces"] if one["name"] == "镇队")
    (zone,) = [one for one in avoiding["avoid"]["by"] if one["road_m"]]
    assert (town["unreachable"], town["blocked_by"]) == ("closed", [zone["id"]])
    assert (zone["what"], zone["hazard"], zone["grade"]) == ("zone", "flood", "高")
    assert ask(desk, (7000, 0), avoid_zones="true").json()["avoid"]["by"] == avoiding["avoid"]["by"]
    assert ask(desk, (7000, 0), avoid_zones="volcano").status_code == 404


def test_past_its_review_a_closure_stays_and_is_asked_about(on_duty):
    opened, review = "2026-01-01T00:00:00+08:00", "2026-01-01T06:00:00+08:00"
    made = close(on_duty, point(4700, 0), opened_at=opened, review_at=review)
    assert made.json()["overdue"]
    assert ask(on_duty, AT_END).json()["avoid"]["by"][0]["overdue"]
    later = now().replace(year=now().year + 1).isoformat()
    seen = on_duty.patch(
        f"/api/closures/{made.json()['id']}", json={"review_at": later}, headers={"If-Match": made.headers["etag"]}
    )
    assert (seen.status_code, seen.json()["overdue"]) == (200, False)
    stale = lift(on_duty, made)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert lift(on_duty, made, seen.headers["etag"]).status_code == 200
    again = lift(on_duty, made, "*")
    assert (again.status_code, again.json()["code"]) == (409, "ended")
    assert on_duty.get("/api/closures", params={"state": "active"}).json()["total"] == 0
    assert on_duty.get("/api/closures").json()["total"] == 1


def test_a_closure_says_what_remains_of_the_speed_or_that_nothing_does(on_duty):
    assert close(on_duty, point(100, 0), share_left=0.5).status_code == 422
    assert close(on_duty, point(100, 0), kind="slowed").status_code == 422
    future = close(on_duty, point(100, 0), opened_at="2100-01-01T00:00:00+08:00")
    assert (future.status_code, future.json()["code"]) == (422, "days")
    made = close(on_duty, point(100, 0))
    half = on_duty.patch(
        f"/api/closures/{made.json()['id']}", json={"share_left": 0.5}, headers={"If-Match": made.headers["etag"]}
    )
    assert half.status_code == 422
    assert says(half.json()["detail"], "{field}：{trouble}")


def test_closures_are_the_dispatchers_to_put_and_everybodys_to_see(as_role, manned, load):
    load(*TWO_ROADS)
    viewer = as_role(Role.VIEWER)
    assert close(viewer, point(100, 0)).status_code == 403
    assert viewer.get("/api/closures").status_code == 200
