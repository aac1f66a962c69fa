"""Trials over HTTP: other bounds and weights on a recorded run, and nothing of it is ever kept."""

import json

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from app.assessments.service import GradingOrder, grade_town
from app.platform.deployment import Deployment
from app.platform.work import Work
from gis_layers.stores import places
from tests.app.seeds import publish_zones, seeded_database
from tests.saying import CHINESE, tells

GROUND = shapely.box(99.70, 39.20, 99.90, 39.40)
COUNTS = "SELECT (SELECT count(*) FROM grading_runs), (SELECT count(*) FROM graded_areas), (SELECT count(*) FROM audit_entries)"


@seeded_database("surveyed")
def graded(deployment: Deployment) -> None:
    """Four villages from bad ground to good."""
    publish_zones(deployment, "earthquake", GROUND, grade=("低", 5, "quake5"))
    publish_zones(deployment, "meteorological", GROUND, grade=("低", 4, "met4"))
    homes = [shapely.box(99.75 + 0.02 * n, 39.30, 99.77 + 0.02 * n, 39.32) for n in range(4)]
    for home, name, rank in zip(homes, ("极高", "高", "中", "低"), (1, 2, 3, 4), strict=True):
        publish_zones(deployment, "flood", home, grade=(name, rank, "flood4"))
    publish_zones(deployment, "geological", homes[0], grade=("极高", 1, "geo4"))
    frame = gpd.GeoDataFrame(
        {"code": list("abcd"), "name": ["甲村", "乙村", "丙村", "丁村"], "population": [10, 20, 30, 40]},
        geometry=[shapely.multipolygons([home]) for home in homes],
        crs=4490,
    )
    with deployment.sessions.begin() as session:
        places.append_places(session, "villages", frame)
        grade_town(Work(session, deployment), GradingOrder("village", "officer"))


def post(client, **form):
    return client.post("/api/trials", json=form)


def test_breaks_are_shown_beside_the_published_ones_with_fit_and_changes(client, graded):
    told = client.get("/api/trials").json()
    by_method = {trial["method"]: trial for trial in told["trials"]}
    assert set(by_method) == {"fixed", "natural", "deviation"}
    assert by_method["fixed"]["changed"] == 0
    assert by_method["natural"]["gvf"] >= by_method["fixed"]["gvf"]
    natural = by_method["natural"]
    assert natural["changed"] == len(natural["moves"]) == natural["worse"] + natural["milder"]
    assert told["published"] is False
    assert told["why_not_natural"]
    assert all(one["holds"] for one in told["examples"])
    assert sum(told["entropy"]["weights"].values()) == pytest.approx(1)


def test_consistent_judgements_are_tried_and_contradictory_ones_refused_with_their_ratio(client, graded):
    judged = client.get("/api/trials").json()["judgements"]
    answer = post(client, judgements=judged).json()
    assert answer["consistency"]["ratio"] == pytest.approx(0.0074, abs=5e-5)
    assert answer["trial"]["changed"] == 0
    assert answer["trial"]["stability"]["rho"] == pytest.approx(1)
    judged[0][4], judged[4][0] = "1/4", "4"
    refused = post(client, judgements=judged).json()
    assert refused["consistency"] == {"ratio": pytest.approx(0.3478, abs=5e-5), "largest_eigenvalue": pytest.approx(6.5582, abs=5e-5), "accepted": False}  # fmt: skip
    assert refused["trial"] is None


def test_weights_are_scaled_shared_by_hazards_and_tried(client, graded):
    flood_only = {"flooding": 50, "geological": 0, "earthquake": 0, "meteorological": 0, "wildfire": 0}
    answer = post(client, weights=flood_only).json()
    assert answer["criteria_weights"]["flooding"] == 1
    assert answer["trial"]["weights"]["flood"] == answer["trial"]["weights"]["flash_flood"] == 0.5
    assert answer["trial"]["stability"]["of_worst"] == 4


REFUSED = [
    ({}, 422),
    ({"weights": {"flooding": 1}}, 422),
    ({"weights": {"flooding": 0, "geological": 0, "earthquake": 0, "meteorological": 0, "wildfire": 0}}, 422),
    ({"weights": {"flooding": -1}}, 422),
    ({"judgements": [["1"]]}, 422),
    ({"judgements": [["1", "x"], ["1", "1"]]}, 422),
    ({"judgements": [["2"] * 5] * 5}, 422),
    ({"judgements": [["1"] * 5] * 5, "weights": {"flooding": 1}}, 422),
    ({"judgements": [["1"] * 5] * 5, "run": 99}, 404),
    ({"judgements": [["1"] * 5] * 5, "unit": "grid"}, 409),
]


def test_what_makes_no_sense_is_refused_with_a_reason(client, graded):
    answers = [post(client, **form) for form, _ in REFUSED]
    assert [answer.status_code for answer in answers] == [status for _, status in REFUSED]
    assert all(answer.json()["detail"] for answer in answers)


def test_a_trial_keeps_nothing_and_there_is_no_way_to_publish_one(client, deployment, graded):
    def counted():
        with deployment.engine.connect() as connection:
            return tuple(connection.execute(text(COUNTS)).one())

    client.get("/api/session")  # the first use of the token is audited, whatever it is used for
    before = counted()
    client.get("/api/trials")
    post(client, judgements=[["1"] * 5] * 5)
    assert counted() == before
    routes = {(method, path) for path, methods in client.get("/openapi.json").json()["paths"].items() for method in methods if "trial" in path}  # fmt: skip
    assert routes == {("get", "/api/trials"), ("post", "/api/trials")}


def test_the_page_says_first_that_nothing_is_published_and_links_both_ways(client, graded):
    page = client.get("/areas/trial").text
    assert page.index("试算，不发布") < page.index("<table")
    assert tells(
        page,
        "自然断点由这一批数据自己决定：一个村的得分变了，别的村的等级也会跟着变，两次结果不能比较，"
        "所以不能作为审批和处罚依据的法定阈值；已发布的等级只用规则库里的固定断点",
    )
    assert "/maps/areas?unit=village" in page
    assert "/areas/trial" in client.get("/maps/areas").text


def test_an_english_chart_names_its_trials_in_english(client, graded):
    page = client.get("/areas/trial?lang=en").text
    figures = json.loads(page.partition('id="trial-figures">')[2].partition("</script>")[0])
    assert [trial["name"] for trial in figures["trials"] if CHINESE.search(trial["name"])] == []


def test_without_a_run_the_page_says_how_to_grade(client):
    assert 'href="/maps/areas?unit=grid#order"' in client.get("/areas/trial?unit=grid").text
    assert client.get("/api/trials").json()["run"] is None
