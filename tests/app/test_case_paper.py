"""What stands on paper of an incident: calls to villages, corrections with what stood before, sheets that say what they rest on."""

import pytest
import shapely
from sqlalchemy import text

from app.platform.principals import Role
from tests.app.test_closures import area
from tests.app.test_desk import desk_of
from tests.app.test_dispatch import AT_END, TWO_ROADS, ask, at, load, manned
from tests.app.test_incidents import assign, desk, force_of, log_of, opening
from tests.app.test_register_papers import text_of_pdf
from tests.app.test_registers import as_role
from tests.recomputed.roads import RecomputedRoads

__all__ = ["as_role", "desk", "load", "manned"]
FLOODED = (3600, -50, 3800, 50)


def call(client, number, **values):
    return client.post(f"/api/incidents/{number}/calls", json={"village": "远村", "who": "赵某", **values})


def cut_off(client, number):
    (one,) = ask(client, AT_END, case=number).json()["cut_off_villages"]
    return one["call"]


def test_a_village_is_called_in_vain_until_somebody_says_that_it_answered(desk, as_role):
    number = opening(desk).json()["id"]
    assert ask(desk, AT_END).json()["cut_off_villages"][0]["call"] is None
    assert cut_off(desk, number)["state"] == "not_called"
    assert call(desk, number).status_code == 422, "nobody answers by default"
    for at_ in ("2026-01-01T20:00:00+08:00", "2026-01-01T20:05:00+08:00"):
        assert call(desk, number, answered=False, village_code="2", occurred_at=at_).status_code == 201
    told = cut_off(desk, number)
    assert (told["state"], told["attempts"], told["since"][:19]) == ("no_answer", 2, "2026-01-01T20:00:00")
    call(desk, number, answered=True, village_code="2", who="钱某", occurred_at="2026-01-01T20:09:00+08:00")
    call(desk, number, answered=False, village_code="2", occurred_at="2026-01-01T20:30:00+08:00")
    told = cut_off(desk, number)
    assert (told["state"], told["who"], told["at"][:16]) == ("answered", "钱某", "2026-01-01T20:09")
    assert desk_of(desk).json()["incidents"][0]["calls"] == [told]
    assert desk.get(f"/api/incidents/{number}").json()["calls"] == [told]
    other = opening(desk).json()["id"]
    call(desk, other, answered=True, village_code="1")
    assert cut_off(desk, other)["state"] == "not_called", "a village of that name and another code"
    viewer = as_role(Role.VIEWER)
    assert cut_off(viewer, number)["who"] == "钱**"
    assert viewer.get(f"/api/incidents/{number}").json()["calls"][0]["who"] == "钱**"
    assert ask(viewer, AT_END, case=999).status_code == 404


def test_a_correction_is_logged_with_what_stood_before_and_after(desk):
    made = opening(desk, village="远村", danger_m=200, converted_from="gcj02")
    number, tag = made.json()["id"], {"If-Match": made.headers["etag"]}
    page = desk.get(f"/dispatch/incidents/{number}/change", params={"condition": "night"})
    assert page.status_code == 200
    for words in ("更正事件", "柴草堆着火", 'name="danger_m"', f"/dispatch?case={number}&amp;condition=night"):
        assert words in page.text
    there = {"type": "Point", "coordinates": at((5900, 0))[0]}
    changed = desk.patch(
        f"/api/incidents/{number}", json={"danger_m": 500, "village": "远村", "geometry": there}, headers=tag
    )
    assert (changed.json()["danger_m"], changed.json()["converted_from"]) == (500, None)
    told = log_of(desk, number)[-1]["content"]
    assert {name: (was, told["after"][name]) for name, was in told["before"].items() if name != "place"} == {
        "danger_m": (200, 500),
        "converted_from": ("gcj02", None),
    }
    assert told["after"]["place"] == pytest.approx(there["coordinates"])
    assert desk.patch(f"/api/incidents/{number}", json={"danger_m": 300}, headers=tag).status_code == 412
    desk.post(f"/api/incidents/{number}/close", json={"outcome": "已扑灭"}, headers={"If-Match": "*"})
    assert desk.get(f"/dispatch/incidents/{number}/change").status_code == 409


def test_a_sheet_says_what_its_arrivals_were_reckoned_with_and_an_independent_program_agrees(desk, load, publish):
    """By night and round the worst zones: drives of a search of its own over the roads as they were drawn."""
    detour = {"line": [(3500, 0), (3500, 1000), (6000, 1000), AT_END], "road_class": "village", "name": "丙路"}
    load(detour)
    publish("flood", shapely.geometry.shape(area(*FLOODED)), grade=("高", 2, "flood4"))
    number = opening(desk, danger_m=300, wind_from=90).json()["id"]
    for name in ("镇队", "村队"):
        assign(desk, number, force_of(desk, name))
    asked = {"condition": "night", "avoid_zones": "flood"}
    address = f"/api/incidents/{number}/call-sheet"
    sheet, plain = desk.get(address, params=asked).json(), desk.get(address).json()
    roads = RecomputedRoads(
        [(line["line"], {"乡道": 35, "village": 25}[line["road_class"]] * 0.7) for line in (*TWO_ROADS, detour)]
    )
    roads.shut(*FLOODED)
    drive_s, road_m = roads.drive((0, 0), AT_END)
    town = next(one for one in sheet["forces"] if one["name"] == "镇队")
    assert road_m == pytest.approx(8000)
    assert town["road_m"] == pytest.approx(road_m, rel=1e-3)
    assert town["arrival_s"] == pytest.approx(town["turnout_s"] + drive_s, rel=1e-3)
    assert town["arrival_s"] > next(one for one in plain["forces"] if one["name"] == "镇队")["arrival_s"]
    assert (sheet["condition"], len(sheet["avoided"]), sheet["danger_m"]) == ("night", 1, 300)
    assert (plain["condition"], plain["avoided"]) == (None, [])
    paper = " ".join(text_of_pdf(desk.get(f"{address}.pdf", params=asked).content))
    for words in ("夜间", "洪水", "最高两级", "200 m", "现场周围 300 m", "90°", str(round(town["arrival_s"] / 6) / 10)):
        assert words in sheet["text"]
        assert words in paper
    for words in ("平常", "没有避开"):
        assert words in plain["text"]
    assert desk.get(address, params={"avoid_zones": "volcano"}).status_code == 404


def contact(client, **values):
    body = {"name": "孙某", "role": "party_secretary", "village_code": "2", "contact_phone": "139-0000-0077"}
    return client.post("/api/village-contacts", json={**body, **values})


def test_somebody_to_call_is_registered_changed_and_retired_and_the_audit_has_no_number(desk, deployment):
    made = contact(desk)
    number, tag = made.json()["id"], {"If-Match": made.headers["etag"]}
    assert (made.status_code, made.json()["lapse"], made.json()["village_name"]) == (201, "unverified", "远村")
    assert contact(desk, village_code="none").json()["code"] == "no-such-thing"
    address = f"/api/village-contacts/{number}"
    assert desk.patch(address, json={"last_verified": "2020-01-01"}).status_code == 428
    changed = desk.patch(address, json={"last_verified": "2020-01-01", "name": None}, headers=tag)
    assert (changed.json()["lapse"], changed.json()["name"]) == ("stale", "孙某")
    assert desk.patch(address, json={"name": "周某"}, headers=tag).status_code == 412
    assert "孙某" in desk.get("/registers/village-contacts?lapse=stale").text
    for page in ("/village-contacts/new", f"/village-contacts/{number}/change"):
        assert desk.get(page).status_code == 200
    gone = desk.patch(address, json={"retired": True}, headers={"If-Match": changed.headers["etag"]})
    assert (gone.json()["retired"], desk.get("/api/village-contacts").json()["items"]) == (True, [])
    assert "孙某" not in desk.get("/registers/village-contacts").text
    back = desk.patch(address, json={"retired": False}, headers={"If-Match": gone.headers["etag"]})
    assert (back.json()["retired"], len(desk.get("/api/village-contacts").json()["items"])) == (False, 1)
    with deployment.sessions.begin() as session:
        told = (
            session.execute(text("SELECT detail::text FROM audit_entries WHERE action LIKE '%village contact'"))
            .scalars()
            .all()
        )
    assert len(told) == 4
    assert "0077" not in " ".join(told)


def test_numbers_of_villages_are_for_those_who_may_call(desk, as_role):
    contact(desk)
    viewer = as_role(Role.VIEWER)
    for address in ("/registers/village-contacts", "/downloads/village-contacts.csv"):
        page, seen = desk.get(address), viewer.get(address)
        assert (page.status_code, seen.status_code) == (200, 200)
        assert "孙某" in seen.text
        assert "139-0000-0077" in page.text
        assert "0000-0077" not in seen.text
    for method, address in (("GET", "/village-contacts/new"), ("POST", "/api/village-contacts")):
        assert viewer.request(method, address, json={}).status_code == 403


def test_incidents_are_a_register_narrowed_by_words_state_kind_and_days(desk, as_role):
    old = opening(desk, said="旧的一起", occurred_at="2026-01-05T23:30:00+08:00").json()["id"]
    desk.post(f"/api/incidents/{old}/close", json={"outcome": "已扑灭"}, headers={"If-Match": "*"})
    opening(desk, said="新的一起", kind="flood")

    def said(**asked):
        page = desk.get("/registers/incidents", params=asked).text
        return [words for words in ("旧的一起", "新的一起") if words in page]

    assert said() == ["旧的一起", "新的一起"]
    assert said(ability="closed") == said(kind="fire") == said(q="扑灭") == ["旧的一起"]
    assert said(ability="open") == ["新的一起"]
    assert said(since="2026-01-05", until="2026-01-05") == ["旧的一起"], "days are those of Beijing"
    assert said(until="2026-01-04") == []
    assert said(since="no day", until="9999-12-31") == ["旧的一起", "新的一起"]
    book = desk.get("/registers/incidents/register.xlsx", params={"ability": "closed", "since": "2026-01-01"})
    assert book.status_code == 200
    rows = desk.get("/downloads/incidents.csv").text
    assert "旧的一起" in rows
    assert "0000-0001" not in as_role(Role.VIEWER).get("/downloads/incidents.csv").text


def test_a_closed_incident_is_read_with_all_that_was_done_and_changed_no_more(desk, as_role):
    number = opening(desk, danger_m=200).json()["id"]
    tag = {"If-Match": "*"}
    desk.patch(f"/api/incidents/{number}", json={"danger_m": 500}, headers=tag)
    assign(desk, number, force_of(desk, "镇队"))
    call(desk, number, answered=False)
    report = desk.get(f"/api/incidents/{number}/report").json()
    desk.post(f"/api/incidents/{number}/reports", json={"kind": "first", "to": "县应急局", "text": report["text"]})
    desk.post(f"/api/incidents/{number}/close", json={"outcome": "<b>已扑灭</b>"}, headers=tag)
    page = desk.get(f"/dispatch/incidents/{number}")
    for words in ("已结束", "镇队", "200.0 → 500.0", "没人接", "首报", "县应急局", "&lt;b&gt;已扑灭", "call-sheet.pdf"):
        assert words in page.text
    assert f"/dispatch/incidents/{number}/change" not in page.text
    assert f'href="/dispatch/incidents/{number}"' in desk.get("/registers/incidents").text
    viewer = as_role(Role.VIEWER)
    assert viewer.get(f"/dispatch/incidents/{number}").status_code == 403
    assert f'href="/dispatch/incidents/{number}"' not in viewer.get("/registers/incidents").text
