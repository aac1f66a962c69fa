"""Signed in by a cookie: how it is given, what it proves, when it ends, and how guessing is slowed."""

import datetime
import statistics
import time
from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlalchemy import event

from app.accounts.sign_in_cookies import local_path
from app.accounts.throttle import FREE, LONGEST_S, delay_s
from app.main import create_app
from app.platform.deployment import Deployment
from app.platform.principals import CSRF_HEADER, SESSION_COOKIE, Role
from app.platform.settings import Settings
from tests.app.visitors import PASSWORD, TURNED_AWAY, Clock, add_account, audited, browser, set_clock, sign_in

PUBLIC = "https://anzhi.example"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[99.8, 39.3], [99.81, 39.3], [99.81, 39.31], [99.8, 39.31], [99.8, 39.3]]],
}


@pytest.fixture
def app(deployment: Deployment) -> FastAPI:
    add_account(deployment, department="规划所", display_name="张三")
    return create_app(deployment, loopback=True)


@pytest.fixture
def clock(app: FastAPI) -> Clock:
    return set_clock(app)


def statements_of(deployment: Deployment) -> list[str]:
    """A list that fills with every SQL statement from now on."""
    asked: list[str] = []

    def note(connection, cursor, statement, *rest) -> None:
        asked.append(statement)

    event.listen(deployment.engine, "before_cursor_execute", note)
    return asked


def cookie_of(answer) -> str:
    return answer.headers["set-cookie"].split(";")[0].removeprefix(f"{SESSION_COOKIE}=")


def test_signing_in_answers_who_that_is(app: FastAPI):
    visitor = browser(app)
    answer = sign_in(visitor).json()
    assert (answer["username"], answer["display_name"], answer["role"]) == ("zhang", "张三", "planner")
    assert answer["department"] == "规划所"
    assert len(answer["csrf"]) >= 43
    assert visitor.get("/api/session").json() == answer
    assert visitor.get("/api/zones").status_code == 200


def test_a_username_is_the_same_however_it_is_typed(app: FastAPI):
    assert sign_in(browser(app), "  ZHANG ").status_code == 200
    assert sign_in(browser(app), "ｚhang").status_code == 200


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_connections(app: FastAPI, deployment: Deployment):
    plain = sign_in(browser(app)).headers.get_list("set-cookie")[0].lower()
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in plain.split(";")}
    assert "secure" not in plain
    assert "max-age" not in plain
    published = create_app(replace(deployment, settings=Settings(public_url=PUBLIC)), loopback=True)
    by_https = sign_in(browser(published, PUBLIC))
    cookies = [cookie.lower() for cookie in by_https.headers.get_list("set-cookie")]
    assert cookies
    assert all(cookie.startswith("__host-anzhi_") and "; secure" in cookie for cookie in cookies)


def test_the_database_keeps_neither_password_nor_cookie(app: FastAPI, deployment: Deployment):
    cookie = cookie_of(sign_in(browser(app)))
    with deployment.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM accounts, sessions").all())
    assert "$argon2id$" in kept
    assert cookie not in kept
    assert PASSWORD not in kept


def test_a_cookie_from_before_signing_in_is_never_taken_over(app: FastAPI):
    visitor = browser(app)
    visitor.cookies.set(SESSION_COOKIE, "chosen-by-somebody-else")
    assert cookie_of(sign_in(visitor)) != "chosen-by-somebody-else"
    stranger = browser(app)
    stranger.cookies.set(SESSION_COOKIE, "chosen-by-somebody-else")
    assert stranger.get("/api/session").status_code == 401


def test_each_sign_in_has_its_own_cookie_and_ends_the_one_before(app: FastAPI):
    visitor = browser(app)
    first = cookie_of(sign_in(visitor))
    second = cookie_of(sign_in(visitor))
    assert first != second
    left = browser(app)
    left.cookies.set(SESSION_COOKIE, first)
    assert left.get("/api/session").status_code == 401
    assert visitor.get("/api/session").status_code == 200


def test_signing_out_ends_the_session_on_the_server_too(app: FastAPI):
    visitor = browser(app)
    cookie = cookie_of(sign_in(visitor))
    assert visitor.delete("/api/session").status_code == 204
    visitor.cookies.set(SESSION_COOKIE, cookie)
    assert visitor.get("/api/session").status_code == 401


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_after_the_same_work(app: FastAPI, deployment):
    asked = statements_of(deployment)

    def tried(name: str) -> tuple[int, dict, list[str], float]:
        asked.clear()
        began = time.perf_counter()
        answer = sign_in(browser(app), name, "wrong password")
        return answer.status_code, answer.json(), list(asked), time.perf_counter() - began

    known = [tried("zhang") for _ in range(4)]
    unknown = [tried("nobody") for _ in range(4)]
    assert {answer[0] for answer in known + unknown} == {401}
    assert known[0][1] == unknown[0][1]
    assert known[0][1]["detail"] == TURNED_AWAY
    assert known[1][2] == unknown[1][2]
    times = [statistics.median(answer[3] for answer in tries) for tries in (known, unknown)]
    assert min(times) > max(times) / 3


def test_names_no_database_could_hold_are_turned_away_like_any_other(app: FastAPI):
    for name in ("", " ", "a" * 200, "zhang'; --", "\u202e"):
        assert sign_in(browser(app), name, "wrong password").status_code in (401, 429), repr(name)
    for name in ("a" * 201, "\x00"):
        assert sign_in(browser(app), name).status_code == 422


@pytest.mark.parametrize(("failures", "wait"), [(0, 0), (4, 0), (5, 2), (6, 4), (9, 32), (14, 900), (10_000, 900)])
def test_the_wait_grows_with_each_failure_up_to_a_quarter_of_an_hour(failures, wait):
    assert delay_s("place", failures) == wait
    assert all(delay_s(kind, failures) <= wait <= max(LONGEST_S.values()) for kind in FREE)


def test_after_five_failures_even_the_right_password_has_to_wait(app: FastAPI, clock: Clock):
    visitor = browser(app)
    for _ in range(5):
        assert sign_in(visitor, password="wrong password").status_code == 401
    throttled = sign_in(visitor)
    assert throttled.status_code == 429
    assert throttled.headers["retry-after"] == "2"
    assert throttled.json()["title"] == "尝试次数过多"
    clock.pass_(seconds=2)
    assert sign_in(visitor, password="wrong password").status_code == 401
    assert sign_in(visitor).headers["retry-after"] == "4"
    clock.pass_(seconds=4)
    assert sign_in(visitor).status_code == 200


def test_a_success_forgives_the_account(app: FastAPI):
    visitor = browser(app)
    for _ in range(2):
        for _ in range(4):
            sign_in(visitor, password="wrong password")
        assert sign_in(visitor).status_code == 200


def test_failures_of_one_account_do_not_keep_the_others_out(app: FastAPI, deployment: Deployment, clock: Clock):
    add_account(deployment, "li")
    for _ in range(6):
        sign_in(browser(app), password="wrong password")
    assert sign_in(browser(app)).status_code == 429
    assert sign_in(browser(app), "li").status_code == 200


def test_what_was_typed_as_a_name_is_not_written_down(app: FastAPI, deployment: Deployment):
    sign_in(browser(app), "my secret password", "wrong password")
    with deployment.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT subject FROM failed_sign_ins").all()
        kept += connection.exec_driver_sql("SELECT actor, subject, detail FROM audit_entries").all()
    assert "secret" not in str(kept)
    assert ("unknown", "fail to sign in") in audited(deployment)


def test_a_session_left_alone_for_a_working_day_ends(app: FastAPI, clock: Clock):
    visitor = browser(app)
    sign_in(visitor)
    clock.pass_(hours=7, minutes=59)
    assert visitor.get("/api/session").status_code == 200
    clock.pass_(hours=7, minutes=59)
    assert visitor.get("/api/session").status_code == 200
    clock.pass_(hours=8)
    assert visitor.get("/api/session").status_code == 401


def test_an_open_desk_nobody_sits_at_keeps_nobody_signed_in(app: FastAPI, deployment: Deployment, clock: Clock):
    add_account(deployment, "desk", Role.DISPATCHER)
    visitor = browser(app)
    sign_in(visitor, "desk")
    for _ in range(3):
        clock.pass_(hours=2, minutes=30)
        assert visitor.get("/api/dispatch/desk").status_code == 200
    clock.pass_(hours=1)
    assert visitor.get("/api/dispatch/desk").status_code == 401
    sign_in(visitor, "desk")
    for _ in range(3):
        clock.pass_(hours=5)
        assert visitor.get("/api/incidents").status_code == 200, "an ordinary act does"
        assert visitor.get("/api/dispatch/desk").status_code == 200


def test_a_session_ends_after_seven_days_however_busy(app: FastAPI, clock: Clock):
    visitor = browser(app)
    sign_in(visitor)
    for _ in range(27):
        clock.pass_(hours=6)
        assert visitor.get("/api/session").status_code == 200
    clock.pass_(hours=6)
    assert visitor.get("/api/session").status_code == 401


def test_asking_costs_one_statement_and_is_noted_once_a_minute(app: FastAPI, deployment: Deployment, clock: Clock):
    visitor = browser(app)
    sign_in(visitor)
    asked = statements_of(deployment)
    visitor.get("/api/session")
    assert len(asked) == 1
    clock.pass_(seconds=61)
    asked.clear()
    visitor.get("/api/session")
    visitor.get("/api/session")
    assert [statement.split()[0] for statement in asked] == ["SELECT", "UPDATE", "SELECT"]


def test_a_write_by_cookie_needs_the_token_of_its_session(app: FastAPI):
    visitor = browser(app)
    csrf = sign_in(visitor).json()["csrf"]
    del visitor.headers[CSRF_HEADER]
    refused = visitor.post("/api/siting/check", json=site_document())
    assert refused.status_code == 403
    assert refused.json()["code"] == "csrf"
    assert visitor.post("/api/siting/check", json=site_document(), headers={CSRF_HEADER: csrf[::-1]}).status_code == 403
    assert visitor.delete("/api/session").status_code == 403
    assert visitor.post("/api/siting/check", json=site_document(), headers={CSRF_HEADER: csrf}).status_code == 200


def test_a_token_of_another_session_proves_nothing(app: FastAPI):
    one, other = browser(app), browser(app)
    sign_in(one)
    csrf = sign_in(other).json()["csrf"]
    assert one.delete("/api/session", headers={CSRF_HEADER: csrf}).status_code == 403


@pytest.mark.parametrize(
    ("says", "status"),
    [
        ({"Origin": "http://127.0.0.1:8000"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://elsewhere"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:81"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_form_shows_its_token_and_comes_from_the_same_origin(app: FastAPI, says, status):
    visitor = browser(app)
    csrf = sign_in(visitor).json()["csrf"]
    del visitor.headers[CSRF_HEADER]
    assert visitor.post("/sign-out", headers=says).status_code == 403
    assert visitor.post("/sign-out", data={"csrf": csrf}, headers=says).status_code == status


def test_programs_with_a_token_prove_nothing_more(app: FastAPI, token):
    program = browser(app, headers={"Authorization": f"Bearer {token(Role.PLANNER)}"})
    assert program.post("/api/siting/check", json=site_document()).status_code == 200


def test_no_stranger_page_can_sign_somebody_in(app: FastAPI):
    for says in ({"Origin": "http://elsewhere"}, {"Sec-Fetch-Site": "cross-site"}):
        visitor = browser(app, headers=says)
        assert sign_in(visitor).status_code == 403
        assert visitor.post("/sign-in", data={"username": "zhang", "password": PASSWORD}).status_code == 403


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/siting", "/siting"),
        ("/maps/hazards?x=1&y=2", "/maps/hazards?x=1&y=2"),
        ("https://elsewhere/", "/"),
        ("//elsewhere/", "/"),
        ("/\\elsewhere/", "/"),
        ("\\\\elsewhere/", "/"),
        ("/\t/elsewhere/", "/"),
        ("javascript:alert(1)", "/"),
        ("siting", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_on_only_inside_this_service(app: FastAPI, wanted, goes):
    assert local_path(wanted) == goes
    typed = {"username": "zhang", "password": PASSWORD, "next": wanted}
    answer = browser(app).post("/sign-in", data=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, goes)


def test_a_page_leads_to_the_sign_in_and_back(app: FastAPI):
    visitor = browser(app)
    sent = visitor.get("/siting?lang=zh")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/sign-in?next=%2Fsiting%3Flang%3Dzh&lang=zh"
    assert sent.headers["cache-control"] == "no-store"
    assert 'lang="en"' in visitor.get("/siting?lang=en", follow_redirects=True).text
    form = visitor.get(sent.headers["location"])
    assert 'name="next" value="/siting?lang=zh"' in form.text
    wrong = visitor.post("/sign-in", data={"username": "zhang", "password": "wrong password", "next": "/siting"})
    assert wrong.status_code == 401
    assert TURNED_AWAY in wrong.text
    assert 'value="zhang"' in wrong.text
    visitor.post("/sign-in", data={"username": "zhang", "password": PASSWORD})
    assert visitor.get("/siting").status_code == 200
    assert visitor.get("/sign-in?next=/siting").headers["location"] == "/siting"


def test_a_throttled_form_says_when_to_come_back(app: FastAPI, clock: Clock):
    visitor = browser(app)
    for _ in range(5):
        sign_in(visitor, password="wrong password")
    answer = visitor.post("/sign-in?lang=en", data={"username": "zhang", "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    assert "try again in 2 seconds" in answer.text


def test_the_page_of_a_signed_in_person_carries_the_token_and_their_name(app: FastAPI):
    visitor = browser(app)
    csrf = sign_in(visitor).json()["csrf"]
    page = visitor.get("/siting").text
    assert f'<meta name="csrf-token" content="{csrf}">' in page
    assert "张三" in page


def test_old_sessions_are_cleared_away_by_the_next_sign_in(app: FastAPI, deployment: Deployment, clock: Clock):
    sign_in(browser(app))
    clock.now += datetime.timedelta(days=8)
    sign_in(browser(app))
    with deployment.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar() == 1


def site_document() -> dict:
    return {"type": "Feature", "geometry": SQUARE, "properties": {"name": "试验", "project_class": "K4"}}
