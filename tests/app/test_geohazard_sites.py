"""Geohazard sites: recognised and struck off by document, watched, patrolled, told with the risk zones they lie in."""
# ruff: noqa: F811 - fixtures of other files

import pytest
import shapely
from sqlalchemy import text

from app.platform.principals import Role
from gis_layers.stores.lists import LISTED
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.saying import tells

SLOPE = shapely.box(99.780, 39.300, 99.790, 39.310)
SITE = {
    "code": "DZ-7", "name": "<i>示例沟</i>", "kind": "debris_flow", "recognised_by": "示自然资发〔2026〕1号", "recognised_on": "2026-03-01",
    "geometry": {"type": "Point", "coordinates": [99.785, 39.305]},
}  # fmt: skip
ADDRESS = "/api/geohazard-sites"


@seeded_database("surveyed")
def sloping(deployment) -> None:
    publish_zones(deployment, "geological", SLOPE, grade=("高", 2, "geo4"), name="南坡")


@pytest.fixture
def officer(as_, sloping):
    return as_(Role.OFFICER)


def made(officer, **told):
    answer = officer.post(ADDRESS, json={**SITE, **told})
    assert answer.status_code == 201, answer.text
    return answer


def test_a_site_is_recognised_watched_and_struck_off_by_document(officer):
    answer = made(officer)
    one, site = answer.headers["location"], answer.json()
    assert (site["state"], site["households"], site["people"]) == ("recognised", None, None), "unknown is no 0"
    assert [(zone["hazard"], zone["grade"], zone["name"]) for zone in site["zones"]] == [("geological", "高", "南坡")]
    refused = officer.post(f"{one}/steps", json={"step": "monitor"})
    assert (refused.status_code, refused.json()["code"]) == (409, "unready")
    assert refused.json()["errors"][0]["field"] == "contact_name"
    seen = {"If-Match": officer.get(one).headers["ETag"]}
    told = {"contact_name": "孙某", "contact_phone": "13900001234", "people": 0}
    changed = officer.patch(one, json=told, headers=seen)
    assert (changed.json()["people"], changed.json()["households"]) == (0, None)
    assert officer.patch(one, json=told, headers=seen).status_code == 412
    assert officer.post(f"{one}/steps", json={"step": "monitor"}).json()["state"] == "monitored"
    assert officer.post(f"{one}/steps", json={"step": "strike_off"}).status_code == 422, "never without its document"
    off = {"step": "strike_off", "struck_off_by": "示自然资发〔2026〕9号", "struck_off_on": "2026-02-01"}
    assert officer.post(f"{one}/steps", json=off).json()["code"] == "days"
    ended = officer.post(f"{one}/steps", json={**off, "struck_off_on": "2026-04-01"}).json()
    assert (ended["state"], ended["struck_off_by"], ended["next_steps"]) == ("struck_off", off["struck_off_by"], [])
    assert [act["step"] for act in ended["acts"]] == ["recognise", "monitor", "strike_off"]
    seen = {"If-Match": officer.get(one).headers["ETag"]}
    for refused in (officer.patch(one, json={"name": "改"}, headers=seen), officer.post(f"{one}/steps", json=off)):
        assert (refused.status_code, refused.json()["code"]) == (409, "ended")


def test_patrols_are_kept_and_never_changed(officer, deployment):
    one = made(officer).headers["location"]
    seen = {"day": "2026-04-02", "finding": "changed", "said": "沟口新增堆积"}
    acts = officer.post(f"{one}/patrols", json=seen).json()["acts"]
    assert (acts[-1]["kind"], acts[-1]["content"]["finding"], acts[-1]["comment"]) == (
        "patrol",
        "changed",
        seen["said"],
    )
    assert officer.post(f"{one}/patrols", json={**seen, "day": "2999-01-01"}).json()["code"] == "days"
    assert officer.post(f"{one}/patrols", json={**seen, "finding": "fine"}).status_code == 422
    with pytest.raises(Exception, match="keeps what it holds"), deployment.sessions.begin() as session:
        session.execute(text("UPDATE geohazard_site_acts SET comment = ''"))


def test_a_site_is_no_hidden_danger_and_its_watcher_is_masked_for_those_who_only_look(officer, as_):
    one = made(officer, contact_name="孙某", contact_phone="13900001234").headers["location"]
    viewer = as_(Role.VIEWER, "guest")
    assert viewer.get(one).json()["contact_phone"] == "139****1234"
    assert "13900001234" not in viewer.get("/registers/geohazard-sites").text
    assert viewer.post(ADDRESS, json=SITE).status_code == 403
    assert officer.get("/api/hidden-dangers").json()["total"] == 0
    assert LISTED["geohazard-sites"] is not LISTED["hidden-dangers"]
    assert officer.post(ADDRESS, json=SITE).json()["code"] == "taken"
    for wrong in ({"people": -1}, {"people": 1e30}, {"kind": "战争"}, {"recognised_by": " "}, {"recognised_by": None}):
        assert officer.post(ADDRESS, json={**SITE, "code": "DZ-8", **wrong}).status_code == 422, wrong


def test_the_pages_show_what_is_unknown_as_unknown(officer):
    number = made(officer, geometry={"type": "Point", "coordinates": [99.85, 39.36]}).json()["id"]
    page = officer.get(f"/geohazard-sites/{number}").text
    assert page.count("未统计") == 2
    assert tells(page, "现行区划中没有一个地质灾害区包含这个点；请核对位置或区划。")
    assert "&lt;i&gt;示例沟" in page
    for address in (
        "/geohazard-sites/new",
        f"/geohazard-sites/{number}/change",
        "/registers/geohazard-sites",
        "/downloads/geohazard-sites.csv",
    ):
        assert officer.get(address).status_code == 200, address
