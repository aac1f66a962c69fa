"""Approval by four eyes: returned with comments and proposed again, stale decisions told with both states, what waits for whom."""
# ruff: noqa: F811 - fixtures of other files

import re

import pytest

from app.judgement.approval import waiting_for
from app.platform.clock import today
from app.platform.principals import Principal, Role
from app.rulebook.service import PROPOSALS
from gis_layers.stores.decisions import find_decision
from gis_layers.stores.rulebooks import PROPOSAL
from risk_model.decisions import Act, replay
from tests.app.test_rulebook_pages import desk  # noqa: F401
from tests.app.test_rulebook_versions import WIDER, approved, as_, proposed  # noqa: F401
from tests.app.visitors import audited

NARROWER = {**WIDER, "value": 70}


def returned(approver, answer, comment="80 米太宽，请改为 70 米"):
    headers = {"If-Match": approver.get(answer.headers["Location"]).headers["ETag"]}
    return approver.post(f"{answer.headers['Location']}/return", json={"comment": comment}, headers=headers)


def resubmitted(officer, address, *steps, **headers):
    headers = headers or {"If-Match": officer.get(address).headers["ETag"]}
    return officer.post(f"{address}/resubmit", json={"reason": "改为 70 米", "steps": list(steps)}, headers=headers)


def test_a_returned_proposal_is_put_better_proposed_again_and_published(as_, deployment):
    officer, approver = as_(Role.OFFICER), as_(Role.APPROVER)
    answer = proposed(officer, WIDER)
    assert returned(approver, answer).status_code == 200
    assert approved(approver, answer.json()).json()["code"] == "step"
    again = resubmitted(officer, answer.headers["Location"], NARROWER)
    assert again.status_code == 200, again.text
    told = again.json()
    assert (told["state"], told["steps"][0]["value"], told["reason"]) == ("open", 70, "改为 70 米")
    assert [one["step"] for one in told["history"]] == ["propose", "return", "resubmit"]
    version = approved(approver, told).json()
    assert version["diff"][0]["new"] == 70
    with deployment.sessions() as session:
        decision = find_decision(session, PROPOSAL, told["id"])
        assert decision is not None
        assert decision.steps[0].content["steps"][0]["value"] == 80
        acts = [Act(step.step, step.by) for step in decision.steps]
        assert replay(PROPOSALS.life, acts) == decision.state == "published"
    assert [action for _, action in audited(deployment) if "rulebook" in action] == [
        "propose rulebook change",
        "return rulebook proposal",
        "propose rulebook change again",
        "publish rulebook",
    ]


def test_whoever_takes_up_a_returned_proposal_is_an_author_and_never_approves_it(as_):
    """An admin may both propose and approve, so only what they did keeps them from it."""
    officer, admin, approver = as_(Role.OFFICER), as_(Role.ADMIN, "both"), as_(Role.APPROVER)
    answer = proposed(officer, WIDER)
    assert returned(approver, answer).status_code == 200
    told = resubmitted(admin, answer.headers["Location"], NARROWER).json()
    assert told["authors"] == ["token:officer", "token:both"]
    assert {one["step"]: one["never"] for one in told["next_steps"]}["approve"] == ["token:both", "token:officer"]
    refused = approved(admin, told)
    assert (refused.status_code, refused.json()["code"]) == (403, "role")
    assert approved(approver, told).status_code == 200


def test_a_stale_decision_is_told_both_states(as_):
    officer, approver = as_(Role.OFFICER), as_(Role.APPROVER)
    answer = proposed(officer, WIDER)
    before = answer.headers["ETag"]
    assert returned(approver, answer).status_code == 200
    stale = resubmitted(officer, answer.headers["Location"], NARROWER, **{"If-Match": before})
    assert stale.status_code == 412
    present = officer.get(answer.headers["Location"]).headers["ETag"]
    assert (stale.json()["seen"], stale.json()["present"], stale.json()["state"]) == (before, present, "returned")
    assert (
        officer.post(f"{answer.headers['Location']}/resubmit", json={"reason": "x", "steps": [WIDER]}).status_code
        == 428
    )


@pytest.mark.parametrize("words", [WIDER, {**WIDER, "value": 50}, {**WIDER, "article": "FIR-NOT"}])
def test_what_could_not_be_put_in_force_is_not_proposed_again_either(as_, words):
    officer, approver = as_(Role.OFFICER), as_(Role.APPROVER)
    answer = proposed(officer, WIDER)
    assert resubmitted(officer, answer.headers["Location"], WIDER).json()["code"] == "step"
    returned(approver, answer)
    again = resubmitted(officer, answer.headers["Location"], words)
    state = officer.get(answer.headers["Location"]).json()
    assert (again.status_code == 200) == (words is WIDER) == (state["state"] == "open")
    assert state["steps"][0]["value"] == 80


def test_what_waits_for_whom(as_, deployment):
    officer, approver = as_(Role.OFFICER), as_(Role.APPROVER)
    first, second = proposed(officer, WIDER), proposed(as_(Role.ADMIN, "both"), NARROWER)
    returned(approver, first)

    def waits(name: str, role: Role) -> list[tuple[int, str]]:
        with deployment.sessions() as session:
            found = waiting_for(session, Principal(name, role), [PROPOSALS], today())
            return [(one.decision.number, one.step.step.key) for one in found]

    assert waits("token:officer", Role.OFFICER) == [(first.json()["id"], "resubmit")]
    assert waits("token:other", Role.OFFICER) == []
    assert waits("token:approver", Role.APPROVER) == [(second.json()["id"], "approve")]
    assert waits("token:both", Role.ADMIN) == []
    assert waits("guest", Role.VIEWER) == []


def test_a_person_returns_and_proposes_again_by_forms(as_, desk, deployment):
    answer, page = proposed(as_(Role.OFFICER), WIDER), "/rulebook/proposals/1"
    assert page in desk["zhao"].get("/rulebook/proposals").text.split('id="waiting"')[1]
    assert sent(desk["zhao"], page, "return", comment="请改为 70 米").status_code == 303
    assert "请改为 70 米" in desk["wang"].get(page).text
    assert 'action="/rulebook/proposals/1/approve"' not in desk["zhao"].get(page).text
    assert sent(desk["wang"], page, "resubmit", reason="改好了", values="50").status_code == 422
    assert sent(desk["wang"], page, "resubmit", reason="改好了", values="70").status_code == 303
    assert as_(Role.VIEWER).get(answer.headers["Location"]).json()["authors"] == ["token:officer", "wang"]
    assert sent(desk["zhao"], page, "approve").headers["location"] == "/rulebook/versions/2"


def sent(person, page, step, **fields):
    seen = re.search(r'name="seen" value="([^"]+)"', person.get(page).text)[1].replace("&#34;", '"')
    return person.post(f"{page}/{step}", data={"csrf": person.csrf, "seen": seen, **fields})
