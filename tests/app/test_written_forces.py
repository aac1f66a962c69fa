"""Stations and forces written one by one: what follows from a name, what no list knows, what a station lacks."""

import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.main import create_app
from app.platform.principals import Role
from gis_layers.stores.town import append_register
from risk_model.codes import enumeration
from risk_model.dispatch.provisions import provisions_asked, provisions_lacking
from tests.app.test_forms import FORCE, SPOT, STATION
from tests.app.test_registers import HERE, frame


@pytest.fixture
def dispatcher(deployment, token):
    return TestClient(
        create_app(deployment, loopback=False), headers={"Authorization": f"Bearer {token(Role.DISPATCHER)}"}
    )


def changed(client, address, **values):
    seen = client.get(address)
    answer = client.patch(address, json=values, headers={"If-Match": seen.headers["etag"]})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_force_stands_where_its_station_is_and_is_called_as_that_is(dispatcher):
    station = dispatcher.post("/api/stations", json=STATION).json()
    force = dispatcher.post("/api/forces", json={**FORCE, "station_id": station["id"]}).json()
    assert (force["station"], force["station_id"]) == (STATION["name"], station["id"])
    changed(dispatcher, f"/api/stations/{station['id']}", name="新服务站")
    assert dispatcher.get(f"/api/forces/{force['id']}").json()["station"] == "新服务站"
    assert changed(dispatcher, f"/api/forces/{force['id']}", station_id=None)["station"] is None
    missing = dispatcher.patch(f"/api/forces/{force['id']}", json={"station_id": 999}, headers={"If-Match": "*"})
    assert (missing.status_code, missing.json()["code"]) == (422, "no-such-thing")
    assert missing.json()["errors"][0]["field"] == "station_id"


def test_a_station_that_is_registered_takes_in_the_forces_that_name_it(deployment, dispatcher):
    with deployment.sessions.begin() as session:
        append_register(session, "forces", frame([HERE], name=["来队"], kind=["township"], station=[STATION["name"]]))
    station = dispatcher.post("/api/stations", json=STATION).json()
    (force,) = dispatcher.get("/api/forces").json()["items"]
    assert force["station_id"] == station["id"]


def test_words_no_list_knows_stay_until_they_are_taken_away_by_name(deployment, dispatcher):
    with deployment.sessions.begin() as session:
        words = {"capabilities": [["pump", "吊装"]], "unknown_capabilities": [["吊装"]]}
        append_register(session, "forces", frame([HERE], name=["来队"], kind=["township"], **words))
    (force,) = dispatcher.get("/api/forces").json()["items"]
    address = f"/api/forces/{force['id']}"
    assert "吊装" in dispatcher.get(f"/forces/{force['id']}/change").text
    kept = changed(dispatcher, address, capabilities=["boat"])
    assert (set(kept["capabilities"]), kept["unknown_capabilities"]) == ({"boat", "吊装"}, ["吊装"])
    gone = changed(dispatcher, address, unknown_capabilities=[])
    assert (gone["capabilities"], gone["unknown_capabilities"]) == (["boat"], [])


def test_whom_to_call_stays_out_of_the_audit_and_the_rest_is_in_it(deployment, dispatcher):
    day = datetime.date(2026, 5, 1)
    dispatcher.post("/api/forces", json={**FORCE, "contact_phone": "13800000000", "last_verified": day.isoformat()})
    with deployment.engine.connect() as connection:
        action, detail = connection.execute(
            text("SELECT action, detail::text FROM audit_entries ORDER BY id DESC")
        ).first()
    assert action == "register force"
    assert "13800000000" not in detail
    assert "2026-05-01" in detail


def test_the_register_says_what_a_station_lacks_and_asks_nothing_of_other_kinds(dispatcher):
    dispatcher.post("/api/stations", json={**STATION, "provisions": ["premises", "staff"]})
    dispatcher.post("/api/stations", json={**STATION, "name": "站", "kind": "fire", "provisions": []})
    asked = provisions_asked()["village"]
    page = dispatcher.get("/registers/stations?lang=zh").text
    assert f"2/{len(asked)}" in page
    assert "0/" not in page
    assert provisions_lacking("village", asked) == ()
    assert provisions_lacking("fire", []) == ()
    assert set(provisions_lacking("village", [])) == set(asked)
    for kind, codes in provisions_asked().items():
        assert kind in enumeration("station_kind")
        assert [code for code in enumeration("station_provision") if code in codes] == list(codes)


def test_a_force_that_is_out_on_an_incident_is_not_made_ready_by_its_register(dispatcher):
    force = dispatcher.post("/api/forces", json=FORCE).json()
    told = {"kind": "fire", "said": "起火", "reported_by": "村民", "geometry": SPOT}
    incident = dispatcher.post("/api/incidents", json=told).headers["location"]
    sent = dispatcher.post(f"{incident}/assignments", json={"force": force["id"]})
    assert sent.status_code == 201, sent.text
    address = f"/api/forces/{force['id']}"
    tag = {"If-Match": dispatcher.get(address).headers["etag"]}
    refused = dispatcher.patch(address, json={"state": "ready"}, headers=tag)
    assert (refused.status_code, refused.json()["code"]) == (409, "step")
    assert dispatcher.get(address).json()["state"] == "out"
    assert dispatcher.patch(address, json={"crew": 9}, headers=tag).status_code == 200
