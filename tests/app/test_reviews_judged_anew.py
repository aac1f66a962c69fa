"""Joint reviews judged anew by a new edition or rulebook: exactly those that are judged otherwise, and none re-opened by software."""
# ruff: noqa: F811 - fixtures of other files

import datetime
from itertools import count

import pytest
import shapely
from sqlalchemy import text

from app.judgement.tasks import Caller
from app.platform.clock import now
from app.platform.principals import BrowserSession, Principal, Role
from app.platform.work import Work
from app.siting.single_check import judge
from app.siting.tasks import reviews_waiting
from app.worker.loop import work_once
from gis_layers.stores.jobs import order_job
from gis_layers.stores.review_notices import JUDGE_ANEW
from tests.app.conftest import site
from tests.app.seeds import publish_zones
from tests.app.test_rulebook_versions import WIDER, as_, put_in_force  # noqa: F401
from tests.app.test_siting_reviews import FLOODED, SAFE, answered, decide, flooded, on_paper, opened, planner  # noqa: F401
from tests.recomputed import judged_anew as again

BESIDE = shapely.box(99.8200, 39.3000, 99.8210, 39.3010)
GROWN = FLOODED.union(SAFE).envelope.buffer(0.0005)
NOTICES = "/api/siting/review-notices"
HELD = "SELECT to_jsonb(one) FROM {table} AS one ORDER BY to_jsonb(one)::text"
TABLES = ("siting_reviews", "review_requests", "review_conditions", "review_opinions", "review_notices", "decisions")
OF_REVIEWS = "siting_reviews", "review_requests", "review_conditions", "decisions"
numbers = count(1)


def worse(deployment, ground=GROWN, **told):
    """An edition in which worse flooding reaches over ``ground``."""
    return publish_zones(deployment, "flood", ground, grade=("高", 2, "flood4"), name=f"新河滩{next(numbers)}", **told)


def judged(deployment):
    while work_once(deployment):
        pass


def reverted(as_, edition):
    answer = as_(Role.APPROVER, f"third{next(numbers)}").post(
        f"/api/editions/{edition}/revert", json={"reason": "误启用"}
    )
    assert answer.status_code == 201, answer.text


def rows(deployment, *tables):
    with deployment.sessions() as session:
        return {table: list(session.scalars(text(HELD.format(table=table)))) for table in tables}


def of_review(held, number):
    return {
        table: [row for row in found if number in (row.get("review_id"), row.get("number"), row["id"] if table == "siting_reviews" else None)]
        for table, found in held.items()
    }  # fmt: skip


def listed(planner, **asked):
    return planner.get(NOTICES, params=asked).json()["items"]


def last_job(deployment):
    with deployment.sessions() as session:
        asked = text("SELECT result FROM jobs WHERE kind = :kind ORDER BY id DESC LIMIT 1")
        return session.scalar(asked, {"kind": JUDGE_ANEW})


@pytest.fixture
def four(planner, deployment):
    """Reviews: under way and decided, on ground that becomes worse; under way and decided, far from it."""
    made = [opened(planner, ground).headers["location"] for ground in (SAFE, SAFE, BESIDE, BESIDE)]
    for one in (made[1], made[3]):
        assert decide(planner, one, "approved", override=True).status_code == 200
    return made


def test_an_edition_touches_exactly_the_reviews_that_are_judged_otherwise(planner, deployment, four):
    asked = [SAFE, SAFE, BESIDE, BESIDE]
    before = [planner.get(one).json() for one in four]
    checked = [planner.post("/api/siting/check", json=site(ground, "K2")).json() for ground in asked]
    held = rows(deployment, *TABLES)
    worse(deployment)
    assert planner.get(four[2]).json()["judgement_pending"]
    judged(deployment)
    now = [planner.post("/api/siting/check", json=site(ground, "K2")).json() for ground in asked]
    differ = [again.told(one) != again.told(other) for one, other in zip(checked, now, strict=True)]
    assert differ == [True, True, False, False]
    after, late = rows(deployment, *TABLES), [planner.get(one).json() for one in four]
    for one in (before[1], before[2], before[3]):
        assert of_review({table: held[table] for table in OF_REVIEWS}, one["id"]) == of_review(
            {table: after[table] for table in OF_REVIEWS}, one["id"]
        )
    assert last_job(deployment) == {
        "judged": 4, "changed": [before[0]["id"]], "told": [before[1]["id"]], "withdrawn": [], "unjudged": [],
    }  # fmt: skip
    assert again.told(late[0]["evidence"]) == again.told(now[0])
    assert again.became_worse(before[0], late[0])
    assert late[0]["evidence"]["record"]["by"].startswith("software")
    assert [one["state"] for one in late[0]["notices"]] == ["applied"]
    assert {**late[1], "notices": []} == before[1], "what is decided stays as it was decided"
    (notice,) = listed(planner, state="open")
    assert (notice["review"], notice["verdict"]) == (before[1]["id"], late[0]["verdict"])
    met = [one for theme in now[1]["themes"] for one in theme["findings"] if one["zone_name"].startswith("新河滩")]
    for name in ("lines", "lines_en"):
        (line,) = (line for line in notice[name] if met[0]["zone_name"] in line)
        assert all(one["rule"] in line for one in met if one["rule"])
        assert notice[name][0] != line, "the verdict is told first"
    assert not late[0]["judgement_pending"]
    waiting = planner.get("/reviews?judged_anew=true").text
    assert (late[1]["number"] in waiting, late[3]["number"] in waiting) == (True, False)


def test_done_twice_it_is_done_once(planner, deployment, four):
    worse(deployment)
    judged(deployment)
    held = rows(deployment, *TABLES, "checks")
    with deployment.sessions.begin() as session:
        order_job(session, JUDGE_ANEW, {}, author="software")
    judged(deployment)
    assert rows(deployment, *TABLES, "checks") == held
    worse(deployment, shapely.box(99.83, 39.30, 99.831, 39.301))
    judged(deployment)
    assert rows(deployment, *TABLES, "checks") == held, "ground elsewhere is nobody's matter"


def test_what_runs_out_with_a_day_is_judged_by_the_night_after_it(planner, deployment, four, as_):
    ran_out = text("UPDATE surveyed_layers SET valid_until = current_date - 2 WHERE hazard = 'flood'")
    with deployment.sessions.begin() as session:
        assert session.execute(ran_out).rowcount
    assert as_(Role.ADMIN).post("/api/calendar/reviews/run").status_code == 202
    judged(deployment)
    late = [planner.get(one).json() for one in four]
    assert [[notice["state"] for notice in one["notices"]] for one in late] == [["applied"], ["open"]] * 2
    for one in late:
        assert one["notices"][0]["cause"] == ["台账资料或判定日期变化"]
    assert "flood" in late[0]["evidence"]["data_gaps"]
    held = rows(deployment, *TABLES)
    assert as_(Role.ADMIN).post("/api/calendar/reviews/run").status_code == 202
    judged(deployment)
    assert rows(deployment, *TABLES) == held


def withdrawals_waiting(deployment, role: Role, later: datetime.timedelta = datetime.timedelta()) -> list:
    """What the overview tells somebody of this role of withdrawals, so much later."""
    moment = now() + later
    with deployment.sessions() as session:
        who = Principal("someone", role, visit=BrowserSession(1, 1, "x", "someone"))
        told = reviews_waiting(Work(session, deployment), Caller(who, moment, moment.date()))
        return [one for one in told if one.key == "review_withdrawals"]


def test_a_revert_withdraws_what_it_leaves_without_object_as_one(planner, deployment, four, as_):
    first = planner.get("/api/editions").json()["items"][0]["number"]
    other = opened(planner, SAFE).headers["location"]
    assert decide(planner, other, "approved", override=True).status_code == 200
    mild = planner.get(four[0]).json()
    worse(deployment)
    judged(deployment)
    assert len(listed(planner, state="open")) == 2
    reverted(as_, first)
    judged(deployment)
    assert not listed(planner, state="open")
    (one,) = planner.get("/api/siting/review-withdrawals").json()["items"]
    assert {each["review"] for each in one["notices"]} == {planner.get(at).json()["id"] for at in (four[1], other)}
    back = planner.get(four[0]).json()
    assert again.told(back["evidence"]) == again.told(mild["evidence"])
    assert [each["state"] for each in back["notices"]] == ["applied", "applied"]
    page = planner.get("/reviews?judged_anew=true").text
    assert all(each["number"] in page for each in one["notices"])
    (task,) = withdrawals_waiting(deployment, Role.PLANNER)
    assert (task.count, task.address) == (2, "/reviews?judged_anew=true")
    assert [str(words) for words in task.causes] == one["cause"]
    assert not withdrawals_waiting(deployment, Role.PLANNER, datetime.timedelta(days=15))
    assert not withdrawals_waiting(deployment, Role.DISPATCHER)
    worse(deployment)
    judged(deployment)
    assert len(listed(planner, state="open")) == 2, "what comes again is told again"
    assert not withdrawals_waiting(deployment, Role.PLANNER), "and withdrawn no longer"


def test_an_opinion_on_a_milder_judgement_passes_no_gate(planner, deployment, as_):
    one = opened(planner, SAFE, silence_basis="示函〔2026〕7号").headers["location"]
    answered(planner, one)
    given = planner.get(one).json()
    assert given["gate"]["passes"]
    first = planner.get("/api/editions").json()["items"][0]["number"]
    worse(deployment)
    assert "judgement_pending" in decide(planner, one, "approved").json()["objections"]
    judged(deployment)
    now = planner.get(one).json()
    assert not now["gate"]["passes"]
    assert now["gate"]["owed"] == [each["department"] for each in given["departments"]]
    assert {each["overdue_days"] for each in now["departments"]} == {0}
    assert all(each["stale"] for each in now["opinions"])
    assert {each["wording"] for each in now["conditions"]} == {
        each["procedure"] for each in now["evidence"]["conditions"] if not each["closed"]
    }
    planner.post(f"{one}/opinions", json=on_paper("water", "conditional", conditions=["抬高室内地坪"]))
    reverted(as_, first)
    judged(deployment)
    back = planner.get(one).json()
    assert back["gate"]["owed"] == [], "who saw as much or worse need not speak again"
    standing = {each["department"]: each["standing"] for each in back["departments"]}
    assert (standing.pop("water"), set(standing.values())) == ("conditional", {"agree"})
    assert [each["wording"] for each in back["conditions"]] == ["抬高室内地坪"]


def test_a_person_reopens_or_takes_note_and_software_does_neither(planner, deployment, four):
    worse(deployment)
    judged(deployment)
    (notice,) = listed(planner, state="open")
    one = four[1]
    body = {"reason": "已加固堤防，维持"}
    assert planner.post(f"{NOTICES}/{notice['id']}/note", json={"reason": " "}).status_code == 422
    noted = planner.post(f"{NOTICES}/{notice['id']}/note", json=body)
    assert (noted.json()["state"], noted.json()["reason"]) == ("noted", body["reason"])
    twice = planner.post(f"{NOTICES}/{notice['id']}/note", json=body)
    assert (twice.status_code, twice.json()["code"]) == (409, "ended")
    step = {"step": "reopen", "reason": "复核"}
    back = planner.post(f"{one}/steps", json=step, headers={"If-Match": planner.get(one).headers["ETag"]}).json()
    assert (back["state"], back["check"], back["verdict"]) == ("open", notice["check"], notice["verdict"])
    assert back["notices"][0]["state"] == "reopened"
    assert back["gate"]["owed"], "nobody has spoken on this"
    held = rows(deployment, *TABLES)
    with deployment.sessions.begin() as session:
        order_job(session, JUDGE_ANEW, {}, author="software")
    judged(deployment)
    assert rows(deployment, *TABLES) == held


def test_a_rulebook_judges_reviews_anew_and_a_later_notice_replaces_the_open_one(planner, deployment, four):
    worse(deployment)
    judged(deployment)
    publish_zones(deployment, "geological", GROWN, grade=("高", 2, "geo4"), name="滑坡<b>")
    judged(deployment)
    notices = listed(planner)
    mine = [one["state"] for one in notices if one["review"] == planner.get(four[1]).json()["id"]]
    assert mine == ["open", "replaced"]
    for address, language in ((four[1], "zh"), (four[0], "en")):
        number = address.rsplit("/", 1)[1]
        page = planner.get(f"/reviews/{number}?lang={language}")
        assert page.status_code == 200
        assert "滑坡<b>" not in page.text
    sheet = planner.get(f"{NOTICES}/{notices[0]['id']}/sheet.pdf")
    assert (sheet.status_code, sheet.content[:5]) == (200, b"%PDF-")
    assert planner.get(f"{NOTICES}/999/sheet.pdf").status_code == 404


def test_new_rules_have_every_review_judged_anew(planner, deployment, four, as_):
    held = rows(deployment, *TABLES)
    put_in_force(as_, WIDER)
    assert planner.get(four[0]).json()["judgement_pending"]
    judged(deployment)
    assert rows(deployment, *OF_REVIEWS, "review_notices")["siting_reviews"] == held["siting_reviews"]
    assert last_job(deployment)["judged"] == 4


def test_a_review_that_cannot_be_judged_anew_says_so(planner, deployment, four):
    with deployment.sessions.begin() as session:
        session.execute(text("ALTER TABLE checks DISABLE TRIGGER USER"))
        session.execute(
            text(
                "UPDATE checks SET input = NULL WHERE number IN (SELECT check_number FROM siting_reviews WHERE id = 3)"
            )
        )
        session.execute(text("ALTER TABLE checks ENABLE TRIGGER USER"))
    worse(deployment)
    judged(deployment)
    assert [planner.get(one).json()["judgement_pending"] for one in four[::2]] == [False, True]


def test_a_review_opened_on_a_check_that_was_overtaken_is_judged_anew(planner, deployment, monkeypatch):
    def overtaken(*asked, **told):
        kept = judge(*asked, **told)
        worse(deployment)
        return kept

    monkeypatch.setattr("app.siting.review_routes.judge", overtaken)
    one = opened(planner, SAFE).headers["location"]
    assert (planner.get(one).json()["verdict"], planner.get(one).json()["judgement_pending"]) == ("permitted", True)
    judged(deployment)
    assert (
        planner.get(one).json()["verdict"] == planner.post("/api/siting/check", json=site(SAFE, "K2")).json()["verdict"]
    )
    assert [each["state"] for each in planner.get(one).json()["notices"]] == ["applied"]
