"""Joint reviews: opened on a check, answered by departments, held to conditions, decided, carried through the gates."""
# ruff: noqa: F811 - fixtures of other files

import pytest
import shapely
from sqlalchemy import text

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


def opened(planner, ground=FLOODED, project_class="K2", *, bare=False, **told):
    """A review, with the documents its gate requires unless it is bare."""
    answer = planner.post(
        ADDRESS, json={**site(ground, project_class, name="<i>示例小学"), "stage": "planning", **told}
    )
    assert answer.status_code == 201, answer.text
    for needed in answer.json()["documents_needed"]:
        if needed["required"] and not bare:
            form = {"kind": needed["kind"], "number": "示申〔2026〕1号"}
            file = {"file": ("申请.pdf", b"%PDF-1.7")}
            assert planner.post(f"{answer.headers['location']}/documents", data=form, files=file).status_code == 201
    return answer


def on_paper(department, opinion="agree", **told):
    return {"department": department, "opinion": opinion, "signer": "赵示范", "document": "示函〔2026〕1号", **told}


def answered(planner, one, but=(), **told):
    """Every department asked answers on paper, but some."""
    for each in planner.get(one).json()["departments"]:
        if each["department"] not in but:
            given = planner.post(f"{one}/opinions", json=on_paper(each["department"], **told))
            assert given.status_code == 201, given.text


def decide(planner, one, decision, *, seen=None, **told):
    tag = seen or planner.get(one).headers["ETag"]
    body = {"decision": decision, "reason": "符合条件", **told}
    return planner.post(f"{one}/decision", json=body, headers={"If-Match": tag})


def test_a_review_goes_through_its_gate_and_its_conditions_close_on_documents(planner, deployment):
    answer = opened(planner)
    one, review = answer.headers["location"], answer.json()
    assert (review["verdict"], review["state"], review["number"]) == ("restricted", "open", "联审-2026-000001")
    assert review["order"] == ["planning", "approval", "construction", "acceptance"]
    asked = [each["department"] for each in review["departments"]]
    assert asked[:3] == ["natural_resources", "emergency", "water"]
    assert review["gate"]["owed"] == asked
    assert not review["gate"]["passes"]
    evidence = review["evidence"]
    assert evidence["record"]["number"] == review["check"]
    assert evidence == {**planner.get(one).json()["evidence"]}
    made = {each["procedure"] for each in evidence["conditions"] if not each["closed"]}
    assert {each["wording"] for each in review["conditions"]} == made != set()

    refused = decide(planner, one, "approved")
    assert (refused.status_code, refused.json()["code"]) == (409, "objections")
    assert refused.json()["objections"] == ["verdict", "opinions_owed", "conditions_open"]
    answered(planner, one)
    assert decide(planner, one, "approved").json()["objections"] == ["verdict", "conditions_open"]
    for each in review["conditions"]:
        closing = {"document": "洪评〔2026〕3号", "conclusion": "抬高 1.2 m 后满足", "valid_to": "2999-01-01"}
        closed = planner.post(f"{one}/conditions/{each['id']}/close", json=closing)
        assert closed.status_code == 200, closed.text
        again = planner.post(f"{one}/conditions/{each['id']}/close", json=closing)
        assert (again.status_code, again.json()["code"]) == (409, "ended")
    assert planner.get(one).json()["gate"] == {"passes": True, "owed": [], "objecting": [], "open_conditions": 0}
    decided = decide(planner, one, "approved").json()
    assert (decided["state"], decided["decision"]["override"], decided["decision"]["overriding"]) == (
        "approved",
        False,
        [],
    )
    assert [act["step"] for act in decided["acts"]] == ["open", "approve"]
    later = planner.post(f"{one}/opinions", json=on_paper("water", "disagree"))
    assert (later.status_code, later.json()["code"]) == (409, "ended"), "what is decided is not spoken about"


def test_an_override_keeps_the_verdict_it_went_against_for_ever(planner, as_):
    one = opened(planner).headers["location"]
    decided = decide(planner, one, "approved", override=True, reason="县政府专题会议纪要").json()["decision"]
    assert (decided["override"], decided["verdict"]) == (True, "restricted")
    assert decided["overriding"] == ["verdict", "opinions_owed", "conditions_open"]
    back = planner.post(
        f"{one}/steps",
        json={"step": "reopen", "reason": "复核"},
        headers={"If-Match": planner.get(one).headers["ETag"]},
    ).json()
    assert (back["state"], back["decision"]) == ("open", None)
    kept = [act for act in back["acts"] if act["step"] == "approve"]
    assert kept[0]["overriding"] == ["verdict", "opinions_owed", "conditions_open"]


def test_a_conditional_decision_hands_its_conditions_to_the_next_gate(planner):
    one = opened(planner).headers["location"]
    answered(planner, one, but=("water",))
    agreed = planner.post(f"{one}/opinions", json=on_paper("water", "conditional", conditions=["设防洪堤"]))
    assert [each["wording"] for each in agreed.json()["conditions"] if each["department"]] == ["设防洪堤"]
    first = decide(planner, one, "conditional").json()
    assert {each["carried_to"] for each in first["conditions"]} == {"approval"}
    assert first["decision"]["overriding"] == []
    wider = FLOODED.buffer(0.0002)
    second = opened(planner, wider, stage="approval", follows=first["id"])
    two, review = second.headers["location"], second.json()
    words = [each["wording"] for each in review["conditions"]]
    assert sorted(words) == sorted({each["wording"] for each in first["conditions"]}), "each is taken over once"
    assert review["outline_change"]["added_m2"] > 0 == review["outline_change"]["lost_m2"]
    assert review["before"]["id"] == first["id"]
    assert planner.get(one).json()["after"]["id"] == review["id"]
    twice = planner.post(ADDRESS, json={**site(wider, "K2"), "stage": "approval", "follows": first["id"]})
    assert (twice.status_code, twice.json()["code"]) == (409, "taken"), "a gate is opened once on the one before"
    refused = planner.post(
        f"{one}/steps", json={"step": "annul", "reason": "误开"}, headers={"If-Match": planner.get(one).headers["ETag"]}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "unready"), "the gate after stands on it"
    closing = {"document": "洪评〔2026〕3号", "conclusion": "满足"}
    taken = planner.post(f"{one}/conditions/{first['conditions'][0]['id']}/close", json=closing)
    assert (taken.status_code, taken.json()["code"]) == (409, "ended"), "it is closed where it is now"
    assert planner.post(f"{two}/conditions/{review['conditions'][0]['id']}/close", json=closing).status_code == 200


def test_a_gate_is_opened_after_the_one_before_it_alone(planner):
    first = opened(planner).json()
    body = {**site(FLOODED, "K2"), "stage": "approval", "follows": first["id"]}
    refused = planner.post(ADDRESS, json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "unready")
    for wrong, code in (
        ({"stage": "acceptance"}, "together"),
        ({"follows": 10**6}, "no-such-thing"),
        ({"project": 10**6}, "no-such-thing"),
        ({"route": "rural_house", "follows": None}, "together"),
        ({"due_on": "2020-01-01", "follows": None}, "days"),
    ):
        refused = planner.post(ADDRESS, json={**body, **wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, code), wrong
    assert planner.get("/api/siting/checks").json()["total"] == 1, (
        "nothing was judged for a review that cannot be opened"
    )


def test_a_returned_review_rests_on_what_was_mended_and_asks_anew(planner):
    one = opened(planner).headers["location"]
    answered(planner, one)
    returned = decide(planner, one, "returned", reason="范围与红线图不符").json()
    assert returned["state"] == "returned"
    mended = planner.post(
        f"{one}/resubmit", json=site(SAFE, "K2"), headers={"If-Match": planner.get(one).headers["ETag"]}
    )
    review = mended.json()
    assert mended.status_code == 200, review
    assert (review["state"], len(review["gate"]["owed"])) == ("open", 5), "they spoke about something else"
    assert all(each["stale"] for each in review["opinions"])
    assert review["check"] != returned["check"]
    assert {each["wording"] for each in review["conditions"]} == {
        each["procedure"] for each in review["evidence"]["conditions"] if not each["closed"]
    }


def test_what_was_closed_stays_closed_when_the_same_is_judged_again(planner):
    answer = opened(planner)
    one, first = answer.headers["location"], answer.json()
    answered(planner, one, but=("water",))
    said = planner.post(f"{one}/opinions", json=on_paper("water", "conditional", conditions=["设防洪堤"])).json()
    closing = {"document": "洪评〔2026〕3号", "conclusion": "满足"}
    for each in first["conditions"]:
        planner.post(f"{one}/conditions/{each['id']}/close", json=closing)
    assert any(each["department"] for each in said["conditions"])
    decide(planner, one, "returned", reason="名称有误")
    again = planner.post(
        f"{one}/resubmit",
        json=site(FLOODED, "K4", name="改名后的项目"),
        headers={"If-Match": planner.get(one).headers["ETag"]},
    ).json()
    assert (again["name"], again["project_class"]) == ("改名后的项目", "K4")
    words = [each["wording"] for each in again["conditions"]]
    assert len(words) == len(set(words)), "none stands twice"
    assert not any(each["department"] for each in again["conditions"]), "a condition goes with the opinion that made it"
    closed = {each["wording"] for each in again["conditions"] if each["state"] == "closed"}
    assert closed == {each["wording"] for each in first["conditions"]}
    ended = decide(planner, one, "rejected", override=True, reason="不宜")
    assert ended.status_code == 200
    listed = planner.get(ADDRESS).json()["items"][0]
    assert (listed["owed"], listed["due_on"], planner.get(ADDRESS, params={"owed_by": "water"}).json()["total"]) == (0, None, 0)  # fmt: skip


def test_departments_speak_for_themselves_and_papers_are_written_down_as_such(planner, as_, deployment):
    one = opened(planner).headers["location"]
    for wrong, field in (
        ({"signer": None}, "signer"),
        ({"document": None}, "document"),
        ({"opinion": "conditional"}, "conditions"),
        ({"conditions": ["x"]}, "conditions"),
        ({"signed_on": "2999-01-01"}, "signed_on"),
    ):
        refused = planner.post(f"{one}/opinions", json={**on_paper("water"), **wrong})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field), wrong
    viewer = as_(Role.VIEWER, "somebody")
    assert viewer.post(f"{one}/opinions", json=on_paper("water")).status_code == 403
    written = planner.post(f"{one}/opinions", json=on_paper("water", comment="<script>")).json()["opinions"][-1]
    assert (written["entered_for"], written["document"]) == (True, "示函〔2026〕1号")
    assert written["result_digest"] == planner.get(one).json()["evidence_digest"]
    with pytest.raises(Exception, match="keeps what it holds"), deployment.sessions.begin() as session:
        session.execute(text("UPDATE review_opinions SET opinion = 'agree'"))
    with pytest.raises(Exception, match="keeps what it holds"), deployment.sessions.begin() as session:
        session.execute(text("DELETE FROM siting_reviews"))


def test_two_desks_do_not_decide_over_each_other(planner):
    one = opened(planner).headers["location"]
    seen = planner.get(one).headers["ETag"]
    answered(planner, one)
    assert decide(planner, one, "rejected", seen=seen).status_code == 412, "opinions came in between"
    body = {"decision": "rejected", "reason": "不宜"}
    assert planner.post(f"{one}/decision", json=body).status_code == 428
    assert decide(planner, one, "rejected", reason="不宜").json()["state"] == "rejected"
    assert decide(planner, one, "approved", override=True).json()["code"] == "step"


def test_reviews_are_numbered_by_year_and_listed_with_what_is_owed(planner):
    first, second = opened(planner).json(), opened(planner, SAFE, "K6", stage="construction").json()
    assert [first["number"], second["number"]] == ["联审-2026-000001", "联审-2026-000002"]
    listed = planner.get(ADDRESS).json()
    assert [each["id"] for each in listed["items"]] == [second["id"], first["id"]]
    assert [each["owed"] for each in listed["items"]] == [4, 5]
    assert planner.get(ADDRESS, params={"owed_by": "ecology"}).json()["total"] == 1
    assert planner.get(ADDRESS, params={"state": "approved"}).json()["total"] == 0
    assert planner.get(f"{ADDRESS}/{10**6}").status_code == 404


def test_the_report_of_a_review_is_the_opinion_it_rests_on(planner):
    review = opened(planner).json()
    page = planner.get(f"{ADDRESS}/{review['id']}/report.html")
    kept = planner.get(f"/api/siting/checks/{review['check']}/report.html")
    assert page.status_code == 200
    assert "&lt;i&gt;示例小学" in page.text
    assert review["check"] in page.text
    assert len(page.text) == len(kept.text)
