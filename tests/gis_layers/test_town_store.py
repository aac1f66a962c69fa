"""The registers as PostGIS keeps them: what goes in comes out, what is wrong stays out."""

import datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from gis_layers.exchange.text import register_words as words
from gis_layers.stores import constraints, forces, pictures, places, town
from gis_layers.stores.town import RegisterQuery

HERE = shapely.Point(99.80, 39.33)
PLANT = shapely.box(99.81, 39.33, 99.82, 39.34)


def frame(geometries: list[shapely.Geometry], **columns: list) -> gpd.GeoDataFrame:
    ready = {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    return gpd.GeoDataFrame(ready, geometry=geometries, crs=4490)


@pytest.fixture
def filled(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Two enterprises, two stations, three forces, in a village with a code."""
    with sessions.begin() as session:
        villages = frame([shapely.multipolygons([shapely.box(99.7, 39.3, 99.9, 39.4)])], code=["V1"], name=["甲村"])
        places.append_places(session, "villages", villages)
        stock = [{"substance": '氯"水', "cas": None, "tonnes": 15.5}]
        enterprises = frame(
            [PLANT, HERE], name=["厂", "店"], sector=["chemical", "small_place"], staff=[12, None], village_code=["V1", None],
            inventory=[stock, []], last_check=[datetime.date(2026, 5, 1), None], major_hazard_level=[3, None],
        )  # fmt: skip
        town.append_register(session, "enterprises", enterprises)
        town.append_register(session, "stations", frame([HERE, HERE], name=["一站", "二站"], kind=["fire", "village"]))
        strange = 'snow, "plough"'
        town.append_register(session, "forces", frame(
            [HERE, HERE, HERE], name=["a", "b", "c"], kind=["fire", "social", "medical"], station=["一站", "三站", None],
            capabilities=[["fire_engine", "rescue"], [strange], []], unknown_capabilities=[[], [strange], []],
            equipment=[[{"name": "水罐车", "count": 2}], [], []],
        ))  # fmt: skip
    return sessions


def test_what_goes_into_a_register_comes_out_of_it(filled):
    with filled() as session:
        plant, shop = town.read_register(session, "enterprises").to_dict("records")
    assert plant["inventory"] == [{"substance": '氯"水', "cas": None, "tonnes": 15.5}]
    assert (plant["staff"], plant["major_hazard_level"]) == (12, 3)
    assert isinstance(plant["staff"], int)
    assert plant["last_check"] == datetime.date(2026, 5, 1)
    assert plant["geometry"].equals(PLANT)
    assert plant["village"] == "甲村"
    assert (shop["staff"], shop["major_hazard_level"], shop["village"], shop["inventory"]) == (None, None, None, [])


def test_lists_of_words_survive_commas_and_quotes(filled):
    with filled() as session:
        rows = town.read_register(session, "forces")
    assert list(rows["capabilities"]) == [["fire_engine", "rescue"], ['snow, "plough"'], []]
    assert list(rows["unknown_capabilities"]) == [[], ['snow, "plough"'], []]
    assert set(rows["state"]) == {"ready"}


def test_a_register_is_asked_by_kind_village_window_and_part(filled):
    def names(**asked) -> list[str]:
        with filled() as session:
            query = RegisterQuery(**asked)
            found = town.read_register(session, "enterprises", query)
            if "limit" not in asked:
                assert town.count_register(session, "enterprises", query) == len(found)
            return list(found["name"])

    assert names(kind="chemical") == ["厂"]
    assert names(village="V1") == ["厂"]
    assert names(window=(99.79, 39.32, 99.805, 39.335)) == ["店"]
    assert names(limit=1, offset=1) == ["店"]
    assert names(kind="gas") == []


def test_a_question_a_register_cannot_answer_finds_nothing(filled):
    with filled() as session:
        assert town.count_register(session, "constraints", RegisterQuery(village="V1")) == 0
        assert town.count_register(session, "groups", RegisterQuery(kind="x")) == 0


def test_a_force_is_given_its_station_only_where_the_name_is_clear(filled):
    with filled.begin() as session:
        town.append_register(session, "stations", frame([HERE, HERE], name=["三站", "三站"]))
        forces.station_forces(session)
        assert forces.station_names(session) == {"一站": 1, "二站": 1, "三站": 2}
        assert list(town.read_register(session, "forces")["station_id"].notna()) == [True, False, False]


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE enterprises SET sector = 'alchemy'", "sector_known"),
        ("UPDATE enterprises SET staff = -1", "staff_counted"),
        ("UPDATE enterprises SET major_hazard_level = 5", "major_hazard_level_known"),
        ("UPDATE enterprises SET inventory = '{}'", "inventory_is_a_list"),
        ("UPDATE enterprises SET geom = ST_GeomFromText('POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))', 4490)", "geometry_sound"),
        ("UPDATE enterprises SET geom = ST_GeomFromText('POINT EMPTY', 4490)", "geometry_sound"),
        ("UPDATE stations SET kind = 'castle'", "kind_known"),
        ("UPDATE forces SET kind = 'army'", "kind_known"),
        ("UPDATE forces SET crew = -3", "crew_and_turnout_counted"),
        ("UPDATE forces SET state = 'lost'", "state_known"),
        ("UPDATE forces SET unknown_capabilities = '{flying}'", "unknown_capabilities_are_capabilities"),
        ("UPDATE forces SET capabilities = '{NULL}', unknown_capabilities = '{}'", "capabilities_are_words"),
        ("UPDATE forces SET geom = ST_GeomFromText('LINESTRING(0 0, 1 1)', 4490)", "Geometry type"),
        ("DELETE FROM stations WHERE name = '一站'", "fk_forces_station_id"),
        ("INSERT INTO facilities (name, kind, geom) VALUES ('x', 'castle', ST_GeomFromText('POINT(0 0)', 4490))", "kind_known"),
        ("INSERT INTO facilities (name, capacity, geom) VALUES ('x', -1, ST_GeomFromText('POINT(0 0)', 4490))", "size_counted"),
        ("INSERT INTO buildings (floors, geom) VALUES (0, ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))', 4490))", "floors_counted"),
        ("INSERT INTO village_groups (name, population, geom) VALUES ('x', -1, ST_GeomFromText('POINT(0 0)', 4490))", "people_counted"),
        ("INSERT INTO constraint_surveys (kind, name, extent_kind) VALUES ('forest', 'x', 'zones')", "kind_known"),
        ("INSERT INTO constraint_surveys (kind, name, extent_kind) VALUES ('farmland', 'x', 'file')", "extent_unless_zones"),
    ],
)  # fmt: skip
def test_the_database_itself_refuses_what_no_register_may_hold(filled, statement, constraint):
    with filled.begin() as session:
        forces.station_forces(session)
    with pytest.raises((IntegrityError, DBAPIError), match=constraint), filled.begin() as session:
        session.execute(text(statement))


def test_constraint_areas_are_kept_with_the_ground_they_speak_for(sessions):
    town_ground = shapely.box(99.7, 39.2, 99.9, 39.4)
    areas = frame([shapely.multipolygons([PLANT])], name=["田"], source_id=["f-1"])
    with sessions.begin() as session:
        whole = constraints.NewConstraints("farmland", "基本农田", extent_kind="file", extent=town_ground)
        first = constraints.save_constraints(session, whole, areas)
        second = constraints.save_constraints(session, constraints.NewConstraints("urban_boundary", "边界"), areas)
    with sessions() as session:
        surveys = constraints.read_constraint_surveys(session)
        kept = town.read_register(session, "constraints", RegisterQuery(kind="farmland"))
    assert list(surveys["id"]) == [first, second]
    assert surveys.geometry.iloc[0].equals(town_ground)
    assert surveys.geometry.iloc[1] is None
    assert (kept["survey_id"].iloc[0], kept["name"].iloc[0]) == (first, "田")


def test_light_buildings_are_rounded_to_a_decimetre_and_cut_to_the_window(sessions):
    near, far = shapely.box(99.80000012, 39.3, 99.8002, 39.3002), shapely.box(99.9, 39.3, 99.9002, 39.3002)
    with sessions.begin() as session:
        town.append_register(session, "buildings", frame([near, far], floors=[2, None]))
        found = town.light_buildings(session, (99.79, 39.29, 99.81, 39.31))
        assert len(town.light_buildings(session, None)) == 2
    assert list(found["floors"]) == [2]
    assert found.geometry.iloc[0].bounds[0] == 99.8


def test_a_picture_is_replaced_by_the_next_of_its_name(sessions):
    with sessions.begin() as session:
        assert pictures.find_picture(session, "hillshade") is None
        for content in (b"first", b"second"):
            pictures.save_picture(session, "hillshade", content, bounds=(99, 39, 100, 40), size=(3, 2), synthetic=True)
    with sessions() as session:
        note = pictures.find_picture(session, "hillshade")
        assert pictures.read_picture(session, "hillshade") == b"second"
    assert note is not None
    assert (note.bounds, note.width, note.height, len(note.digest)) == ((99, 39, 100, 40), 3, 2, 64)


def test_the_word_for_what_nobody_knows_is_a_code_of_its_list():
    lists = [one for one in vars(words).values() if isinstance(one, words.WordList)]
    assert len(lists) > 10
    assert all(one.default is None or one.default in one.codes for one in lists)
