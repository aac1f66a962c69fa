"""Guidance figures over HTTP: counted by village and grade, frozen as baselines, exported, with the nearest safer ground."""

import datetime
import io

import geopandas as gpd
import openpyxl
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.assessments.service import GradingOrder, grade_town
from app.guidance.changes import by_year, compare
from app.guidance.relocation import direction_of
from app.main import create_app
from app.platform.deployment import Deployment
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.stores import constraints, places, town
from tests.app.seeds import publish_zones, seeded_database
from tests.app.visitors import audited, set_clock
from tests.saying import CHINESE

WEST, EAST = shapely.box(99.75, 39.30, 99.77, 39.32), shapely.box(99.77, 39.30, 99.79, 39.32)
GROUND = shapely.box(99.70, 39.20, 99.90, 39.40)
WICKED = "=HYPERLINK(1)"


@seeded_database("surveyed")
def graded(deployment: Deployment) -> None:
    """West on high ground, east on low; a school and a plant in the west, a house in each village."""
    publish_zones(deployment, "earthquake", GROUND, grade=("低", 5, "quake5"))
    publish_zones(deployment, "meteorological", GROUND, grade=("低", 4, "met4"))
    for hazard, scheme in (("flood", "flood4"), ("geological", "geo4")):
        publish_zones(deployment, hazard, WEST, grade=("极高", 1, scheme))
    with deployment.sessions.begin() as session:
        villages = gpd.GeoDataFrame(
            {"code": ["w", "e"], "name": ["西村", "东村"], "population": [1000, 200]},
            geometry=[shapely.multipolygons([shape]) for shape in (WEST, EAST)],
            crs=4490,
        )
        places.append_places(session, "villages", villages)
        school = gpd.GeoDataFrame(
            {"name": [WICKED, "广场"], "kind": ["school", "market"]},
            geometry=[shapely.Point(99.76, 39.31)] * 2,
            crs=4490,
        )
        town.append_register(session, "facilities", school)
        plants = gpd.GeoDataFrame(
            {"name": ["化工厂", "小店"], "sector": ["chemical", "commerce"], "inventory": [[], []]},
            geometry=[shapely.Point(99.762, 39.31), shapely.Point(99.78, 39.31)],
            crs=4490,
        )
        town.append_register(session, "enterprises", plants)
    with deployment.sessions.begin() as session:
        grade_town(Work(session, deployment), GradingOrder("grid", "officer", 250.0))


@pytest.fixture
def officer(deployment, token):
    app = create_app(deployment, loopback=True)
    clock = set_clock(app)
    with TestClient(app, headers={"Authorization": f"Bearer {token(Role.OFFICER)}"}) as opened:
        opened.clock = clock
        yield opened


def kpi_of(client, query=""):
    answer = client.get(f"/api/kpi{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_before_any_grading_everything_is_unknown_and_nothing_is_low(client, deployment):
    with deployment.sessions.begin() as session:
        frame = gpd.GeoDataFrame(
            {"code": ["w"], "name": ["西村"], "population": [7]}, geometry=[shapely.multipolygons([WEST])], crs=4490
        )
        places.append_places(session, "villages", frame)
    told = kpi_of(client)
    assert told["ground"]["run"] is None
    assert told["total"]["people"] == {"0": 7, "1": 0, "2": 0, "3": 0, "4": 0, "5": 0}
    assert client.get("/kpi").status_code == 200


def test_people_facilities_and_enterprises_are_counted_by_village_and_grade(client, graded):
    told = kpi_of(client)
    assert told["ground"]["unit"] == "grid"
    assert told["rulebook"]["fingerprint"]
    west, east = told["villages"]
    assert (west["name"], sum(west["people"].values()), sum(east["people"].values())) == ("西村", 1000, 200)
    assert west["people"]["2"] + west["people"]["1"] > 900
    assert east["people"]["4"] + east["people"]["5"] > 150
    assert sum(told["total"]["facilities"].values()) == 2, "the school and the hazardous plant, not the market"
    assert sum(told["total"]["enterprises"].values()) == 2
    assert told["people_method"] == {"dwellings": 0, "area": 2, "uncounted": []}


def test_what_stands_high_is_listed_with_the_nearest_ground_that_may_receive(client, graded):
    told = kpi_of(client)
    high = {item["name"]: item for item in told["high"]["items"]}
    assert {WICKED, "化工厂", "西村"} <= set(high)
    assert high["西村"]["people"] > 900
    goal = high["化工厂"]["receiving"]
    assert 400 < goal["distance_m"] < 2500
    assert goal["constraints_surveyed"] is False
    assert told["receiving"]["distance"] == "straight"
    assert {one["kind"]: one["surveyed_share"] for one in told["receiving"]["constraints"]} == {
        "farmland": None,
        "ecological_redline": None,
    }


def test_farmland_receives_nobody_and_half_a_survey_is_said(client, deployment, graded):
    free = {item["id"]: item["receiving"]["distance_m"] for item in kpi_of(client)["high"]["items"]}
    whole = gpd.GeoDataFrame({"name": [None], "source_id": [None]}, geometry=[shapely.multipolygons([EAST])], crs=4490)
    with deployment.sessions.begin() as session:
        survey = constraints.NewConstraints("farmland", "永久基本农田", extent_kind="file", extent=EAST)
        constraints.save_constraints(session, survey, whole)
    told = kpi_of(client)
    assert told["receiving"]["constraints"][0]["surveyed_share"] == pytest.approx(0.5, abs=0.01)
    for item in told["high"]["items"]:
        assert item["receiving"] is None or item["receiving"]["distance_m"] >= free[item["id"]]
    assert told["receiving"]["area_m2"] < 1e6


def test_a_baseline_is_kept_by_an_officer_for_good_and_change_is_told_by_year(officer, deployment, graded):
    kept = officer.post("/api/kpi/baselines", json={"name": "2026 年底", "reason": "三年行动收官"})
    assert kept.status_code == 201
    assert kept.headers["Location"] == f"/api/kpi/baselines/{kept.json()['id']}"
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE villages SET population = 800 WHERE code = 'w'"))
    officer.clock.pass_(days=731)
    told = kpi_of(officer)
    change = told["change"]
    assert told["baseline"]["name"] == "2026 年底"
    assert sum(change["total"]["people"].values()) == -200
    assert sum(change["per_year"]["people"].values()) == pytest.approx(-100, abs=1)
    assert (change["comparable"], change["caution"]) == (True, None)
    assert [point["year"] for point in told["series"]] == [2026, 2028]
    assert ("token:test", "keep baseline") in audited(deployment)
    assert officer.get("/api/kpi/baselines").json()["total"] == 1
    assert officer.get(kept.headers["Location"]).json()["villages"][0]["name"] == "西村"
    for change in ("UPDATE guidance_baselines SET name = 'x'", "DELETE FROM guidance_baselines"):
        with pytest.raises(DBAPIError), deployment.sessions.begin() as session:
            session.execute(text(change))
    page = officer.get("/kpi").text
    assert "2026 年底" in page
    assert "keep-baseline" in page


def test_a_baseline_on_other_units_is_compared_with_a_caution(officer, deployment, graded):
    officer.post("/api/kpi/baselines", json={"name": "格网", "reason": "试"})
    with deployment.sessions.begin() as session:
        grade_town(Work(session, deployment), GradingOrder("grid", "officer", 500.0))
    change = kpi_of(officer)["change"]
    assert change["comparable"] is False
    assert change["per_year"] is None
    assert change["caution"]


def test_baselines_need_an_officer_a_name_a_reason_and_something_graded(client, officer, deployment):
    form = {"name": "基线", "reason": "试"}
    assert client.post("/api/kpi/baselines", json=form).status_code == 403
    assert officer.post("/api/kpi/baselines", json=form).status_code == 409
    assert officer.post("/api/kpi/baselines", json={"name": " ", "reason": "试"}).status_code == 422
    assert client.get("/api/kpi?baseline=9").status_code == 404
    assert client.get("/api/kpi/baselines/9").status_code == 404


def test_the_workbook_has_safe_cells_and_says_where_it_comes_from(client, graded):
    answer = client.get("/api/kpi/export.xlsx")
    assert "anzhi-kpi-" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["汇总", "分村", "高风险对象", "说明"]
    names = [row[1].value for row in book["高风险对象"].iter_rows(min_row=2)]
    assert f"'{WICKED}" in names
    notes = {row[0].value: row[1].value for row in book["说明"].iter_rows(min_row=2)}
    assert notes["声明"].startswith("筛查意见")
    assert "按面积推算" in notes["人口方法"]
    assert "未载入" in notes["约束调查"]
    assert notes["使用范围"] == "内部资料"
    english = openpyxl.load_workbook(io.BytesIO(client.get("/api/kpi/export.xlsx?lang=en").content))
    heads = [str(cell.value) for sheet in english for cell in sheet[1]]
    assert [head for head in [*english.sheetnames, *heads] if CHINESE.search(head)] == []


def test_the_page_escapes_names_and_has_a_table_beside_every_chart(client, graded, deployment):
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE facilities SET name = '<script>alert(1)</script>' WHERE kind = 'school'"))
    page = client.get("/kpi").text
    assert "<script>alert(1)" not in page
    assert page.count("data-chart=") == 5
    assert page.count("<table") >= 6


def test_villages_known_to_one_side_only_are_named_and_not_counted():
    def row(key, people):
        return {"key": key, "name": key, "people": people, "facilities": {"1": 0}, "enterprises": {"1": 0}}

    change = compare([row("a", {"1": 5}), row("b", {"1": 2}), row("n", None)],
                     [row("a", {"1": 3}), row("c", {"1": 9}), row("n", {"1": 1})], years=1.0)  # fmt: skip
    assert change["total"]["people"] == {"1": 2}
    assert (change["only_now"], change["only_then"]) == (["b"], ["c"])
    assert change["villages"][1]["people"] is None


def test_of_each_year_the_last_figures_stand():
    moments = [
        datetime.datetime(year, month, 1, tzinfo=datetime.UTC) for year, month in ((2025, 1), (2025, 6), (2024, 2))
    ]
    points = by_year([(moment, {"n": number}) for number, moment in enumerate(moments)])
    assert [(point["year"], point["total"]["n"]) for point in points] == [(2024, 2), (2025, 1)]


@pytest.mark.parametrize(
    ("bearing", "words"), [(0, "北"), (44, "东北"), (181, "南"), (350, "北"), (float("nan"), None)]
)
def test_bearings_are_told_by_eight_directions(bearing, words):
    assert direction_of(bearing) == words
