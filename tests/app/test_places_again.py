"""Places to compare with are asked for again wherever a check that held them is judged once more."""
# ruff: noqa: F811 - fixtures of other files

import json

import pytest
import shapely
from shapely.geometry import shape

from app.platform.clock import now
from app.platform.principals import Role
from app.platform.work import Work
from app.reports.evidence import evidence_of
from app.siting.judged_anew import AnewOutcome, judge_anew
from tests.app.conftest import site
from tests.app.seeds import publish_zones
from tests.app.test_alternatives import SITE, creek  # noqa: F401
from tests.app.test_rulebook_versions import as_  # noqa: F401

HALF = shapely.box(99.8000, 39.3000, 99.8005, 39.3010)


@pytest.fixture
def planner(as_, creek):
    return as_(Role.PLANNER)


def checked(planner, **told):
    """The answer on a site with a park that holds places to compare with."""
    park = {"name": "花园", "project_class": "K6", "geometry": HALF.__geo_interface__}
    feature = {**site(SITE, "K2", parts=[park]), "within_m": 700, "count": 2, **told}
    answer = planner.post("/api/siting/alternatives/check", json=feature)
    assert answer.status_code == 200, answer.text
    return answer.json()


def held(planner):
    return checked(planner)["record"]["number"]


def test_the_evidence_of_a_place_holds_its_parts(planner, deployment):
    with deployment.sessions() as session:
        attached = evidence_of(Work(session, deployment), checked(planner), now())
    ground = [(one["properties"], shape(one["geometry"])) for one in json.loads(attached.places.content)["features"]]
    outlines = [one for one in ground if one[0]["role"] in ("alternative", "smallest_move")]
    assert len(outlines) > 1
    for said, outline in outlines:
        of = f"{said['role']}_part", said.get("rank")
        parts = [one for one in ground if (one[0]["role"], one[0].get("rank")) == of]
        assert {one["name"] for one, _ in parts} == {"花园", None}
        assert (shapely.union_all([part for _, part in parts]) ^ outline).area < 1e-10, "a square metre"
        assert said["verdict"] in {one["verdict"] for one, _ in parts}


def answer_of(planner, address):
    review = planner.get(address).json()
    return review["check"], review["evidence"].get("alternatives")


def test_a_review_opened_on_a_check_and_judged_anew_holds_its_places(planner, deployment):
    check = held(planner)
    form = {"check": check, "route": "authorised", "stage": "planning"}
    opened = planner.post("/reviews/new", data=form)
    assert opened.status_code == 303, opened.text
    address = f"/api{opened.headers['location'].replace('/reviews', '/siting/reviews')}"
    first, places = answer_of(planner, address)
    assert places["within_m"] == 700
    assert 0 < len(places["alternatives"]) <= 2
    assert {one["name"] for one in places["alternatives"][0]["parts"]} == {"花园", None}
    publish_zones(deployment, "flood", SITE.buffer(0.0002), grade=("极高", 1, "flood4"), name="河滩")
    with deployment.sessions.begin() as session:
        number = int(address.rsplit("/", 1)[1])
        assert judge_anew(Work(session, deployment), number, now()) is AnewOutcome.CHANGED
    second, again = answer_of(planner, address)
    assert first != second
    assert again["within_m"] == 700
    assert all(one["verdict"] != "prohibited" for one in again["alternatives"])


def test_ones_own_check_made_again_holds_them_and_one_that_held_none_holds_none(planner):
    plain = planner.post("/api/siting/check", json={**site(SITE, "K2"), "within_m": 700}).json()["record"]["number"]
    for number, holds in ((held(planner), True), (plain, False)):
        again = planner.post(f"/siting/checks/{number}/again")
        assert again.status_code == 303, again.text
        page = planner.get(again.headers["location"]).text
        assert ('class="opinion-part compared"' in page) == holds
