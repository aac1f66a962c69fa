"""Accounts of people: the demo's, the first admin's, and those the console makes, each change in the audit."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.accounts.passwords import COMMONEST, SHORTEST, check_password, hash_password, one_time_password, outdated
from app.accounts.people import disable, fold_username
from app.accounts.service import open_first_admin_link
from app.cli.up import _introduce, address_of
from app.main import create_app
from app.platform.deployment import Deployment
from app.platform.errors import Refused
from app.platform.principals import CSRF_HEADER, Role, token_digest
from gis_layers.stores.accounts import find_account
from gis_layers.stores.records import save_fact
from tests.app.test_access import routes_of
from tests.app.visitors import NOON, PASSWORD, add_account, audited, browser, set_clock, sign_in
from tests.saying import tells

NEW = "lantern beside the ford"


@pytest.fixture
def demo(deployment: Deployment) -> FastAPI:
    with deployment.sessions.begin() as session:
        save_fact(session, "synthetic", value=True)
    return create_app(deployment, loopback=True)


@pytest.fixture
def app(deployment: Deployment) -> FastAPI:
    return create_app(deployment, loopback=True)


def first_admin_link(deployment: Deployment) -> str:
    with deployment.sessions.begin() as session:
        token = open_first_admin_link(session, NOON)
    assert token
    return f"/first-admin/{token}"


@pytest.mark.parametrize("role", ["planner", "dispatcher", "officer", "approver"])
def test_a_guest_of_the_demo_takes_a_role_with_one_click(demo: FastAPI, role):
    visitor = browser(demo)
    assert visitor.get("/api/session").json()["guest"] is True
    answer = visitor.post("/api/session/demo", json={"role": role})
    assert (answer.status_code, answer.json()["role"]) == (200, role)
    assert visitor.get("/api/session").json()["username"] == f"demo-{role}"
    assert answer.json()["hazards"] == (["*"] if role == "officer" else [])


def test_the_page_of_the_demo_offers_the_roles(demo: FastAPI):
    visitor = browser(demo)
    page = visitor.get("/sign-in?next=/siting").text
    assert all(f'name="role" value="{role}"' in page for role in ("planner", "dispatcher", "officer", "approver"))
    assert 'value="admin"' not in page
    entered = visitor.post("/sign-in/demo", data={"role": "officer", "next": "/siting"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/siting")
    assert tells(visitor.get("/siting").text, "区划编辑")


def test_a_demo_account_has_no_password_to_change(demo: FastAPI):
    visitor = browser(demo)
    csrf = visitor.post("/api/session/demo", json={"role": "officer"}).json()["csrf"]
    assert tells(visitor.get("/account").text, "演示账号没有密码，只在演示部署中存在。")
    change = {"current": "anything at all", "password": NEW}
    assert visitor.post("/api/session/password", json=change, headers={CSRF_HEADER: csrf}).status_code == 403


@pytest.mark.parametrize("role", ["admin", "viewer", "public", ""])
def test_nobody_becomes_admin_by_a_click(demo: FastAPI, role):
    assert browser(demo).post("/api/session/demo", json={"role": role}).status_code == 422
    assert browser(demo).post("/sign-in/demo", data={"role": role}).status_code == 422


def test_a_real_deployment_has_no_demo_roles(app: FastAPI):
    assert browser(app).post("/api/session/demo", json={"role": "planner"}).status_code == 403
    assert browser(app).post("/sign-in/demo", data={"role": "planner"}).status_code == 403
    assert "/sign-in/demo" not in browser(app).get("/sign-in").text


def test_a_demo_account_is_refused_once_others_can_reach_the_service(demo: FastAPI, deployment: Deployment):
    visitor = browser(demo)
    visitor.post("/api/session/demo", json={"role": "approver"})
    outside = browser(create_app(deployment, loopback=False))
    outside.cookies.update(visitor.cookies)
    assert outside.get("/api/session").status_code == 401
    assert outside.post("/api/session/demo", json={"role": "approver"}).status_code == 403
    for password in ("", "demo-approver", PASSWORD):
        assert sign_in(outside, "demo-approver", password).status_code == 401


def test_the_first_admin_link_works_once(app: FastAPI, deployment: Deployment):
    set_clock(app)
    link, visitor = first_admin_link(deployment), browser(app)
    form = visitor.get(link)
    assert form.status_code == 200
    assert form.headers["cache-control"] == "no-store"
    typed = {"username": "Wang", "display_name": "王五", "password": PASSWORD}
    assert visitor.post(link, data=typed).headers["location"] == "/"
    assert visitor.get("/api/session").json()["role"] == "admin"
    closed = browser(app).get(link)
    assert closed.status_code == 404
    assert tells(closed.text, "链接已失效")
    assert browser(app).post(link, data={**typed, "username": "mallory"}).status_code == 404
    with deployment.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT digest FROM first_admin_links").scalar()
    assert kept == token_digest(link.rsplit("/", 1)[1])
    assert audited(deployment) == [("first-admin link", "add account"), ("wang", "sign in")]


def test_a_first_admin_link_dies_after_a_day_with_a_newer_one_and_with_the_first_account(app, deployment):
    clock = set_clock(app)
    old, link = first_admin_link(deployment), first_admin_link(deployment)
    assert browser(app).get(old).status_code == 404
    assert browser(app).get(link).status_code == 200
    clock.pass_(hours=24)
    assert browser(app).get(link).status_code == 404
    clock.pass_(hours=-23)
    assert browser(app).get(link).status_code == 200
    add_account(deployment)
    assert browser(app).get(link).status_code == 404
    with deployment.sessions() as session:
        assert open_first_admin_link(session, NOON) is None
    assert browser(app).get("/first-admin/guessed").status_code == 404


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"username": "wang", "password": "short"}, "至少需要 10 个字符"),
        ({"username": "wang", "password": "password123"}, "太常见"),
        ({"username": "wangxiaoming", "password": "WangXiaoMing"}, "不能与用户名相同"),
        ({"username": "a b", "password": PASSWORD}, "用户名应为"),
        ({"username": "demo-x", "password": PASSWORD}, "演示账号"),
    ],
)
def test_a_first_admin_who_mistypes_may_try_again(app: FastAPI, deployment: Deployment, typed, reason):
    set_clock(app)
    link, visitor = first_admin_link(deployment), browser(app)
    answer = visitor.post(link, data=typed)
    assert answer.status_code == 422
    assert reason in answer.text
    assert visitor.post(link, data={"username": "wang", "password": PASSWORD}).status_code == 303


def test_an_empty_start_tells_the_link_and_a_demo_start_the_roles(deployment: Deployment, capsys):
    _introduce(deployment, address_of("0.0.0.0", 8000), guests=False)
    assert re.search(r"http://127\.0\.0\.1:8000/first-admin/[\w-]{43}\n", capsys.readouterr().err)
    add_account(deployment)
    _introduce(deployment, address_of("::1", 8000), guests=False)
    assert "first-admin" not in capsys.readouterr().err
    with deployment.sessions.begin() as session:
        save_fact(session, "synthetic", value=True)
    _introduce(deployment, "http://localhost:8000", guests=True)
    assert "planner, dispatcher, officer, approver" in capsys.readouterr().err
    with deployment.sessions() as session:
        assert find_account(session, "demo-officer")


def test_passwords_are_refused_for_their_length_and_commonness_not_for_their_letters():
    for fine in ("correct horse battery", "一二三四五六七八九十", "aaaaaaaaab", "    spaces    "):
        check_password(fine, "zhang")
    for poor in ("ninechars", "Qwertyuiop", "aaaaaaaaaaaa", "x" * 201):
        with pytest.raises(Refused):
            check_password(poor, "zhang")
    assert all(len(common) >= SHORTEST for common in COMMONEST)
    assert len(COMMONEST) > 50


def test_each_hash_has_its_own_salt_and_todays_strength():
    one, other = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one != other
    assert one.startswith("$argon2id$")
    assert not outdated(one)
    assert outdated("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$" + "A" * 43)
    assert len({one_time_password() for _ in range(50)}) == 50
    assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", one_time_password())


def test_usernames_fold_to_one_spelling():
    assert fold_username(" ＺＨＡＮＧ ") == "zhang"
    assert fold_username("张三") == "张三"
    assert fold_username("a:b") == fold_username("x") == fold_username("a\x00b") == ""


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ("username = 'Zhang'", "username_folded"),
        ("username = 'a b'", "username_folded"),
        ("role = 'owner'", "role_known"),
        ("password_hash = 'plain'", "password_is_hashed"),
        ("password_hash = NULL", "only_demo_without_password"),
        ("hazards = ARRAY[NULL]", "hazards_named"),
        ("display_name = ' '", "display_name_given"),
        ("area = 'SRID=4490;MULTIPOLYGON EMPTY'", "area_sound"),
    ],
)
def test_the_database_itself_refuses_unsound_accounts(deployment: Deployment, wrong, constraint):
    add_account(deployment)
    with pytest.raises(IntegrityError, match=constraint), deployment.engine.begin() as connection:
        connection.execute(text(f"UPDATE accounts SET {wrong}"))


def test_a_disabled_account_is_out_at_once(app: FastAPI, deployment: Deployment):
    add_account(deployment)
    visitor = browser(app)
    sign_in(visitor)
    with deployment.sessions.begin() as session:
        account = find_account(session, "zhang")
        assert account
        assert disable(session, account, actor="test", now=NOON) == 1
    assert visitor.get("/api/session").status_code == 401
    assert sign_in(browser(app)).status_code == 401


def test_a_new_password_signs_the_other_browsers_out(app: FastAPI, deployment: Deployment):
    add_account(deployment)
    here, there = browser(app), browser(app)
    sign_in(here)
    sign_in(there)
    change = {"current": PASSWORD, "password": NEW}
    assert here.post("/api/session/password", json={**change, "current": "wrong password"}).status_code == 403
    assert here.post("/api/session/password", json={**change, "password": "1234567890"}).status_code == 409
    assert here.post("/api/session/password", json={**change, "password": PASSWORD}).status_code == 409
    assert here.post("/api/session/password", json=change).status_code == 204
    assert here.get("/api/session").status_code == 200
    assert there.get("/api/session").status_code == 401
    assert sign_in(browser(app)).status_code == 401
    assert sign_in(browser(app), password=NEW).status_code == 200


def test_a_one_time_password_opens_nothing_but_its_own_change(app: FastAPI, deployment: Deployment):
    add_account(deployment, one_time=True)
    visitor = browser(app)
    entered = visitor.post("/sign-in", data={"username": "zhang", "password": PASSWORD, "next": "/siting"})
    assert entered.headers["location"] == "/account"
    who = visitor.get("/api/session").json()
    assert who["must_change_password"] is True
    assert visitor.get("/api/zones").status_code == 403
    assert visitor.get("/siting").headers["location"] == "/account"
    form = {"csrf": who["csrf"], "current": PASSWORD, "password": NEW}
    assert tells(visitor.get("/account").text, "这是一次性密码，请先设置自己的密码，再继续使用。")
    assert tells(
        visitor.post("/account", data={**form, "password": "1234567890"}).text,
        "这个密码太常见，会最先被人试到；请换一个",
    )
    assert visitor.post("/account", data={**form, "current": "wrong password"}).status_code == 403
    assert visitor.post("/account", data=form).headers["location"] == "/"
    assert visitor.get("/siting").status_code == 200


def test_guessing_the_present_password_is_slowed_too(app: FastAPI, deployment: Deployment):
    add_account(deployment)
    set_clock(app)
    visitor = browser(app)
    sign_in(visitor)
    change = {"current": "wrong password", "password": NEW}
    assert [visitor.post("/api/session/password", json=change).status_code for _ in range(6)] == [403] * 5 + [429]


def enters(visitor: TestClient) -> None:
    sign_in(visitor)


def fails(visitor: TestClient) -> None:
    sign_in(visitor, password="wrong password")


def enters_by_form(visitor: TestClient) -> None:
    visitor.post("/sign-in", data={"username": "zhang", "password": PASSWORD})


def fails_by_form(visitor: TestClient) -> None:
    visitor.post("/sign-in", data={"username": "zhang", "password": "wrong password"})


def tries_a_role(visitor: TestClient) -> None:
    visitor.post("/api/session/demo", json={"role": "planner"})


def tries_a_role_by_form(visitor: TestClient) -> None:
    visitor.post("/sign-in/demo", data={"role": "planner"})


def leaves(visitor: TestClient) -> None:
    sign_in(visitor)
    visitor.delete("/api/session")


def leaves_by_form(visitor: TestClient) -> None:
    sign_in(visitor)
    visitor.post("/sign-out")


def renews(visitor: TestClient) -> None:
    sign_in(visitor)
    visitor.post("/api/session/password", json={"current": PASSWORD, "password": NEW})


def renews_by_form(visitor: TestClient) -> None:
    sign_in(visitor)
    visitor.post("/account", data={"current": PASSWORD, "password": NEW})


WRITES = {
    ("POST", "/api/session"): [(enters, "zhang", "sign in"), (fails, "zhang", "fail to sign in")],
    ("POST", "/sign-in"): [(enters_by_form, "zhang", "sign in"), (fails_by_form, "zhang", "fail to sign in")],
    ("POST", "/api/session/demo"): [(tries_a_role, "demo-planner", "sign in")],
    ("POST", "/sign-in/demo"): [(tries_a_role_by_form, "demo-planner", "sign in")],
    ("DELETE", "/api/session"): [(leaves, "zhang", "sign out")],
    ("POST", "/sign-out"): [(leaves_by_form, "zhang", "sign out")],
    ("POST", "/api/session/password"): [(renews, "zhang", "change password")],
    ("POST", "/account"): [(renews_by_form, "zhang", "change password")],
}
"""What each writing route of this room does, and the audit entry it leaves last."""
OWN_TEST = {("POST", "/first-admin/{token}")}


@pytest.mark.parametrize(
    ("does", "actor", "action"),
    [case for cases in WRITES.values() for case in cases],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_every_write_about_accounts_leaves_its_audit_entry(demo: FastAPI, deployment: Deployment, does, actor, action):
    add_account(deployment)
    does(browser(demo))
    assert audited(deployment)[-1] == (actor, action)


def test_no_writing_route_about_accounts_is_forgotten(app: FastAPI):
    writing = {
        (method, route.path)
        for route in routes_of(app)
        for method in route.methods
        if method not in {"GET", "HEAD"} and route.endpoint.__module__.startswith("app.accounts")
    }
    assert writing == set(WRITES) | OWN_TEST


def test_a_form_of_a_signed_in_person_carries_its_token(app: FastAPI, deployment: Deployment):
    add_account(deployment)
    visitor = browser(app)
    csrf = sign_in(visitor).json()["csrf"]
    del visitor.headers[CSRF_HEADER]
    assert visitor.get("/account").text.count(f'name="csrf" value="{csrf}"') == 2
    changed = visitor.post("/account", data={"csrf": csrf, "current": PASSWORD, "password": NEW})
    assert tells(changed.text, "密码已修改，其他浏览器上的登录已全部退出。")
    assert sign_in(browser(app), password=NEW).json()["role"] == Role.PLANNER
