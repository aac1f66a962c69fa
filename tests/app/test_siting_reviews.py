"""Joint reviews: opened on a check, answered by departments, held to conditions, decided, carried through the gates."""
# ruff: noqa: F811 - fixtures of other files

import pytest
import shapely

from app.platform.principals import Role
from tests.app.conftest import site
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_rulebook_versions import as_  # noqa: F401

RIVER = shapely.box(99.780, 39.300, 99.790, 39.310)
ADDRESS = "/api/siting/reviews"
SAFE, FLOODED = shapely.box(99.8000, 39.3000, 99.8010, 39.3010), shapely.box(99.7850, 39.3050, 99.7860, 39.3060)
BANNED = "prohibited"


@seeded_database("surveyed")
def flooded(deployment) -> None:
    publish_zones(deployment, "flood", RIVER, grade=("中", 3, "flood4"), name="河滩")


@pytest.fixture
def planner(as_, flooded):
    return as_(Role.PLANNER)


def opened(planner, ground=FLOODED, project_class="K2", **told):
    answer = planner.post(
        ADDRESS, json={**site(ground, project_class, name="<i>示例小学"), "stage": "planning", **told}
    )
    assert answer.status_code == 201, answer.text
    return answer


def on_paper(department, opinion="agree", **told):
    return {"department": department, "opinion": opinion, "signer": "赵示范", "document": "示函〔2026〕1号", **told}


def test_a_review_is_opened_answered_and_decided(planner):
    answer = opened(planner)
    one, review = answer.headers["location"], answer.json()
    print({k: v for k, v in review.items() if k != "evidence"})
    assert review["verdict"] == "restricted", review["evidence"]
