"""Whose ground it is: documents of layers, drafts that rest upon them, and what is refused without them."""
# ruff: noqa: F811 - fixtures of other files

import pytest
import shapely

from app.platform.principals import Role
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import EAST, HIGH, WEST, Officer, done
from tests.saying import tells

BANK = shapely.box(99.820, 39.300, 99.830, 39.310)
NOTICE = {
    "hazard": "river_management", "product": "hazard", "kind": "declaration", "title": "关于公布河道管理范围的公告",
    "number": "示政告〔2026〕2号", "authority": "示例县人民政府", "level": "county", "announced_on": "2026-04-01", "secrecy": "public",
}  # fmt: skip
APPROVAL = {
    **NOTICE, "hazard": "flood", "kind": "approval", "title": "关于洪水风险区划的批复", "number": "示政函〔2026〕5号",
    "announced_on": None, "secrecy": "internal",
}  # fmt: skip


@seeded_database("surveyed")
def banked(deployment) -> None:
    publish_zones(deployment, "flood", WEST, EAST, grade=HIGH)
    publish_zones(deployment, "river_management", BANK)


@pytest.fixture
def officer(as_, banked):
    return Officer(as_(Role.OFFICER))


def zone_at(visitor, hazard, shape):
    items = visitor.get(f"/api/zones?hazard={hazard}").json()["items"]
    return next(one["id"] for one in items if shapely.geometry.shape(one["geometry"]).equals(shape))


def registered(visitor, **told):
    return done(visitor.post("/api/zones/documents", json={**NOTICE, **told}), 201)


def stand(officer, **told):
    answer = officer.visitor.patch(f"{officer.address}/standing", json=told, headers={"If-Match": officer.tag})
    officer.tag = answer.headers.get("ETag", officer.tag)
    return answer


def themes(officer):
    return {one["hazard"]: one for one in officer.visitor.get(f"{officer.address}/standing").json()["themes"]}


def put_forward(officer, approver):
    """Submit, approve, and try to publish."""
    done(officer.take("submit"))
    done(officer.take("approve", approver))
    return officer.take("publish", approver)


def test_declared_ground_stays_a_proposal_until_its_document_is_named(as_, officer):
    approver = as_(Role.APPROVER, "second")
    zone = zone_at(officer.visitor, "river_management", BANK)
    done(officer.edit("update", zone=zone, geometry=shapely.box(99.820, 39.300, 99.832, 39.310).__geo_interface__))
    told = themes(officer)["river_management"]
    assert (told["ground"], told["standing"], told["in_force"]) == ("declared", "awaiting", False)
    assert told["hazard_name"] != told["hazard"]
    refused = put_forward(officer, approver)
    assert (refused.status_code, refused.json()["code"]) == (409, "unready")
    assert refused.json()["errors"][0]["field"] == "river_management/hazard"
    whole = officer.visitor.get(officer.address).json()
    submitted = next(step for step in whole["history"] if step["step"] == "submit")
    assert submitted["content"]["awaiting"] == ["river_management/hazard"]
    notice = registered(officer.visitor)
    officer.tag = officer.visitor.get(officer.address).headers["ETag"]
    answer = done(stand(officer, documents=[notice["id"]]))
    assert (answer["documents"], answer["themes"][0]["standing"]) == ([notice["id"]], "documented")
    assert officer.visitor.get(officer.address).json()["state"] == "open", "what was approved is approved anew"
    edition = done(put_forward(officer, approver))["number"]
    assert officer.visitor.get(f"/api/zones/documents/{notice['id']}").json()["edition"] == edition
    provenance = officer.visitor.get(f"/api/zones/{zone}").json()
    assert [one["number"] for one in provenance["documents"]] == [NOTICE["number"]]
    layers = officer.visitor.get("/api/zones/layers?limit=1000").json()["items"]
    river = [one for one in layers if one["hazard"] == "river_management"]
    assert all(one["ground"] == "declared" and one["documents"] for one in river)
    again = Officer(officer.visitor)
    done(again.edit("delete", zone=zone))
    done(stand(again, documents=[notice["id"]]))
    assert themes(again)["river_management"]["documents"][0]["objection"]
    assert put_forward(again, approver).json()["code"] == "unready", "one notice, one change"
    back = approver.post(f"/api/editions/{edition - 1}/revert", json={"reason": "误划"})
    assert (back.status_code, back.json()["code"]) == (409, "unready")


def test_census_zoning_is_reported_or_only_tightened_once_an_approval_is_on_record(as_, officer):
    west = zone_at(officer.visitor, "flood", WEST)
    done(officer.edit("update", zone=west, attributes={"grade": "极高"}))
    assert themes(officer)["flood"]["standing"] == "own", "nobody is known to have approved it"
    approval = registered(officer.visitor, **APPROVAL)
    assert themes(officer)["flood"]["standing"] == "reported"
    done(stand(officer, standing="supplement"))
    assert themes(officer)["flood"]["standing"] == "tightened"
    done(
        officer.edit("split", zone=west, line={"type": "LineString", "coordinates": [[99.77, 39.305], [99.81, 39.305]]})
    )
    assert themes(officer)["flood"]["standing"] == "tightened", "a split loosens nothing"
    east = zone_at(officer.visitor, "flood", EAST)
    done(officer.edit("update", zone=east, attributes={"grade": "中"}))
    told = themes(officer)["flood"]
    assert (told["standing"], [one["zone"] for one in told["loosened"]]) == ("loosened", [east])
    assert 99.79 < told["loosened"][0]["place"][0] < 99.80
    approver = as_(Role.APPROVER, "second")
    assert put_forward(officer, approver).json()["code"] == "unready"
    officer.tag = officer.visitor.get(officer.address).headers["ETag"]
    assert done(stand(officer, documents=[approval["id"]]))["themes"][0]["standing"] == "documented"
    done(put_forward(officer, approver))


def test_an_undone_edit_and_an_import_await_no_document(as_, officer):
    zone = zone_at(officer.visitor, "river_management", BANK)
    done(officer.edit("delete", zone=zone))
    assert themes(officer)["river_management"]["standing"] == "awaiting"
    done(officer.edit("undo"))
    assert themes(officer) == {}


def test_a_document_is_written_once_seen_and_never_after_an_edition_rests_upon_it(as_, officer):
    visitor = officer.visitor
    notice = registered(visitor)
    address = f"/api/zones/documents/{notice['id']}"
    assert visitor.post("/api/zones/documents", json=NOTICE).json()["code"] == "taken"
    assert visitor.patch(address, json={"title": "改"}).status_code == 428
    assert visitor.patch(address, json={"title": "改"}, headers={"If-Match": '"9"'}).status_code == 412
    seen = {"If-Match": visitor.get(address).headers["ETag"]}
    changed = done(visitor.patch(address, json={"title": "改", "announced_on": None}, headers=seen))
    assert (changed["title"], changed["announced_on"], changed["version"]) == ("改", None, 2)
    for wrong, code in (
        ({"hazard": "没有"}, "rulebook-word"), ({"announced_on": "2999-01-01"}, "days"), ({"secrecy": "secret"}, "state-secret"),
        ({"number": "  "}, "schema"), ({"level": "village"}, "schema"), ({"extra": 1}, "schema"),
    ):  # fmt: skip
        answer = visitor.post("/api/zones/documents", json={**NOTICE, "number": "又一号", **wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, code), wrong
    assert as_(Role.VIEWER, "guest").post("/api/zones/documents", json=NOTICE).status_code == 403
    assert stand(officer, documents=[notice["id"] + 99]).json()["code"] == "no-such-thing"
    assert stand(officer).json()["code"] == "together"


def test_the_pages_of_documents_tell_every_theme_and_offer_the_forms(as_, officer):
    notice = registered(officer.visitor, title="<b>公告</b>")
    page = officer.visitor.get("/zones/documents").text
    assert "&lt;b&gt;公告" in page
    assert tells(page, "没有登记文件")
    assert "<b>公告" not in page
    for address in ("/zones/documents/new?hazard=flood", f"/zones/documents/{notice['id']}/change"):
        assert officer.visitor.get(address).status_code == 200
