"""Hidden dangers step by step: nothing outside of the life, nobody decides on their own work, acts never change."""

import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.exchange.enterprises import import_hidden_dangers
from app.hidden_dangers.steps import mark_overdue
from app.main import create_app
from app.platform.principals import Role
from app.platform.work import Work
from app.worker.loop import work_once
from gis_layers.exchange import ReadingOptions
from gis_layers.stores import jobs
from risk_model.decisions import HIDDEN_DANGER, life_of
from tests.app.test_enterprises import HERE, LITTLE, NEW
from tests.app.visitors import add_account, audited, browser, sign_in

LIFE = life_of(HIDDEN_DANGER)
REPORTED = {"channel": "report", "found_on": "2026-05-01", "geometry": HERE}
SETTLED = {
    "measures": "更换管道", "responsible_person": "张三丰", "funds": "三万元，企业自筹", "deadline": "2026-06-01",
    "emergency_plan": "镇预案〔2026〕1号",
}  # fmt: skip
EVIDENCE = {"photo": "IMG-1", "place": "罐区东侧", "moment": "2026-05-20T08:30:00+08:00"}
CONFIRMED = {"criteria": "mining-2022-88", "clause": "第四条", "confirmed_on": "2026-05-02"}


class People:
    """Everybody who takes part, each at a desk of their own."""

    def __init__(self, deployment) -> None:
        app = create_app(deployment, loopback=True)
        self.desks: dict[str, TestClient] = {}
        for name, role in (("wang", Role.OFFICER), ("li", Role.OFFICER), ("zhao", Role.APPROVER), ("root", Role.ADMIN), ("guest", Role.VIEWER)):  # fmt: skip
            add_account(deployment, name, role)
            self.desks[name] = browser(app)
            sign_in(self.desks[name], name)

    def report(self, who: str = "wang", **more) -> str:
        made = self.desks[who].post("/api/hidden-dangers", json={**REPORTED, **more})
        assert made.status_code == 201, made.text
        return made.headers["location"]

    def take(self, who: str, address: str, step: str, **brought):
        return self.desks[who].post(f"{address}/steps", json={"step": step, **brought})

    def goes(self, who: str, address: str, step: str, **brought) -> dict:
        answer = self.take(who, address, step, **brought)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def settle(self, address: str, **values) -> None:
        tag = self.desks["wang"].get(address).headers["etag"]
        changed = self.desks["wang"].patch(address, json={**SETTLED, **values}, headers={"If-Match": tag})
        assert changed.status_code == 200, changed.text

    def in_work(self, **more) -> str:
        """A danger that is being put right by wang, who reported it too."""
        address = self.report(**more)
        self.goes("wang", address, "verify")
        self.goes("wang", address, "confirm", **CONFIRMED)
        self.settle(address)
        self.goes("wang", address, "assign")
        self.goes("wang", address, "begin")
        return address


@pytest.fixture
def people(deployment) -> People:
    return People(deployment)


def test_a_danger_goes_its_whole_way_and_the_colour_of_its_enterprise_follows(people, deployment):
    plant = people.desks["wang"].post("/api/enterprises", json={**NEW, "inventory": LITTLE}).json()["id"]
    colour = lambda: people.desks["wang"].get(f"/api/enterprises/{plant}").json()["effective_grade"]  # noqa: E731
    address = people.in_work(enterprise_id=plant)
    assert colour() == "red"
    people.goes("wang", address, "request_acceptance", **EVIDENCE)
    assert colour() == "orange"
    people.goes("li", address, "begin_review")
    people.goes("li", address, "pass_first_review", comment="现场已核")
    ended = people.goes("zhao", address, "close", comment="同意销号", closed_on="2026-05-30")
    assert (ended["state"], ended["closed_on"], ended["next_steps"], colour()) == ("closed", "2026-05-30", [], "blue")
    assert [one["step"] for one in ended["acts"]] == [
        "register", "verify", "confirm", "assign", "begin", "request_acceptance", "begin_review", "pass_first_review", "close",
    ]  # fmt: skip
    assert [one["by"] for one in ended["acts"]][-3:] == ["li", "li", "zhao"]
    assert ended["acts"][5]["content"]["photo"] == "IMG-1"
    assert audited(deployment).count(("wang", "step on hidden danger")) == 5
    assert people.take("li", address, "verify").json()["code"] == "ended"


def test_no_step_is_taken_but_those_that_lead_on_from_here(people):
    address = people.report()
    for state, way in (("registered", []), ("verifying", ["verify"])):
        for step in way:
            people.goes("wang", address, step)
        before = people.desks["wang"].get(address).json()
        allowed = [one["step"] for one in before["next_steps"]]
        assert (before["state"], allowed) == (state, [one.key for one in LIFE.leaving(state)])
        for step in LIFE.steps.values():
            if step.leaves and step.key not in allowed:
                told = people.take("root", address, step.key, **dict.fromkeys(step.asks, "2026-05-20T08:00:00+08:00"))
                if told.status_code == 422:  # a day is no moment
                    told = people.take("root", address, step.key, **{**EVIDENCE, **CONFIRMED, "comment": "x", "deadline": "2027-01-01", "closed_on": "2026-06-01"})  # fmt: skip
                assert (told.status_code, told.json()["code"], told.json()["allowed"]) == (409, "step", allowed)
        assert people.desks["wang"].get(address).json() == before
    assert people.take("root", address, "register").status_code == 422
    assert people.take("root", address, "leap").status_code == 422


def test_nobody_reviews_or_closes_what_is_their_own_work_whatever_their_role(people):
    address = people.in_work()
    people.goes("root", address, "request_acceptance", **EVIDENCE)
    for who in ("wang", "root"):  # reported, rectified
        assert people.take(who, address, "begin_review").json()["code"] == "role"
    people.goes("li", address, "begin_review")
    assert people.take("root", address, "pass_first_review", comment="好").status_code == 403
    people.goes("li", address, "pass_first_review", comment="好")
    close = {"comment": "好", "closed_on": "2026-05-30"}
    assert people.take("root", address, "close", **close).status_code == 403
    assert people.take("li", address, "close", **close).status_code == 403  # no approver
    assert people.take("guest", address, "close", **close).status_code == 403
    assert people.goes("zhao", address, "close", **close)["state"] == "closed"


def test_what_must_be_there_is_asked_for_at_its_field(people):
    address = people.report()
    people.goes("wang", address, "verify")
    lacking = people.take("wang", address, "confirm", criteria="x")
    assert lacking.status_code == 422
    assert {one["field"] for one in lacking.json()["errors"]} == {"clause", "confirmed_on"}
    early = people.take("wang", address, "confirm", **{**CONFIRMED, "confirmed_on": "2026-04-01"})
    assert (early.status_code, early.json()["code"]) == (422, "days")
    people.goes("wang", address, "confirm", **CONFIRMED)
    unready = people.take("wang", address, "assign")
    assert (unready.status_code, unready.json()["code"]) == (409, "unready")
    assert {one["field"] for one in unready.json()["errors"]} == set(SETTLED)
    people.settle(address)
    assert people.goes("wang", address, "assign")["state"] == "assigned"


def test_a_step_may_say_which_state_it_saw(people):
    address = people.report()
    old = people.desks["wang"].get(address).headers["etag"]
    people.goes("wang", address, "verify")
    late = people.desks["li"].post(f"{address}/steps", json={"step": "verify"}, headers={"If-Match": old})
    assert late.status_code == 412
    tag = people.desks["wang"].get(address).headers["etag"]
    body = {"step": "transfer", "comment": "一般"}
    ended = people.desks["li"].post(f"{address}/steps", json=body, headers={"If-Match": tag}).json()
    assert (ended["state"], ended["level"]) == ("general", "general")
    tag = people.desks["wang"].get(address).headers["etag"]
    changed = people.desks["wang"].patch(address, json={"remark": "x"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["code"]) == (409, "ended")
    page = address.removeprefix("/api")
    form = people.desks["wang"].get(f"{page}/change", follow_redirects=False)
    assert (form.status_code, form.headers["location"]) == (303, page)


def test_a_deadline_moves_by_an_extension_that_another_grants(people):
    address = people.in_work()
    tag = people.desks["wang"].get(address).headers["etag"]
    moved = people.desks["wang"].patch(address, json={"deadline": "2026-12-31"}, headers={"If-Match": tag})
    assert (moved.status_code, moved.json()["code"]) == (409, "step")
    assert people.take("zhao", address, "grant_extension", comment="可").json()["code"] == "unready"
    asked = {"comment": "等配件", "deadline": "2026-07-01"}
    assert (
        people.take("wang", address, "request_extension", **{**asked, "deadline": "2026-05-30"}).json()["code"]
        == "days"
    )
    assert people.goes("wang", address, "request_extension", **asked)["deadline"] == "2026-06-01"
    assert people.take("root", address, "begin_review").status_code == 409
    assert people.goes("zhao", address, "grant_extension", comment="可")["deadline"] == "2026-07-01"
    assert people.take("zhao", address, "grant_extension", comment="再可").json()["code"] == "unready"


@pytest.mark.parametrize("statement", ["UPDATE hidden_danger_acts SET taken_by = 'x'", "DELETE FROM hidden_danger_acts", "TRUNCATE hidden_danger_acts"])  # fmt: skip
def test_acts_are_added_and_never_changed(people, deployment, statement):
    people.report()
    with pytest.raises(DBAPIError), deployment.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_danger_is_overdue_from_the_day_after_and_that_is_noted_once_a_deadline(people, deployment):
    address = people.in_work()

    def marked(day: str) -> int:
        with deployment.sessions.begin() as session:
            return mark_overdue(Work(session, deployment), datetime.date.fromisoformat(day), actor="calendar")

    def notices() -> list[str]:
        acts = people.desks["wang"].get(address).json()["acts"]
        return [one["content"]["deadline"] for one in acts if one["kind"] == "notice"]

    assert (marked("2026-06-01"), marked("2026-06-02"), marked("2026-06-03")) == (0, 1, 0)
    assert notices() == ["2026-06-01"]
    people.goes("wang", address, "request_extension", comment="等配件", deadline="2026-07-01")
    people.goes("zhao", address, "grant_extension", comment="可")
    assert (marked("2026-07-01"), marked("2026-07-02"), marked("2026-07-03")) == (0, 1, 0)
    assert notices() == ["2026-06-01", "2026-07-01"]
    people.goes("wang", address, "request_acceptance", **EVIDENCE)
    assert marked("2027-01-01") == 0
    assert audited(deployment).count(("calendar", "mark overdue")) == 2


def test_the_calendar_orders_the_notices(people, deployment):
    address = people.in_work()
    with deployment.sessions.begin() as session:
        jobs.order_job(session, "mark overdue", {}, author="root")
    assert work_once(deployment)
    told = people.desks["wang"].get(address).json()
    assert told["overdue_days"] > 0
    assert [one["kind"] for one in told["acts"]][-1] == "notice"


def test_whoever_enters_a_danger_from_a_ledger_decides_nothing_on_it(people, deployment, tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text(
        "danger_code,state,channel,found_on,confirmed_on,deadline,lon,lat\n"
        "L-1,second_review,self,2026-05-01,2026-05-02,2026-06-01,99.80,39.33\n",
        encoding="utf-8",
    )
    with deployment.sessions.begin() as session:
        import_hidden_dangers(Work(session, deployment), path, ReadingOptions(crs="EPSG:4490"), author="root")
    (one,) = people.desks["wang"].get("/api/hidden-dangers").json()["items"]
    address = f"/api/hidden-dangers/{one['id']}"
    told = people.desks["wang"].get(address).json()
    assert [(act["kind"], act["by"], act["state"]) for act in told["acts"]] == [("entry", "root", "second_review")]
    close = {"comment": "好", "closed_on": "2026-05-30"}
    assert people.take("root", address, "close", **close).status_code == 403
    assert people.goes("zhao", address, "close", **close)["state"] == "closed"


def test_who_answers_for_a_danger_is_named_to_those_who_may_call(people):
    address = people.report(**SETTLED)
    assert people.desks["wang"].get(address).json()["responsible_person"] == SETTLED["responsible_person"]
    for told in (
        people.desks["guest"].get(address).json(),
        *people.desks["guest"].get("/api/hidden-dangers").json()["items"],
    ):
        assert told["responsible_person"] == "张**"
    assert SETTLED["responsible_person"] not in people.desks["guest"].get(address.removeprefix("/api")).text


def test_the_register_leads_to_the_page_of_each_and_those_who_write_to_the_form(people):
    address = people.report().removeprefix("/api")
    for who, writes in (("wang", True), ("guest", False)):
        page = people.desks[who].get("/registers/hidden-dangers").text
        assert f'href="{address}"' in page
        assert ('href="/hidden-dangers/new"' in page) == writes


def test_who_answers_for_a_danger_stays_out_of_the_audit(people, deployment):
    address = people.report()
    people.settle(address)
    with deployment.engine.connect() as connection:
        told = connection.execute(text("SELECT detail::text FROM audit_entries WHERE action = 'change hidden danger'"))
        (detail,) = told.scalars()
    assert SETTLED["responsible_person"] not in detail
    assert "emergency_plan" in detail
