"""Run cards at the doors: place, time and level choose the card, and the set that meets it is the soonest there is."""

import datetime
from itertools import product

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from app.dispatch import routes
from app.platform.deployment import Deployment
from app.platform.principals import Role
from gis_layers.stores import town
from tests.app.seeds import seeded_database
from tests.app.test_dispatch import AT_BEND, AT_END, TWO_ROADS, ask, at, load
from tests.app.test_incidents import opening
from tests.app.test_registers import as_role
from tests.recomputed.run_cards import LEVELS, card_of, soonest

__all__ = ["as_role", "load"]
NOON, MIDNIGHT = (datetime.datetime(2026, 11, 27, hour, tzinfo=datetime.UTC) for hour in (4, 16))
TIMES = (("day", NOON), ("night", MIDNIGHT))
MAIN_ROAD = {"line": [AT_END, (9000, 0)], "road_class": "provincial", "name": "省道"}
AT_WORKS, ON_MAIN_ROAD, AT_HOUSE, IN_POND = (3400, 30), (8000, 5), (1000, 60), (2000, 300)
CAN = [
    ["fire_engine"], ["fire_engine", "rescue"], ["medical"], ["rescue", "boat"], ["excavator"], ["hazmat", "fire_engine"],
    ["generator", "communication"], ["pump", "rescue"],
]  # fmt: skip


def register(session, name: str, rows: dict, shapes: list) -> None:
    columns = {key: pd.Series(values, dtype=object) for key, values in rows.items()}
    town.append_register(session, name, gpd.GeoDataFrame(columns, geometry=shapes, crs=4490))


@seeded_database()
def furnished(deployment: Deployment) -> None:
    """Forces along the roads, a works, a house and a pond beside them."""
    where = [(700 * number, 0) for number in range(len(CAN))]
    with deployment.sessions.begin() as session:
        names = [f"{number} 队" for number in range(len(CAN))]
        points = [shapely.Point(*at(place)[0]) for place in where]
        rows = {"name": names, "kind": ["township"] * len(CAN), "capabilities": CAN, "state": ["ready"] * len(CAN)}
        register(session, "forces", rows, points)
        register(session, "enterprises", {"name": ["示范厂"]}, [shapely.Point(*at(AT_WORKS)[0])])
        box = shapely.Point(*at(AT_HOUSE)[0]).buffer(0.0001, quad_segs=1)
        register(session, "buildings", {"group_name": ["一社"]}, [box])
        pond = shapely.Point(*at(IN_POND)[0]).buffer(0.0002).wkt
        session.execute(
            text(f"INSERT INTO waters (name, kind, geom) VALUES ('塘', 'reservoir', ST_GeomFromText('{pond}', 4490))")
        )


@pytest.fixture
def at_hour(monkeypatch):
    def turn(moment):
        monkeypatch.setattr(routes, "now", lambda: moment)

    turn(NOON)
    return turn


@pytest.fixture
def answered(client, furnished, load, at_hour):
    load(*TWO_ROADS, MAIN_ROAD)
    return lambda place, **asked: ask(client, place, k=50, **asked).json()


PLACES = (
    (AT_WORKS, "enterprise", "示范厂"), (ON_MAIN_ROAD, "road", "省道"), (AT_HOUSE, "village", "一社"), (IN_POND, "water", "塘"),
    (AT_BEND, None, None),
)  # fmt: skip
ASKED = (("fire", None), ("debris_flow", "first"), ("traffic", "fourth"), ("medical", "third"))


def test_the_place_is_told_with_its_reason_and_the_card_is_that_of_kind_place_time_and_level(answered, at_hour):
    for (time, moment), (place, kind, name), (incident, level) in product(TIMES, PLACES, ASKED):
        at_hour(moment)
        told = answered(place, incident=incident, **({"level": level} if level else {}))["incident"]
        assert (told["place"] and (told["place"]["kind"], told["place"]["name"])) == (kind and (kind, name))
        key, needs = card_of(incident, kind, time, level)
        assert (told["time"], told["card"]["key"]) == (time, key)
        assert {one["capability"]: one["count"] for one in told["run_card"]} == needs
        assert (told["level_told"], told["level"]) == (level is not None, level or told["card"]["ordinary_level"])


def test_the_set_is_the_soonest_of_all_and_lacks_what_all_of_them_lack(answered):
    for incident in ("fire", "flood", "hazmat_leak", "medical"):
        before = None
        for level in LEVELS:
            answer = answered(AT_HOUSE, incident=incident, level=level)
            together = answer["incident"]["together"]
            forces = [(one["arrival_s"], one["capabilities"]) for one in answer["forces"]]
            needs = {one["capability"]: one["count"] for one in answer["incident"]["run_card"]}
            moment, lacks = soonest(forces, needs, together["within_s"])
            assert {one["capability"]: one["count"] for one in together["lacking"]} == lacks
            assert together["complete_s"] == (None if lacks else moment)
            assert before is None or all(needs.get(word, 0) >= count for word, count in before.items())
            before = needs


def test_it_is_night_when_the_drive_is_by_night_and_without_a_kind_nothing_is_called_for(answered):
    assert answered(AT_BEND, condition="night")["incident"]["time"] == "night"
    plain = answered(AT_BEND)["incident"]
    assert (plain["run_card"], plain["card"], plain["level"], plain["level_told"]) == ([], None, None, False)


def test_a_colour_a_grade_or_a_number_is_no_rescue_level(client, furnished):
    for level in ("red", "general", "0", "5", "", "一级"):
        assert ask(client, AT_BEND, incident="fire", level=level).status_code == 422


def test_an_incident_keeps_its_rescue_level_apart_from_its_grade(as_role, furnished, load):
    load(*TWO_ROADS)
    desk = as_role(Role.DISPATCHER)
    made = opening(desk, rescue_level="third")
    assert (made.json()["rescue_level"], made.json()["level"]) == ("third", None)
    address, seen = f"/api/incidents/{made.json()['id']}", {"If-Match": made.headers["etag"]}
    changed = desk.patch(address, json={"rescue_level": "fourth", "level": "larger"}, headers=seen).json()
    assert (changed["rescue_level"], changed["level"]) == ("fourth", "larger")
    assert opening(desk, rescue_level="larger").status_code == 422
    logged = desk.get(f"{address}/log").json()["items"]
    assert logged[0]["content"]["rescue_level"] == "third"
    assert [logged[1]["content"][when]["rescue_level"] for when in ("before", "after")] == ["third", "fourth"]


def test_the_cards_stand_in_the_rulebook_with_what_they_rest_on(client, furnished):
    told = client.get("/api/rulebook").json()["run_cards"]
    assert told["fire"]["needs"]["fire_engine"] == [1, 2, 3, 4]
    assert all(row["basis"] and row["basis_kind"] and row["source"] for key, row in told.items() if key != "version")
    page = client.get("/rulebook", params={"q": "力量调派方案"}).text
    assert "run_cards.fire_enterprise" in page


def test_whom_an_incident_has_is_no_longer_called_for(as_role, furnished, load):
    load(*TWO_ROADS)
    desk = as_role(Role.DISPATCHER)
    number = opening(desk, place=AT_HOUSE).json()["id"]

    def told():
        return ask(desk, AT_HOUSE, incident="fire", level="third", k=50, case=number).json()["incident"]

    def counts(listed):
        return {one["capability"]: one["count"] for one in listed}

    before = told()
    assert before["sent"] == []
    for member in before["together"]["forces"]:
        made = desk.post(f"/api/incidents/{number}/assignments", json={"force": int(member["id"])})
        assert made.status_code == 201
    after = told()
    assert after["run_card"] == before["run_card"]
    assert after["together"]["forces"] == []
    assert after["together"]["lacking"] == before["together"]["lacking"]
    whole, sent, short = counts(after["run_card"]), counts(after["sent"]), counts(after["together"]["lacking"])
    assert {word: sent.get(word, 0) + short.get(word, 0) for word in whole} == whole
