"""Places to compare with over HTTP: what is answered for each is what a check of it answers."""
# ruff: noqa: F811 - fixtures of other files

import json

import pytest
import shapely

from app.platform.principals import Role
from app.siting.alternatives import TITLE, compare
from tests.app.conftest import site
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_kept_papers import attached
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_told_opinions import text_of_pdf
from tests.recomputed.reports import compared_ground

ADDRESS = "/api/siting/alternatives"
ROLES = ("alternative", "smallest_move", "smallest_cut")
CREEK = shapely.box(99.7995, 39.2995, 99.8015, 39.3015)
SITE = shapely.box(99.8000, 39.3000, 99.8010, 39.3010)


@seeded_database("surveyed")
def creek(deployment) -> None:
    publish_zones(deployment, "flash_flood", CREEK, grade=("极高", 1, "flash3"), name="<b>冲沟")


@pytest.fixture
def planner(as_, creek):
    return as_(Role.PLANNER)


def asked(planner, ground=SITE, project_class="K2", **told):
    answer = planner.post(ADDRESS, json={**site(ground, project_class), "within_m": 800, "count": 3, **told})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_place_answers_as_a_check_of_it_does_and_leaves_no_record(planner):
    told = asked(planner)
    assert told["original"]["verdict"] == "prohibited"
    assert len(told["alternatives"]) == 3
    assert told["title"] == TITLE
    for place in told["alternatives"]:
        feature = {**site(SITE, "K2"), "geometry": place["geometry"]}
        checked = planner.post("/api/siting/check", json=feature).json()
        assert (checked["verdict"], checked["data_gaps"]) == (place["verdict"], place["data_gaps"])
        assert checked["site"]["area_m2"] == pytest.approx(planner.post("/api/siting/check", json=site(SITE, "K2")).json()["site"]["area_m2"], rel=1e-4)  # fmt: skip
        changed = {one["theme"]: one for one in place["differences"]}
        assert changed["flash_flood"]["before"]["verdict"] == "prohibited"
        assert changed["flash_flood"]["after"]["verdict"] != "prohibited"
    move = told["smallest_move"]
    moved = planner.post("/api/siting/check", json={**site(SITE, "K2"), "geometry": move["geometry"]}).json()
    assert moved["verdict"] == move["verdict"] != "prohibited"
    assert 0 < move["moved_m"] < 400
    before = planner.get("/api/siting/checks").json()["total"]
    asked(planner)
    assert planner.get("/api/siting/checks").json()["total"] == before


def test_where_there_is_none_it_is_said_why_in_the_language_of_the_asker(planner):
    far = asked(planner, shapely.box(99.60, 39.16, 99.601, 39.161))
    assert far["alternatives"] == [] or all(one["verdict"] != "insufficient_data" for one in far["alternatives"])
    english = planner.post(f"{ADDRESS}?lang=en", json={**site(SITE, "K6"), "within_m": 60}).json()
    assert english["title"].startswith("Ground to compare with")
    assert (english["smallest_move"] is None) == (english["no_move_because"] is not None)
    assert (
        (english["smallest_cut"] is None) == (english["no_cut_because"] is not None) == (english["no_cut"] is not None)
    )
    assert english["no_cut_because"].startswith("less than three tenths")
    assert (english["alternatives"] == []) == (english["none_because"] is not None)
    for wrong in ({"within_m": 1e9}, {"within_m": -1}, {"count": 0}, {"count": 10**6}, {"within_m": "NaN"}):
        assert planner.post(ADDRESS, json={**site(SITE), **wrong}).status_code == 422, wrong


def test_places_kept_with_a_check_are_those_that_were_named_and_stand_on_its_papers(planner, deployment, tmp_path):
    body = {**site(SITE, "K2"), "within_m": 800, "count": 3}
    named = asked(planner)
    answer = planner.post(f"{ADDRESS}/check", json=body)
    assert answer.status_code == 200, answer.text
    kept, record = answer.json()["alternatives"], answer.json()["record"]
    for one, other in zip(kept["alternatives"], named["alternatives"], strict=True):
        assert one == {name: other[name] for name in one}
    sentences = {"none_because", "no_move_because", "no_cut_because"}
    assert set(kept) == set(named) - {"title", "edition", "rulebook", "disclaimer", *sentences}
    stored = planner.get(f"/api/siting/checks/{record['number']}")
    assert stored.json()["result_digest"] == record["result_digest"]
    plain = planner.post("/api/siting/check", json=site(SITE, "K2")).json()
    assert "alternatives" not in plain
    assert {**answer.json(), "record": None, "alternatives": None} == {**plain, "record": None, "alternatives": None}

    papers = f"/api/siting/checks/{record['number']}/report"
    for language, title, first in (("zh", str(TITLE), "第 1 处"), ("en", "Ground to compare with", "Place 1")):
        page = planner.get(f"{papers}.html?lang={language}").text
        assert title in page
        assert first in page
        assert "<b>冲沟" not in page
    content = planner.get(f"{papers}.pdf").content
    told = text_of_pdf(content)
    for place in kept["alternatives"]:
        assert f"移动{round(place['moved_m'])}m" in told
    publish_zones(deployment, "flash_flood", SITE.buffer(0.02), grade=("极高", 1, "flash3"), name="新沟")
    assert planner.get(f"{papers}.pdf").content == content
    files = attached(content, tmp_path)
    assert json.loads(files["evidence.json"])["alternatives"] == kept
    ground = json.loads(files["evidence.geojson"])
    by_place = {("alternative", rank): one for rank, one in enumerate(kept["alternatives"], 1)}
    by_place |= {(role, 0): kept[role] for role in ("smallest_move", "smallest_cut") if kept[role]}
    told_of = {(one["properties"]["role"], one["properties"].get("rank", 0)): one for one in ground["features"]}
    assert {place for place in told_of if place[0] in ROLES} == set(by_place)
    for place, one in by_place.items():
        said = {name: told for name, told in told_of[place]["properties"].items() if name not in ("role", "rank")}
        assert {**said, "geometry": told_of[place]["geometry"]} == one
    measured = compared_ground(ground)
    assert set(measured) == set(by_place)
    for place, values in measured.items():
        for name, value in values.items():
            assert by_place[place][name] == pytest.approx(value, rel=1e-3, abs=0.05), (place, name)


def test_places_are_not_kept_where_other_zones_came_into_force_meanwhile(planner, deployment, monkeypatch):
    def meanwhile(*given, **more):
        publish_zones(deployment, "flood", CREEK, grade=("中", 3, "flood4"), name="新河滩")
        return compare(*given, **more)

    before = planner.get("/api/siting/checks").json()["total"]
    monkeypatch.setattr("app.siting.alternatives.compare", meanwhile)
    answer = planner.post(f"{ADDRESS}/check", json={**site(SITE, "K2"), "within_m": 60, "count": 1})
    assert answer.status_code == 409, answer.text
    assert planner.get("/api/siting/checks").json()["total"] == before
