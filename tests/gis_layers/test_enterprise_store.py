"""What the database makes impossible of grades and hidden dangers, and what the stores find."""

import datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gis_layers.stores import enterprise_grades, enterprises, hidden_dangers
from gis_layers.stores.enterprise_grades import NewGrade
from gis_layers.stores.enterprises import EnterpriseQuery, InspectionsDue
from risk_model.enterprises import enterprise_terms, next_inspection
from risk_model.enterprises.inspections import add_months
from risk_model.rulebook import load_rulebook
from risk_model.vocabulary import Colour

HERE = shapely.Point(99.80, 39.33)
DAY = datetime.date(2026, 5, 1)
GRADE = {
    "base_grade": "blue", "overlay_grade": "red", "effective_grade": "red", "major_hazard_level": None, "cause": "test",
    "actor": "test", "working": {}, "digest": "d", "rulebook_version": "v", "rulebook_fingerprint": "f",
}  # fmt: skip
LIT = {"code": "Y-1", "state": "rectifying", "channel": "self", "found_on": DAY, "confirmed_on": DAY, "deadline": DAY}


def frame(*rows: dict, geometry: shapely.Geometry = HERE) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(list(rows), dtype=object), geometry=[geometry] * len(rows), crs=4490)


@pytest.fixture
def plant(sessions) -> int:
    with sessions.begin() as session:
        (number,), _ = enterprises.keep_enterprises(session, frame({"name": "试验_厂", "sector": "chemical"}))
        enterprise_grades.record_grade(session, number, NewGrade(**GRADE))
    return number


@pytest.mark.parametrize("change", ["UPDATE enterprise_grades SET cause = 'x'", "DELETE FROM enterprise_grades"])
def test_the_history_of_grades_only_grows(sessions, plant, change):
    with pytest.raises(DBAPIError, match="keeps what it holds"), sessions.begin() as session:
        session.execute(text(change))


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"effective_grade": "green"}, "effective_grade_known"),
        ({"effective_grade": None}, "effective_of_base_and_overlay"),
        ({"major_hazard_level": 5}, "major_hazard_level_known"),
    ],
)
def test_no_grade_is_kept_that_cannot_be(sessions, plant, wrong, constraint):
    with pytest.raises(DBAPIError, match=constraint), sessions.begin() as session:
        enterprise_grades.record_grade(session, plant, NewGrade(**{**GRADE, **wrong}))


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"state": "lost"}, "state_known|major_where_proven"),
        ({"channel": "rumour"}, "channel_known"),
        ({"confirmed_on": None}, "proven_on_a_day"),
        ({"deadline": None}, "deadline_where_in_hand"),
        ({"closed_on": DAY}, "closed_on_a_day"),
        ({"state": "closed"}, "closed_on_a_day"),
        ({"confirmed_on": datetime.date(2026, 4, 1)}, "days_in_order"),
    ],
)
def test_no_danger_is_kept_whose_days_contradict_its_state(sessions, wrong, constraint):
    with pytest.raises(DBAPIError, match=constraint), sessions.begin() as session:
        hidden_dangers.keep_dangers(session, frame({**LIT, **wrong}), by="clerk")


def test_no_risk_point_is_kept_without_the_figures_of_its_method(sessions, plant):
    for point in ({"method": "lec", "figures": {"likelihood": 1}}, {"method": "guess", "figures": {}}):
        with pytest.raises(DBAPIError, match="figures_of_the_method"), sessions.begin() as session:
            enterprises.keep_risk_points(session, plant, [{"name": "点", "conditions": [], **point}])


def test_enterprises_are_found_by_name_colour_sector_and_window(sessions, plant):
    with sessions.begin() as session:
        enterprises.keep_enterprises(
            session, frame({"name": "试验厂二", "sector": "food"}, geometry=shapely.Point(99.9, 39.4))
        )
        count = lambda **asked: enterprises.count_enterprises(session, EnterpriseQuery(**asked))  # noqa: E731
        assert [count(), count(q="试验"), count(q="_厂"), count(q="%"), count(sector="food")] == [2, 2, 1, 0, 1]
        assert [count(colour="red"), count(colour="unassessed"), count(colour="blue")] == [1, 1, 0]
        assert [count(window=(99.7, 39.2, 99.85, 39.35)), count(village="nowhere")] == [1, 0]
        assert list(enterprises.read_enterprises(session)["effective_grade"]) == ["red", None]
        told = enterprises.count_by_colour(session, EnterpriseQuery(colour="red"))
        assert told == {"red": 1, "orange": 0, "yellow": 0, "blue": 0, "unassessed": 1}


def test_an_inspection_is_due_in_the_list_when_it_is_by_the_rules(sessions, plant):
    terms, a_day = enterprise_terms(load_rulebook()), datetime.timedelta(days=1)
    with sessions.begin() as session:
        for last in (None, datetime.date(2024, 1, 31), datetime.date(2026, 1, 30), datetime.date(2026, 11, 30)):
            enterprises.change_enterprise(session, plant, {"last_check": last})
            on_time = add_months(last or DAY, terms.months["red"])
            for on in (on_time - a_day, on_time, on_time + a_day):
                query = EnterpriseQuery(due=InspectionsDue(on, terms.months))
                told = next_inspection(Colour.RED, last, on, terms).overdue
                assert enterprises.count_enterprises(session, query) == told, (last, on)


def test_a_registered_enterprise_is_brought_up_to_date_and_not_doubled(sessions, plant):
    points = [{"name": "点", "method": "matrix", "figures": {"likelihood": 1.0, "severity": 2.0}, "conditions": []}]
    row = {"name": "试验_厂", "staff": 12, "sector": None, "credit_code": "91350100M000100Y43", "risk_points": points}
    with sessions.begin() as session:
        ids, known = enterprises.keep_enterprises(session, frame(row))
        again, _ = enterprises.keep_enterprises(session, frame({"name": "新名", "credit_code": row["credit_code"]}))
        (found,) = enterprises.read_enterprises(session).to_dict("records")
        kept = [one.name for one in enterprises.read_risk_points(session, [plant])]
        twin = {"name": "新名", "credit_code": "91350100M000100Y51"}
        (other,), _ = enterprises.keep_enterprises(session, frame(twin))
    assert ids == known == again == [plant]
    assert other != plant
    assert (found["name"], found["staff"], found["sector"], found["version"]) == ("新名", 12, "chemical", 3)
    assert kept == ["点"]


def test_who_lives_near_is_told_by_houses_else_by_groups_else_not_at_all(sessions):
    window = (99.7, 39.2, 99.9, 39.4)
    with sessions.begin() as session:
        assert enterprises.dwellings_near(session, window)[1] is None
        session.execute(
            text(
                "INSERT INTO village_groups (name, village_code, population, households, geom) "
                "VALUES ('一社', 'v', 90, 30, ST_GeomFromText('POINT(99.8 39.3)', 4490))"
            )
        )
        groups, method = enterprises.dwellings_near(session, window)
        assert (list(groups["people"]), method) == ([90.0], "groups")
        houses = (("一社", 4), ("一社", 0), ("二社", 3))
        for group, households in houses:
            session.execute(
                text(
                    "INSERT INTO buildings (village_code, group_name, households, geom) VALUES ('v', :group, :households, "
                    "ST_GeomFromText('POLYGON((99.8 39.3,99.81 39.3,99.81 39.31,99.8 39.3))', 4490))"
                ),
                {"group": group, "households": households},
            )
        frame_, method = enterprises.dwellings_near(session, window)
        assert method == "buildings"
        assert sorted(frame_["people"].fillna(-1)) == [-1.0, 0.0, 12.0]
