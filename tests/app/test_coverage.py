"""Coverage at the doors: judged on points by the very times the nearest forces are ranked by."""

import json
import re
from math import inf

import numpy as np
import pytest
import shapely

from app.dispatch.coverage_schemas import CoverageQuery
from app.dispatch.schemas import NearestQuery
from app.dispatch.service import nearest_forces
from app.judgement.standby import stand_by
from app.platform.clock import now
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.crs import to_metric
from risk_model.shapes import as_array
from tests.app.seeds import METRIC
from tests.app.test_closures import DETOUR, area, close, lift
from tests.app.test_dispatch import AT_END, TWO_ROADS, ask, at, load, manned
from tests.app.test_registers import as_role
from tests.saying import tells

__all__ = ["as_role", "load", "manned"]

POINTS = 60


def test_bands_and_the_nearest_force_agree_wherever_one_asks(deployment, manned, load):
    load(*TWO_ROADS, DETOUR)
    chance = np.random.default_rng(11)
    metres = np.column_stack([chance.uniform(-1500, 7500, POINTS), chance.uniform(-2500, 4000, POINTS)])
    places = at(*map(tuple, [(0, 0), AT_END, (30, 20), *metres.tolist()]))
    with deployment.sessions() as session:
        work, moment = Work(session, deployment), now()
        standby = stand_by(work, CoverageQuery((5.0,), None, "gale"), moment)
        points = to_metric(as_array([shapely.Point(place) for place in places]), METRIC)
        for (lon, lat), seconds in zip(places, standby.seconds_at(points), strict=True):
            forces = nearest_forces(work, NearestQuery(lon, lat, None, 50, "gale"), moment)["forces"]
            arrivals = [one["arrival_s"] for one in forces if one["arrival_s"] is not None]
            assert seconds == pytest.approx(min(arrivals, default=inf), abs=1e-3)


def test_who_stands_somewhere_is_there_as_soon_as_they_turn_out(client, manned, load):
    load(*TWO_ROADS)
    for place, turnout in (((0, 0), 60), (AT_END, 180), ((3500, 40_000), 60)):
        first = ask(client, place).json()["forces"][0]
        assert first["arrival_s"] == pytest.approx(turnout, abs=1)
    beyond = client.get("/api/coverage", params={"minutes": "5"}).json()
    assert beyond["summary"][0]["villages"] == {"covered": 1, "uncovered": 1, "share": 0.5}, "the far one is a base"


def test_what_is_covered_is_counted_on_points_and_grows_with_the_minutes(as_role, manned, load):
    load(*TWO_ROADS)
    desk = as_role(Role.DISPATCHER)
    told = desk.get("/api/coverage", params={"minutes": "8,2,30"}).json()
    assert [one["minutes"] for one in told["summary"]] == [2, 8, 30]
    assert [one["villages"]["covered"] for one in told["summary"]] == [1, 2, 2]
    assert [one["people"] for one in told["summary"]] == [
        {"covered": 0, "uncovered": 10, "share": 0.0},
        *[{"covered": 10, "uncovered": 0, "share": 1.0}] * 2,
    ]
    assert told["uncounted_villages"] == 1
    lengths = [one["properties"]["road_m"] for one in told["features"]]
    assert lengths == sorted(lengths)
    assert lengths[-1] == pytest.approx(6000, rel=1e-3)
    assert told["summary"][0]["enterprises"] == {"covered": 0, "uncovered": 0, "share": None}
    made = close(desk, area(3300, -50, 3700, 50))
    cut = desk.get("/api/coverage", params={"minutes": "30"}).json()
    assert [one["road_m"] > 0 for one in cut["avoid"]] == [True]
    assert cut["features"][0]["properties"]["road_m"] == pytest.approx(5600, rel=1e-3)
    assert cut["summary"][0]["people"]["covered"] == 0
    lift(desk, made)
    assert desk.get("/api/coverage", params={"minutes": "8,2,30"}).json() == told


def test_kinds_narrow_who_is_counted_and_nonsense_is_refused(client, manned, load):
    assert client.get("/api/coverage").status_code == 409
    load(*TWO_ROADS)
    usual = client.get("/api/coverage").json()
    assert [one["minutes"] for one in usual["summary"]] == [5, 10, 15, 30]
    assert client.get("/api/coverage", params={"kinds": "medical"}).json()["forces"] == 0
    assert client.get("/api/coverage", params={"kinds": "township"}).json()["forces"] == 2
    for wrong in ({"minutes": "0"}, {"minutes": "five"}, {"kinds": "navy"}, {"condition": "fog"}):
        assert client.get("/api/coverage", params=wrong).status_code == 422


def test_the_page_and_the_single_file_tell_the_standard_the_dates_and_that_it_is_a_screening_opinion(
    client, manned, load
):
    assert client.get("/maps/coverage").status_code == 200
    assert client.get("/maps/coverage?standalone=1").status_code == 409
    load(*TWO_ROADS)
    told = client.get("/api/coverage?standard=district").json()
    assert (told["standard"]["key"], [one["minutes"] for one in told["summary"]]) == ("district", [5])
    assert "152-2017" in told["standard"]["basis"]
    own = client.get("/api/coverage?standard=rural&minutes=8").json()
    assert (own["standard"], len(own["summary"])) == ({"key": "own", "basis": None, "basis_en": None}, 1)
    source = told["basis"]["road_source"]
    assert (source["file"], len(source["received_on"])) == ("roads.gpkg", 10)
    assert {one["name"] for one in told["standing"]} == {"镇队", "村队", "远队"}
    file = client.get("/maps/coverage?standalone=1&standard=rural&lang=en")
    assert "attachment" in file.headers["content-disposition"]
    assert re.search(r"""(?:src|href)\s*=\s*["']https?:""", file.text) is None
    layers = json.loads(re.search(r'id="anzhi-layers">(.*?)</script>', file.text, re.DOTALL)[1])
    asked = client.get("/api/coverage?standard=rural").json()
    assert layers["answers"]["coverage"] == asked
    assert tells(
        file.text, "按登记的道路、力量和默认车速推算，不代表实际到场时间；着色道路只是示意，人数按住宅逐点计算。"
    )
