"""An open desk: it learns of every change, tells whose shift it is, and writes reports, calls and sheets that somebody can check."""

import datetime

import pytest

from app.platform.clock import now
from app.platform.principals import Role
from gis_layers.shifted import shifted
from gis_layers.stores import duty
from tests.app.test_closures import close, point
from tests.app.test_dispatch import AT_BEND, AT_END, TWO_ROADS, at, load, manned
from tests.app.test_incidents import assign, desk, force_of, log_of, opening, step
from tests.app.test_register_papers import text_of_pdf
from tests.app.test_registers import as_role
from tests.recomputed.roads import RecomputedRoads

__all__ = ["as_role", "desk", "load", "manned"]


def desk_of(client, tag=None):
    return client.get("/api/dispatch/desk", headers={"If-None-Match": tag} if tag else {})


def shift_body(**values):
    begins = now() - datetime.timedelta(hours=1)
    times = {"begins_at": begins.isoformat(), "ends_at": (begins + datetime.timedelta(hours=12)).isoformat()}
    return {**times, "leader": "张某", "officer": "李某", "officer_phone": "139-0000-0002", **values}


def test_a_desk_is_told_of_every_change_and_of_nothing_else(desk):
    tag = desk_of(desk).headers["etag"]
    assert desk_of(desk, tag).status_code == 304

    def changed(before):
        answer = desk_of(desk, before)
        assert answer.status_code == 200
        assert desk_of(desk, answer.headers["etag"]).status_code == 304
        return answer.headers["etag"], answer.json()

    number = opening(desk, village="远村").json()["id"]
    tag, told = changed(tag)
    (one,) = told["incidents"]
    assert (one["id"], one["village"], one["forces_out"], one["due"]["kind"]) == (number, "远村", 0, "first")
    (held,) = assign(desk, number, force_of(desk, "村队")).json()["assignments"]
    tag, told = changed(tag)
    assert told["incidents"][0]["forces_out"] == 1
    step(desk, number, held, "answered")
    tag, _ = changed(tag)
    long_ago = {"opened_at": "2026-01-01T00:00:00+08:00", "review_at": "2026-01-01T06:00:00+08:00"}
    before, made = told["marks"], close(desk, point(1000, 0), **long_ago)
    assert made.status_code == 201
    tag, told = changed(tag)
    assert told["marks"]["closures"] != before["closures"]
    assert (told["overdue_closures"], told["unverified_forces"]) == (1, 4)
    desk.post("/api/duty-shifts", json=shift_body())
    _, told = changed(tag)
    assert (told["shift"]["leader"], told["unsigned"]["id"]) == ("张某", told["shift"]["id"])


def test_a_shift_is_signed_by_two_and_each_signs_once(desk, token):
    made = desk.post("/api/duty-shifts", json=shift_body())
    address = f"{made.headers['location']}/sign"

    def sign(signing, tag, **asked):
        return desk.post(address, json={"signing": signing, **asked}, headers={"If-Match": tag})

    assert sign("taking", made.headers["etag"]).json()["code"] == "unready"
    handed = sign("handing", made.headers["etag"], matters="一处封路待复核")
    assert (handed.json()["matters"], handed.json()["taken_by"]) == ("一处封路待复核", None)
    assert sign("handing", handed.headers["etag"]).json()["code"] == "ended"
    assert sign("taking", handed.headers["etag"]).json()["code"] == "role", "by somebody else"
    assert sign("taking", made.headers["etag"]).status_code == 412
    backwards = shift_body(ends_at="2020-01-01T00:00:00+08:00")
    assert desk.post("/api/duty-shifts", json=backwards).json()["code"] == "days"
    assert [one["id"] for one in desk.get("/api/duty-shifts").json()["items"]] == [made.json()["id"]]


def test_a_position_from_a_telephone_is_brought_back_and_says_from_what(desk):
    lon, lat = at(AT_BEND)[0]
    told = {}
    for system in ("gcj02", "bd09"):
        east, north = shifted(lon, lat, system)
        asked = {"lon": east, "lat": north, "system": system}
        told[system] = desk.get("/api/dispatch/position", params=asked).json()
    for system, one in told.items():
        assert (one["lon"], one["lat"]) == pytest.approx((lon, lat), abs=1e-6)
        assert one["converted_from"] == system
    assert 120 < told["gcj02"]["moved_m"] < 160
    assert 900 < told["bd09"]["moved_m"] < 1100
    assert desk.get("/api/dispatch/position", params={"lon": lon, "lat": lat, "system": "wgs84"}).status_code == 422


def test_a_report_says_where_it_is_and_is_due_again_until_the_last(desk):
    desk.post("/api/duty-shifts", json=shift_body())
    made = opening(
        desk, village="远村", stake="X210 K3+200", landmark="水塔东", converted_from="gcj02", level="general"
    )
    number = made.json()["id"]
    assign(desk, number, force_of(desk, "镇队"))
    close(desk, point(1000, 0))
    report = desk.get(f"/api/incidents/{number}/report").json()
    assert (report["kind"], report["due"]["kind"]) == ("first", "first")
    opened = datetime.datetime.fromisoformat(made.json()["created_at"])
    due = datetime.datetime.fromisoformat(report["due"]["due_at"])
    assert due - opened == datetime.timedelta(hours=2)
    lon, lat = at(AT_END)[0]
    for words in (
        "远村 · X210 K3+200 · 水塔东",
        f"{lon:.6f}",
        f"{lat:.6f}",
        "CGCS2000",
        "GCJ-02",
        "镇队",
        "涵洞冲毁",
        "张某",
        "柴草堆着火",
    ):
        assert words in report["text"]
    english = desk.get(f"/api/incidents/{number}/report", headers={"Accept-Language": "en"}).json()["text"]
    assert english.startswith("[First report]")
    given = {"kind": "first", "to": "县应急局", "text": report["text"]}
    logged = desk.post(f"/api/incidents/{number}/reports", json=given).json()["items"][-1]
    assert (logged["act"], logged["content"]["text"]) == ("report", report["text"])
    assert desk.get(f"/api/incidents/{number}/report").json()["due"]["kind"] == "follow_up"
    tag = desk.get(f"/api/incidents/{number}").headers["etag"]
    desk.post(f"/api/incidents/{number}/close", json={"outcome": "已扑灭"}, headers={"If-Match": tag})
    last = desk.get(f"/api/incidents/{number}/report").json()
    assert (last["kind"], "已扑灭" in last["text"]) == ("final", True)
    desk.post(f"/api/incidents/{number}/reports", json={**given, "kind": "final"})
    assert desk.get(f"/api/incidents/{number}/report").json()["due"] is None


def test_villages_have_people_to_call_and_a_call_is_in_the_log(desk, deployment):
    someone = {"village_code": "2", "role": "party_secretary", "name": "赵某", "contact_phone": "139-0000-0009"}
    with deployment.sessions.begin() as session:
        duty.add_contacts(session, [someone])
    (one,) = desk.get("/api/village-contacts").json()["items"]
    assert (one["village_name"], one["contact_phone"]) == ("远村", "139-0000-0009")
    number = opening(desk).json()["id"]
    called = {"village": "远村", "village_code": "2", "who": "赵某", "answered": True}
    logged = desk.post(f"/api/incidents/{number}/calls", json=called).json()["items"][-1]
    assert (logged["act"], logged["content"]) == ("call", called)


def test_forces_gather_outside_the_danger_area_and_upwind(desk):
    number = opening(desk, AT_BEND, danger_m=300, wind_from=90).json()["id"]
    found = desk.get(f"/api/incidents/{number}/assembly").json()
    assert found["upwind"]
    assert abs(found["bearing"] - 90) <= 45
    assert found["away_m"] > 300
    other = opening(desk, AT_BEND, danger_m=300, wind_from=180).json()["id"]
    assert desk.get(f"/api/incidents/{other}/assembly").json()["none_because"] == "no_road"
    plain = opening(desk, AT_BEND).json()["id"]
    assert desk.get(f"/api/incidents/{plain}/assembly").json()["none_because"] == "no_danger"


def test_every_number_on_the_call_sheet_is_that_of_an_independent_program(desk):
    """Turnout, drive, walk, arrival and road of each force, by a search of its own over the roads as they were drawn."""
    scene = (6000, 400)
    number = opening(desk, scene, village="远村").json()["id"]
    for name in ("镇队", "村队"):
        assign(desk, number, force_of(desk, name))
    close(desk, point(1000, 0), kind="slowed", share_left=0.5, around_m=400)
    sheet = desk.get(f"/api/incidents/{number}/call-sheet").json()
    roads = RecomputedRoads([(line["line"], {"乡道": 35, "village": 25}[line["road_class"]]) for line in TWO_ROADS])
    roads.slow(((800, 0), (1200, 0)), 0.5)
    for name, base, turnout in (("镇队", (0, 0), 60), ("村队", AT_END, 180)):
        told = next(one for one in sheet["forces"] if one["name"] == name)
        drive_s, road_m = roads.drive(base, AT_END)
        walk_s = 400 / (4 / 3.6)
        assert told["turnout_s"] == turnout
        assert told["drive_s"] == pytest.approx(drive_s, rel=1e-4, abs=0.1)
        assert told["walk_s"] == pytest.approx(walk_s, rel=1e-3)
        assert told["arrival_s"] == pytest.approx(turnout + drive_s + walk_s, rel=1e-3)
        assert told["road_m"] == pytest.approx(road_m, rel=1e-4, abs=0.5)
        assert str(round((turnout + drive_s + walk_s) / 6) / 10) in sheet["text"]
    paper = desk.get(f"/api/incidents/{number}/call-sheet.pdf")
    words = " ".join(text_of_pdf(paper.content))
    for one in sheet["forces"]:
        assert one["name"] in words
        assert str(round(one["arrival_s"] / 6) / 10) in words
    assert "涵洞冲毁" in words
    assert [one["content"]["as"] for one in log_of(desk, number) if one["act"] == "sheet"] == ["text", "pdf"]


def test_a_desk_is_the_dispatchers_alone(as_role, manned):
    viewer = as_role(Role.VIEWER)
    for address in ("/api/dispatch/desk", "/api/duty-shifts", "/api/village-contacts", "/api/incidents/1/call-sheet"):
        assert viewer.get(address).status_code == 403
