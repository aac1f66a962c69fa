"""One ground, one count: through the overview, the chains, the guidance figures, a rule's preview, and plain SQL."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import text

from app.assessments.service import GradingOrder, grade_town
from app.platform.deployment import Deployment
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.stores import places, projects, runs, town
from tests.app.seeds import GROUND, publish_zones, seeded_database
from tests.app.test_rulebook_versions import BACKING, as_, proposed
from tests.recomputed.exposure import counted
from tests.saying import tells

__all__ = ["as_"]
WEST, EAST = shapely.box(99.750, 39.300, 99.760, 39.320), shapely.box(99.760, 39.300, 99.770, 39.320)
WOODS = shapely.box(99.7703, 39.300, 99.772, 39.320)
"""Some 26 m beyond the eastern village, on ground of no cell."""
SCOPE = shapely.box(99.756, 39.305, 99.771, 39.316)
STRICTER = {"op": "change", "article": "FIR-NEAR", "field": "verdicts.K2", "value": "F", **BACKING}


def at(*shapes, **columns):
    return gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=list(shapes), crs=4490)


def square(x, y, side=0.0003):
    return shapely.box(x, y, x + side, y + side)


def strewn(count, seed):
    return np.random.default_rng(seed).uniform((99.7505, 39.3005), (99.7690, 39.3190), (count, 2)).tolist()


def fill(deployment: Deployment) -> None:
    """Two villages, houses in one of them, with works, places and roads strewn over both."""
    houses, works, lots = (strewn(count, seed) for count, seed in ((40, 1), (25, 2), (25, 3)))
    homes = [square(x - 0.01 if x > 99.7598 else x, y, 0.0001) for x, y in houses]
    with deployment.sessions.begin() as session:
        villages = {"code": ["w", "e"], "name": ["西村", "东村"], "population": [1000, 700]}
        shapes = [shapely.multipolygons([shape]) for shape in (WEST, EAST)]
        places.append_places(session, "villages", at(*shapes, **villages))
        stock = {"use": ["农村住宅", "仓库"] * 20, "floors": [1, 2, 3, 1] * 10}
        town.append_register(session, "buildings", at(*homes, **stock))
        kinds = [square(*spot) if number % 2 else shapely.Point(*spot) for number, spot in enumerate(works)]
        firms = {"name": [f"店{number}" for number in range(25)], "sector": ["commerce"] * 25, "inventory": [[]] * 25}
        town.append_register(session, "enterprises", at(*kinds, **firms))
        schools = {"name": [f"校{number}" for number in range(25)], "kind": ["school", "clinic", *["hospital"] * 23]}
        town.append_register(session, "facilities", at(*(square(*spot) for spot in lots), **schools))
        lines = [shapely.LineString([one, other]) for one, other in zip(works, lots, strict=True)]
        roads = {"name": [f"路{number}" for number in range(25)], "road_class": ["village"] * 25}
        places.append_places(session, "roads", at(*lines, **roads))


@seeded_database("surveyed")
def threatened(deployment: Deployment) -> None:
    """Whole cells of a grid, cut from both villages, are the worst ground of every theme and the site of a project."""
    fill(deployment)
    for hazard, scheme, rank in (("earthquake", "quake5", 5), ("meteorological", "met4", 4)):
        publish_zones(deployment, hazard, GROUND, grade=("低", rank, scheme))
    with deployment.sessions.begin() as session:
        run = grade_town(Work(session, deployment), GradingOrder("grid", "officer", 250.0))
        cells = runs.read_ranks(session, run.id).geometry
    ground = shapely.union_all(cells[cells.representative_point().within(SCOPE)].to_numpy(), grid_size=1e-9)
    assert ground.geom_type == "Polygon"
    for hazard, grade in (("flood", "flood4"), ("geological", "geo4")):
        publish_zones(deployment, hazard, ground, grade=("极高", 1, grade))
    publish_zones(deployment, "earthquake", ground, grade=("高", 1, "quake5"))
    publish_zones(deployment, "wildfire", WOODS, grade=("高", 1, "fire5"))
    with deployment.sessions.begin() as session:
        site = {"name": ["新校"], "project_class": ["K2"], "seismic_class": [None], "synthetic": [True]}
        projects.append_projects(session, at(ground, **site))
        grade_town(Work(session, deployment), GradingOrder("grid", "officer", 250.0))


def overview(client) -> dict:
    layers = {layer["hazard"]: layer for layer in client.get("/api/overview").json()["layers"]}
    return layers["geological"]["exposed"]


def chain(client) -> dict:
    zones = client.get("/api/zones?hazard=earthquake").json()["items"]
    begins = next(zone for zone in zones if zone["grade_rank"] == 1)
    steps = client.get(f"/api/chains?zone={begins['id']}").json()["steps"]
    (slide,) = [step for step in steps if [event["key"] for event in step["path"]] == ["earthquake", "landslide"]]
    assert [one["kind"] for one in slide["affected"]].count("roads") == slide["exposed"]["roads"]
    return slide["exposed"]


def preview(as_) -> dict:
    officer = as_(Role.OFFICER)
    answer = proposed(officer, STRICTER)
    assert answer.status_code == 201, answer.text
    return officer.get(answer.headers["Location"]).json()["preview"]["impact"]["exposed"]


def guided(client) -> dict:
    total = client.get("/api/kpi").json()["total"]
    return {subject: tally["1"] + tally["2"] for subject, tally in total.items()}


def test_the_same_ground_has_the_same_count_through_every_door_and_by_plain_sql(client, as_, threatened, database_url):
    told, plain = overview(client), counted(database_url, "geological")
    things = ("buildings", "enterprises", "facilities", "roads")
    assert {name: told[name] for name in things} == {name: plain[name] for name in things}
    assert all(0 < told[name] < 40 for name in things)
    assert told["people"] == pytest.approx(plain["people"], abs=0.5)
    assert 0 < told["people"] < 1700
    assert told["people_by"] == ["area", "dwellings"]
    assert told["roads_m"] == pytest.approx(plain["roads_m"], abs=1)
    assert sum(told["kinds"]["facilities"].values()) == told["facilities"]

    figures = ("people", "people_at_least", "people_by", "uncounted_villages")
    previewed = preview(as_)
    assert previewed | {"ranks": told["ranks"]} == told
    along = chain(client)
    same = (*figures, "enterprises", "facilities", "roads", "roads_m")
    assert {name: along[name] for name in same} == {name: told[name] for name in same}
    high = guided(client)
    assert (high["enterprises"], high["facilities"]) == (told["enterprises"], told["facilities"])
    # Guidance rounds to whole people village by village, so that every village sums to its own number.
    assert high["people"] == pytest.approx(told["people"], abs=1)


def test_an_uncounted_village_makes_the_people_unknown_through_every_door(client, as_, deployment, threatened):
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE villages SET population = NULL WHERE code = 'e'"))
    for told in (overview(client), chain(client), preview(as_)):
        assert (told["people"], told["uncounted_villages"]) == (None, 1)
        assert 0 < told["people_at_least"] < 1000
    rows = {row["key"]: row["people"] for row in client.get("/api/kpi").json()["villages"]}
    assert rows["e"] is None
    assert tells(client.get("/").text, "至少")


def test_the_figures_follow_every_change_of_what_stands_there(client, deployment, threatened):
    """A house that becomes a barn, a works that moves, people who go from one village to the other."""
    told = [overview(client)]
    for change in (
        "UPDATE buildings SET use = '农村住宅' WHERE use = '仓库'",
        "UPDATE enterprises SET geom = ST_Translate(geom, 0.1, 0) WHERE ST_X(ST_Centroid(geom)) > 99.76",
        "UPDATE villages SET population = CASE code WHEN 'w' THEN 700 ELSE 1000 END",
    ):
        with deployment.sessions.begin() as session:
            session.execute(text(change))
        told.append(overview(client))
    people, works = [one["people"] for one in told], [one["enterprises"] for one in told]
    assert people[1] != people[0]
    assert works[2] < works[1]
    assert people[3] != people[2]


def test_an_empty_register_is_unknown_through_every_door(client, as_, deployment, threatened):
    with deployment.sessions.begin() as session:
        session.execute(text("DELETE FROM facilities"))
        session.execute(text("DELETE FROM enterprises"))
    for told in (overview(client), chain(client), preview(as_)):
        assert (told["enterprises"], told["facilities"]) == (None, None)
