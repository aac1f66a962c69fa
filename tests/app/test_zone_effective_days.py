"""What was submitted stays readable for good; an edition is effective from a day that was decided, and comes in force on it."""
# ruff: noqa: F811 - fixtures of other files

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.platform import clock
from app.platform.principals import Role
from app.platform.work import Work
from app.reports.approval_sheet import page_of
from app.zones import drafts
from app.zones.approval_sheet import SheetOrder, tell_approval_sheet
from app.zones.effective_days import enforce_due
from app.zones.submitted import submitted_of
from risk_model.decisions import ZONE_DRAFT, Act, life_of, replay
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import Officer, done, flooded, officer, two_of  # noqa: F401
from tests.app.test_zone_rights_and_impact import built  # noqa: F401
from tests.saying import tells

TODAY = clock.today()
KEPT = ("themes", "entering", "leaving", "things", "things_in_all", "projects", "areas", "areas_judged", "next_edition")
A_DAY = datetime.timedelta(days=1)


def sheet_of(deployment, officer):
    with deployment.sessions() as session:
        work, draft = Work(session, deployment), drafts.require_draft(session, officer.id)
        order = SheetOrder(submitted_of(work, draft, TODAY), "某镇", "zh", synthetic=True)
        return tell_approval_sheet(work, draft, order)


def approved(officer, approver):
    west, _ = two_of(officer)
    done(officer.edit("update", zone=west, attributes={"grade": "极高"}))
    done(officer.take("submit"))
    done(officer.take("approve", approver))
    return west


def enforced(deployment, day):
    with deployment.sessions.begin() as session:
        return enforce_due(Work(session, deployment), clock.now(), day, actor="calendar")


def editions(officer):
    return officer.visitor.get("/api/editions").json()["items"]


def test_the_impact_that_was_submitted_and_its_sheet_are_told_for_good(as_, built, deployment):
    officer, approver = Officer(as_(Role.OFFICER)), as_(Role.APPROVER)
    west, _ = two_of(officer)
    done(officer.edit("update", zone=west, attributes={"grade": "极高"}))
    open_now = done(officer.visitor.get(f"{officer.address}/impact"))
    assert (open_now["kept_at"], open_now["themes"] != []) == (None, True)
    done(officer.take("submit"))
    submitted, sheet = done(officer.visitor.get(f"{officer.address}/impact")), sheet_of(deployment, officer)
    assert [submitted[name] for name in KEPT] == [open_now[name] for name in KEPT]
    assert submitted["kept_at"] is not None
    other = Officer(as_(Role.OFFICER, "other"), "另一份")
    _, east = two_of(other)
    done(other.edit("update", zone=east, attributes={"name": "东"}))
    for step in ("submit", "approve", "publish"):
        done(other.take(step, *([approver] if step == "approve" else [])))
    overtaken = done(officer.visitor.get(f"{officer.address}/impact"))
    assert overtaken == submitted | {"in_force": submitted["against"] + 1}, "another edition changes nothing of it"
    anew = done(officer.visitor.get(f"{officer.address}/impact?anew=true"))
    assert (anew["against"], anew["kept_at"]) == (submitted["against"] + 1, None)
    done(officer.take("approve", approver))
    done(officer.take("publish"))
    later = done(officer.visitor.get(f"{officer.address}/impact?anew=true"))
    assert later == submitted | {"in_force": submitted["against"] + 2}
    assert officer.visitor.get(f"{officer.address}/impact.csv").status_code == 200
    again = sheet_of(deployment, officer)
    signed = (sheet.tables, sheet.summary, sheet.facts)
    assert (again.tables, again.summary, again.facts[: len(sheet.facts)]) == signed
    assert any(west in row for row in sheet.tables[0].rows)
    assert tells(page_of(again), "自 {day} 起生效", day=TODAY)


def test_an_edit_leads_back_to_what_is_reckoned_now(officer):
    west, east = two_of(officer)
    done(officer.edit("delete", zone=west))
    done(officer.take("submit"))
    kept = done(officer.visitor.get(f"{officer.address}/impact"))
    done(officer.edit("delete", zone=east))
    told = done(officer.visitor.get(f"{officer.address}/impact"))
    (before,), (after,) = kept["themes"][0]["changes"], told["themes"][0]["changes"]
    assert (kept["kept_at"] is None, told["kept_at"]) == (False, None)
    assert after["area_m2"] == pytest.approx(2 * before["area_m2"], rel=1e-3)


def test_what_came_in_force_without_a_submission_has_no_impact_to_tell(as_, flooded):
    visitor = as_(Role.OFFICER)
    imported = next(one for one in visitor.get("/api/zones/drafts").json()["items"] if one["edition"])
    for file in ("impact", "impact.csv", "approval-sheet.pdf"):
        assert visitor.get(f"/api/zones/drafts/{imported['id']}/{file}").status_code == 404


def test_without_a_day_an_edition_is_effective_from_the_day_it_comes_in_force(as_, officer):
    approved(officer, as_(Role.APPROVER))
    edition = done(officer.take("publish"))
    assert edition["effective_on"] == TODAY.isoformat()
    assert {one["effective_on"] for one in editions(officer)} == {TODAY.isoformat()}


def test_a_past_day_needs_a_document_that_old_and_a_reason(as_, officer):
    approver = as_(Role.APPROVER)
    west, _ = two_of(officer)
    day = (TODAY - 10 * A_DAY).isoformat()
    done(officer.edit("update", zone=west, attributes={"name": "甲"}))
    paper = {"hazard": "flood", "product": "hazard", "kind": "approval", "title": "批复", "number": "示〔2026〕1号",
             "authority": "示例县人民政府", "level": "county", "announced_on": day, "secrecy": "internal"}  # fmt: skip
    document = done(officer.visitor.post("/api/zones/documents", json=paper), 201)["id"]

    def ready():
        done(officer.take("submit"))
        done(officer.take("approve", approver))

    def refused(**body):
        answer = officer.take("publish", **body)
        return answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]

    ready()
    assert refused(effective_on=day, reason="补记") == (422, "days", "effective_on"), "no document is named"
    tag = {"If-Match": officer.tag}
    answer = officer.visitor.patch(f"{officer.address}/standing", json={"documents": [document]}, headers=tag)
    officer.tag = answer.headers["ETag"]
    ready()
    too_early = (TODAY - 11 * A_DAY).isoformat()
    assert refused(effective_on=too_early, reason="补记") == (422, "days", "effective_on")
    assert refused(effective_on=day) == (422, "days", "reason")
    assert refused(effective_on=(TODAY + 367 * A_DAY).isoformat()) == (422, "days", "effective_on")
    assert done(officer.take("publish", effective_on=day, reason="公告之日起生效"))["effective_on"] == day


def test_a_day_to_come_puts_the_draft_in_force_on_it_and_not_before(as_, officer, deployment):
    west, before = approved(officer, as_(Role.APPROVER)), editions(officer)
    day = TODAY + 30 * A_DAY
    told = done(officer.take("publish", effective_on=day.isoformat(), reason="汛期前启用"), 202)
    assert (told["state"], told["effective_on"], editions(officer)) == ("scheduled", day.isoformat(), before)
    assert enforced(deployment, day - A_DAY) == {"editions": [], "held": []}
    assert enforced(deployment, day + A_DAY) == {"editions": [before[0]["number"] + 1], "held": []}
    assert enforced(deployment, day + A_DAY) == {"editions": [], "held": []}, "once"
    newest = editions(officer)[0]
    assert (newest["effective_on"], newest["reason"], newest["published_by"]) == (
        day.isoformat(), "汛期前启用", "token:officer",
    )  # fmt: skip
    assert done(officer.visitor.get(f"/api/zones/{west}"))["grade"] == "极高"
    assert done(officer.visitor.get(officer.address))["history"][-1]["by"] == "calendar"


def test_a_draft_whose_zones_moved_on_is_held_back_and_the_others_come_in_force(as_, officer, deployment):
    approver, day = as_(Role.APPROVER), TODAY + 3 * A_DAY
    west = approved(officer, approver)
    done(officer.take("publish", effective_on=day.isoformat()), 202)
    second = Officer(as_(Role.OFFICER, "second"), "第二份")
    _, east = two_of(second)
    done(second.edit("update", zone=east, attributes={"name": "东"}))
    done(second.take("submit"))
    done(second.take("approve", approver))
    done(second.take("publish", effective_on=day.isoformat()), 202)
    between = Officer(as_(Role.OFFICER, "third"), "抢先")
    done(between.edit("update", zone=west, attributes={"name": "西"}))
    for step in ("submit", "approve", "publish"):
        done(between.take(step, *([approver] if step == "approve" else [])))
    number = editions(officer)[0]["number"]
    assert enforced(deployment, day) == {"editions": [number + 1], "held": [officer.id]}
    told = done(officer.visitor.get(officer.address))
    assert (told["state"], told["overtaken"]) == ("held", [west])
    assert west in told["history"][-1]["comment"]
    assert told["edits"] != [], "nothing of it is lost"
    assert next(one for one in told["next_steps"] if one["step"] == "publish")["awaited"]


def test_a_day_is_called_off_before_and_an_edit_calls_it_off_too(as_, officer, deployment):
    west, day = approved(officer, as_(Role.APPROVER)), (TODAY + A_DAY).isoformat()
    done(officer.take("publish", effective_on=day), 202)
    told = done(officer.take("call-off", comment="另行通知"))
    assert (told["state"], told["effective_on"], told["history"][-1]["comment"]) == ("held", None, "另行通知")
    assert enforced(deployment, TODAY + A_DAY) == {"editions": [], "held": []}
    done(officer.take("publish", effective_on=day), 202)
    done(officer.edit("update", zone=west, attributes={"name": "乙"}))
    assert enforced(deployment, TODAY + A_DAY) == {"editions": [], "held": []}
    assert officer.take("call-off").json()["code"] == "step"


STEPS = st.lists(st.sampled_from(["schedule", "call_off", "publish", "edit", "return", "withdraw"]), max_size=8)


@given(STEPS)
def test_from_an_approval_on_a_day_changes_only_when_it_comes_in_force(wanted):
    """Whatever follows an approval: who edits or gets it back needs another one, and only a publication ends it in force."""
    life = life_of(ZONE_DRAFT)
    acts, is_approved = [Act("begin", "a"), Act("submit", "a"), Act("approve", "b")], True
    for one in wanted:
        by = "b" if one == "return" else "a"
        state = replay(life, acts)
        if state not in life.steps[one].leaves:
            continue
        acts.append(Act(one, by))
        assert one not in {"publish", "schedule"} or is_approved
        is_approved = is_approved and one not in {"edit", "return"}
    assert (replay(life, acts) == "published") == (acts[-1].step == "publish")
