"""What waits for somebody: every role sees its own, and each number is what the list behind it shows."""

import datetime
import re
from urllib.parse import quote

import pytest
import shapely
from sqlalchemy import text

from app.judgement.tasks import Caller, tasks_of
from app.main import TELLERS, create_app
from app.platform.clock import now, today
from app.platform.principals import GUEST, BrowserSession, Principal, Role
from app.platform.work import Work
from app.registers.tasks import WATCHED
from gis_layers.stores import town
from gis_layers.stores.checks import NewCheck, list_checks, save_check
from risk_model.codes import enumeration
from tests.app.conftest import site
from tests.app.test_finding_rows import DANGER, days_ago
from tests.app.test_registers import HERE, frame
from tests.app.test_rulebook_versions import WIDER, as_, proposed  # noqa: F401
from tests.app.visitors import add_account, browser, sign_in
from tests.saying import tells

SITE = shapely.box(99.800, 39.300, 99.802, 39.301)
FAILED_TURN = """
    INSERT INTO jobs (kind, state, created_by, payload, entry, occurs_at, started_at, ended_at, error)
    VALUES ('seal days', 'failed', 'calendar', '{}', 'seal', :at, :at, :at, 'x')
"""


@pytest.fixture
def busy(deployment) -> None:
    """A town in which something waits for everybody."""
    with deployment.sessions.begin() as session:
        town.append_register(session, "forces", frame(
            [HERE] * 3, name=["甲队", "乙队", "丙队"], agreement_expires=[days_ago(1), days_ago(2), None],
            last_verified=[days_ago(300), days_ago(3), None],
        ))  # fmt: skip
        town.append_register(session, "stations", frame([HERE], name=["镇站"], last_verified=[days_ago(300)]))
        town.append_register(session, "enterprises", frame([HERE], name=["甲厂"], sector=["food"]))
        told = {"code": "YH-1", "state": "rectifying", "deadline": days_ago(3), "closed": None, "level": "major"}
        session.execute(text(DANGER), told)
        session.execute(text(FAILED_TURN), {"at": now() - datetime.timedelta(hours=1)})


def test_every_task_has_words_and_every_watched_lapse_is_told():
    assert set(WATCHED) <= set(enumeration("task"))


def shown_by(page: str, address: str) -> int:
    """How many things the list at an address shows."""
    if address.startswith("/registers/"):
        return page.count('<tr id="row-')
    if address.startswith("/enterprises"):
        return page.count("data-enterprise=")
    if address.startswith("/checks"):
        return page.count('<th scope="row"><a href="/checks/')
    if address == "/deliveries":
        return page.count('class="state is-missing"')
    if address == "/calendar":
        return page.count(f"<td>{enumeration('job_state')['failed'].name}")
    return len(re.findall(r"<li>", page.partition('id="waiting"')[2].partition("</section>")[0]))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC])
def test_each_number_is_what_the_list_behind_it_shows(client, deployment, busy, role):
    add_account(deployment, "someone", role)
    visitor = browser(client.app)
    assert sign_in(visitor, "someone").status_code == 200
    page = visitor.get("/?lang=zh").text
    assert 'id="tasks"' in page
    tasks = re.findall(r'<li><a href="([^"]+)"><b>([\d,]+)</b> ([^<]+)</a></li>', page)
    for address, count, words in tasks:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert shown_by(answer.text, address) == int(count), (address, words)
    found = {enumeration("task").find(words) for *_, words in tasks}
    assert None not in found
    expected = {
        Role.DISPATCHER: {"agreements_expired", "forces_stale", "forces_unverified", "stations_stale"},
        Role.OFFICER: {"dangers_overdue", "inspections_due", "layers_missing"},
        Role.APPROVER: {"dangers_overdue"},
    }
    everybodys = set().union(*expected.values()) | {"turns_failed"}
    assert found == (everybodys if role is Role.ADMIN else expected.get(role, set()))
    assert bool(tasks) != tells(page, "现在没有等您办理的事项。")


def test_a_proposal_waits_for_whoever_may_decide_it_and_not_for_its_author(as_, deployment):  # noqa: F811
    answer = proposed(as_(Role.OFFICER, "li"), WIDER)
    waiting = {}
    with deployment.sessions() as session:
        for name, role in (("li", Role.APPROVER), ("wang", Role.APPROVER), ("zhao", Role.VIEWER)):
            caller = Caller(Principal(f"token:{name}", role, visit=BrowserSession(1, 1, "x", name)), now(), today())
            told = tasks_of(Work(session, deployment), caller, TELLERS)
            waiting[name] = sum(task.count for task in told if task.key == "proposals")
        assert tasks_of(Work(session, deployment), Caller(GUEST, now(), today()), TELLERS) == []
    assert (answer.status_code, waiting) == (201, {"li": 0, "wang": 1, "zhao": 0}), answer.text


def test_a_check_that_lacked_data_waits_when_the_zones_changed_until_it_is_made_again(deployment):
    app = create_app(deployment, loopback=True)
    desks = {}
    for name in ("li", "qian"):
        add_account(deployment, name, Role.PLANNER)
        desks[name] = browser(app)
        sign_in(desks[name], name)
    answer = desks["li"].post("/api/siting/check", json=site(SITE)).json()
    assert answer["verdict"] == "insufficient_data"
    with deployment.sessions.begin() as session:
        (made,) = list_checks(session, actor="li", limit=1, offset=0)
        told = {name: getattr(made, name) for name in NewCheck.__dataclass_fields__}
        earlier = {"actor": "qian", "edition": 1, "edition_fingerprint": "0" * 64}
        number = save_check(session, NewCheck(**{**told, **earlier})).number
    waiting = '<a href="/checks?lacking=true"><b>1</b>'
    assert [waiting in desks[name].get("/").text for name in ("li", "qian")] == [False, True]
    assert shown_by(desks["qian"].get("/checks?lacking=true").text, "/checks") == 1
    again = f"/siting/checks/{number}/again"
    assert f'action="/siting/checks/{quote(number)}/again"' in desks["qian"].get(f"/checks/{number}").text
    assert desks["li"].post(again).status_code == 404
    assert desks["qian"].post(again, follow_redirects=False).status_code == 303
    assert waiting not in desks["qian"].get("/").text
    assert shown_by(desks["qian"].get("/checks?lacking=true").text, "/checks") == 0


def test_a_guest_keeps_the_overview(client):
    client.app.state.guests_welcome = True
    page = browser(client.app).get("/").text
    assert 'id="tasks"' not in page
    assert 'id="state"' in page
