"""Incidents at the doors: opened, forces set in motion step by step, one force for one desk, all of it in a log that only grows."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.platform.clock import now
from app.platform.principals import Role
from tests.app.test_dispatch import AT_BEND, AT_END, TWO_ROADS, ask, at, load, manned
from tests.app.test_registers import as_role
from tests.saying import says

__all__ = ["as_role", "load", "manned"]
STEPS = ("answered", "under_way", "on_scene", "recalled")


def opening(client, place=AT_END, **values):
    point = {"type": "Point", "coordinates": at(place)[0]}
    body = {
        "kind": "fire",
        "said": "柴草堆着火",
        "reported_by": "王某",
        "reporter_phone": "139-0000-0001",
        "geometry": point,
    }
    return client.post("/api/incidents", json={**body, **values})


def force_of(client, name):
    return next(int(one["id"]) for one in client.get("/api/forces").json()["items"] if one["name"] == name)


def assign(client, incident, force, **values):
    return client.post(f"/api/incidents/{incident}/assignments", json={"force": force, **values})


def step(client, incident, held, state, **values):
    address = f"/api/incidents/{incident}/assignments/{held['id']}"
    return client.patch(address, json={"state": state, **values}, headers={"If-Match": f'"{held["version"]}"'})


def undo(client, incident, held):
    address = f"/api/incidents/{incident}/assignments/{held['id']}/undo"
    return client.post(address, headers={"If-Match": f'"{held["version"]}"'})


def log_of(client, incident):
    return client.get(f"/api/incidents/{incident}/log").json()["items"]


@pytest.fixture
def desk(as_role, manned, load):
    load(*TWO_ROADS)
    return as_role(Role.DISPATCHER)


def test_an_incident_is_opened_corrected_and_closed_and_each_is_in_the_log(desk):
    made = opening(desk, wind_from=270, danger_m=200, village="远村", landmark="水塔东")
    number, told = made.json()["id"], made.json()
    assert (made.status_code, made.headers["location"]) == (201, f"/api/incidents/{number}")
    assert (told["state"], told["wind_from"], told["danger_m"], told["assignments"]) == ("open", 270, 200, [])
    changed = desk.patch(
        f"/api/incidents/{number}", json={"kind": "hazmat_leak"}, headers={"If-Match": made.headers["etag"]}
    )
    assert changed.json()["kind"] == "hazmat_leak"
    address = f"/api/incidents/{number}/close"
    stale = desk.post(address, json={"outcome": "已扑灭"}, headers={"If-Match": made.headers["etag"]})
    assert (stale.status_code, desk.post(address, json={"outcome": "已扑灭"}).status_code) == (412, 428)
    closed = desk.post(address, json={"outcome": "已扑灭"}, headers={"If-Match": changed.headers["etag"]})
    assert (closed.json()["state"], closed.json()["outcome"]) == ("closed", "已扑灭")
    again = desk.post(address, json={"outcome": "已扑灭"}, headers={"If-Match": "*"})
    assert (again.status_code, again.json()["code"]) == (409, "ended")
    noted = desk.post(f"/api/incidents/{number}/log", json={"said": "现场已移交"})
    assert [one["act"] for one in noted.json()["items"]] == ["opened", "changed", "closed", "note"]
    listed = {
        state: desk.get("/api/incidents", params={"state": state}).json()["total"] for state in ("open", "closed")
    }
    assert listed == {"open": 0, "closed": 1}
    assert desk.get("/api/incidents/99").status_code == desk.get("/api/incidents/99/log").status_code == 404


def test_a_force_goes_step_by_step_is_out_for_everybody_else_and_ready_when_it_is_recalled(desk):
    before = ask(desk, AT_END).json()
    number, force = opening(desk).json()["id"], force_of(desk, "村队")
    shown = {
        "graph": before["graph"]["version"],
        "forces": [{name: one[name] for name in ("id", "name", "arrival_s")} for one in before["forces"]],
    }
    made = assign(desk, number, force, shown=shown, why="首选")
    (held,) = made.json()["assignments"]
    assert (made.status_code, held["state"], held["authority"], held["next"]) == (201, "notified", "direct", [*STEPS])
    out = {one["name"]: one["reason"] for one in ask(desk, AT_END).json()["passed_over"]}
    assert out["村队"] == "out"
    for i, state in enumerate(STEPS):
        (held,) = step(desk, number, held, state).json()["assignments"]
        assert (held["state"], held["next"]) == (state, [*STEPS[i + 1 :]])
    assert ask(desk, AT_END).json() == before
    entries = log_of(desk, number)
    assert [one["state"] for one in entries if one["assignment"]] == ["notified", *STEPS]
    chosen = next(one for one in entries if one["act"] == "chosen")
    assert chosen["content"]["shown"]["forces"] == shown["forces"]
    assert chosen["content"]["graph_now"] == before["graph"]["version"]
    assert (chosen["content"]["first"], chosen["said"], chosen["content"]["closures"]) == (True, "首选", [])
    assert assign(desk, number, force).status_code == 201, "whoever was recalled may be sent again"


def test_two_desks_cannot_assign_one_force_and_the_second_is_told_who_has_it(desk, as_role):
    first, second, force = opening(desk).json()["id"], opening(desk).json()["id"], force_of(desk, "镇队")
    with ThreadPoolExecutor(2) as desks:
        answers = list(desks.map(lambda number: assign(desk, number, force), (first, second)))
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code, lost.json()["code"]) == (201, 409, "taken")
    assert lost.json()["taken"]["incident"] == won.json()["id"]
    assert says(lost.json()["detail"], "{name}已由 {by} 于 {since} 派往事件 {incident}")
    for name in ("出动队", "休班队", "过期队"):
        refused = assign(desk, second, force_of(desk, name))
        assert (refused.status_code, refused.json()["code"]) == (409, "unready")
    assert assign(desk, second, 10_000).json()["code"] == "no-such-thing"


def test_the_database_itself_keeps_one_force_to_one_incident_and_the_log_as_it_was_written(desk, deployment):
    number, force = opening(desk).json()["id"], force_of(desk, "镇队")
    assign(desk, number, force)
    again = f"INSERT INTO assignments (incident_id, force_id, authority, state, notified_at, assigned_by) VALUES ({number}, {force}, 'direct', 'notified', now(), 'x')"
    for statement in (
        again, "UPDATE dispatch_log SET said = 'x'", "DELETE FROM dispatch_log", "TRUNCATE dispatch_log"
    ):  # fmt: skip
        with pytest.raises(DatabaseError), deployment.sessions.begin() as session:
            session.execute(text(statement))
    assert [one["act"] for one in log_of(desk, number)] == ["opened", "chosen"]


def test_a_slip_is_taken_back_and_both_stay_in_the_log(desk):
    number, force = opening(desk).json()["id"], force_of(desk, "镇队")
    (held,) = assign(desk, number, force).json()["assignments"]
    (held,) = step(desk, number, held, "on_scene").json()["assignments"]
    (held,) = undo(desk, number, held).json()["assignments"]
    assert (held["state"], held["on_scene_at"]) == ("notified", None)
    assert undo(desk, number, held).json()["code"] == "ended", "an undo is not undone"
    (held,) = step(desk, number, held, "recalled").json()["assignments"]
    (held,) = undo(desk, number, held).json()["assignments"]
    assert held["state"] == "notified"
    assert force in {int(one["id"]) for one in ask(desk, AT_BEND).json()["passed_over"]}
    (other,) = assign(desk, opening(desk).json()["id"], force_of(desk, "村队")).json()["assignments"]
    (gone,) = undo(desk, number + 1, other).json()["assignments"]
    assert (gone["state"], gone["next"]) == ("undone", [])
    assert [one["act"] for one in log_of(desk, number)] == ["opened", "chosen", "step", "undone", "step", "undone"]
    assert "村队" in {one["name"] for one in ask(desk, AT_BEND).json()["forces"]}


def test_what_is_recorded_later_has_both_its_times_and_none_lies_before_what_it_follows(desk):
    occurred = now() - datetime.timedelta(hours=2)
    number = opening(desk, occurred_at=occurred.isoformat()).json()["id"]
    called = (occurred + datetime.timedelta(minutes=5)).isoformat()
    (held,) = assign(desk, number, force_of(desk, "镇队"), occurred_at=called).json()["assignments"]
    early = step(desk, number, held, "answered", occurred_at=occurred.isoformat())
    assert (early.status_code, early.json()["code"]) == (422, "days")
    late = (occurred + datetime.timedelta(minutes=9)).isoformat()
    (held,) = step(desk, number, held, "under_way", occurred_at=late).json()["assignments"]
    entry = log_of(desk, number)[-1]
    moments = [datetime.datetime.fromisoformat(entry[name]) for name in ("occurred_at", "recorded_at")]
    assert moments[1] - moments[0] > datetime.timedelta(hours=1)
    back = step(desk, number, held, "answered")
    assert (back.status_code, back.json()["code"], back.json()["allowed"]) == (409, "step", ["on_scene", "recalled"])
    future = opening(desk, occurred_at="2100-01-01T00:00:00+08:00")
    assert (future.status_code, future.json()["code"]) == (422, "days")


def test_a_closed_incident_recalls_whoever_is_out(desk):
    made = opening(desk)
    number = made.json()["id"]
    assign(desk, number, force_of(desk, "镇队"))
    (held,) = assign(desk, number, force_of(desk, "村队")).json()["assignments"][1:]
    step(desk, number, held, "on_scene")
    seen = desk.get(f"/api/incidents/{number}")
    assert seen.json()["forces_out"] == 2
    closed = desk.post(
        f"/api/incidents/{number}/close", json={"outcome": "已扑灭"}, headers={"If-Match": seen.headers["etag"]}
    )
    assert {one["state"] for one in closed.json()["assignments"]} == {"recalled"}
    assert {"镇队", "村队"} <= {one["name"] for one in ask(desk, AT_END).json()["forces"]}
    assert assign(desk, number, force_of(desk, "镇队")).json()["code"] == "ended"


def test_names_and_telephones_are_for_those_who_may_call(desk, as_role):
    number = opening(desk).json()["id"]
    assign(desk, number, force_of(desk, "镇队"))
    viewer = as_role(Role.VIEWER)
    told = viewer.get(f"/api/incidents/{number}").json()
    assert (told["reported_by"], told["reporter_phone"]) == ("王**", "139****0001")
    assert viewer.get("/api/incidents").json()["items"][0]["reporter_phone"] == "139****0001"
    assert desk.get("/api/incidents").json()["items"][0]["reporter_phone"] == "139-0000-0001"
    assert opening(viewer).status_code == viewer.get(f"/api/incidents/{number}/log").status_code == 403
