"""Many sites judged in the background: handed in as a file, answers fetched as files, equal to the console's."""

import io
import json

import geopandas as gpd
import shapely

from app.platform.deployment import Deployment
from app.worker.loop import work_once
from tests.app.conftest import site
from tests.app.seeds import publish_zones, seeded_database

CLEAR, WET = shapely.box(99.75, 39.30, 99.751, 39.301), shapely.box(99.80, 39.30, 99.801, 39.301)


def sites(*features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def hand_in(client, content, **form):
    return client.post("/api/siting/batch", files={"file": ("sites.geojson", content)}, data=form)


@seeded_database("surveyed")
def flooded(deployment: Deployment) -> None:
    publish_zones(deployment, "flood", shapely.box(99.79, 39.29, 99.81, 39.31), grade=("极高", 1, "flood4"))


def test_every_site_of_a_file_is_judged_and_its_answers_are_fetched(client, deployment, flooded):
    ordered = hand_in(client, sites(site(CLEAR), site(WET)))
    assert ordered.status_code == 202, ordered.text
    assert work_once(deployment)
    job = client.get(ordered.headers["location"]).json()
    assert (job["state"], job["kind"]) == ("done", "check sites")
    assert sum(job["result"]["verdicts"].values()) == 2
    assert set(job["links"]["files"]) == {"check.gpkg", "check.xlsx", "sites.geojson"}
    answer = client.get(job["links"]["files"]["check.gpkg"])
    assert "attachment" in answer.headers["content-disposition"]
    judged = gpd.read_file(io.BytesIO(answer.content), layer="sites")
    for row, shape in zip(judged.itertuples(), (CLEAR, WET), strict=True):
        single = client.post("/api/siting/check", json=site(shape)).json()
        assert row.verdict == single["verdict"]
    assert client.get(f"{ordered.headers['location']}/files/other.gpkg").status_code == 404


def test_sites_without_a_class_take_the_one_given_and_are_refused_without(client, deployment, flooded):
    bare = {"type": "Feature", "properties": {"name": "无类别"}, "geometry": CLEAR.__geo_interface__}
    jobs = [hand_in(client, sites(bare), **form).headers["location"] for form in ({}, {"project_class": "K6"})]
    while work_once(deployment):
        pass
    refused, judged = (client.get(job).json() for job in jobs)
    assert refused["state"] == "failed"
    assert "project_class" in refused["error"]
    assert judged["state"] == "done"


def test_a_class_nobody_understands_is_not_judged_by_the_one_given_for_all(client, deployment, flooded):
    odd = {"type": "Feature", "properties": {"name": "甲", "project_class": "K10"}, "geometry": WET.__geo_interface__}
    bare = {"type": "Feature", "properties": {"name": "乙"}, "geometry": CLEAR.__geo_interface__}
    job = hand_in(client, sites(odd, bare), project_class="K6").headers["location"]
    assert work_once(deployment)
    result = client.get(job).json()["result"]
    assert sum(result["verdicts"].values()) == 1
    assert (result["report"]["features_loaded"], result["report"]["features_refused"]) == (1, 1)
    assert "K10" in " ".join(problem["problem"] for problem in result["report"]["problems"] if problem["feature"] == 0)


def test_a_file_that_is_none_fails_with_the_gates_words(client, deployment, flooded):
    job = hand_in(client, b"no geojson").headers["location"]
    work_once(deployment)
    told = client.get(job).json()
    assert told["state"] == "failed"
    assert told["error"]
    assert told["links"]["files"] == {}


def test_an_empty_file_and_an_unknown_class_are_refused_at_once(client):
    assert hand_in(client, b"").status_code == 422
    assert hand_in(client, sites(site(CLEAR)), project_class="K9").status_code == 422


def test_many_sites_in_parts_are_judged_as_in_one(client, deployment, flooded, monkeypatch):
    from app.judgement import screening

    monkeypatch.setattr(screening, "SITES_A_PART", 2)
    job = hand_in(client, sites(*[site(CLEAR), site(WET)] * 3)).headers["location"]
    work_once(deployment)
    told = client.get(job).json()["result"]["verdicts"]
    assert sorted(count for count in told.values() if count) == [3, 3]


def test_guests_are_asked_to_sign_in_before_they_order(client):
    assert hand_in(client, sites(site(CLEAR))).status_code == 202
    client.headers["Authorization"] = ""
    assert hand_in(client, sites(site(CLEAR))).status_code == 401
