"""Who may ask what: every route declares its role, nobody gets in without one, every answer is guarded."""

import datetime

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from app.http.dependencies import require
from app.main import create_app
from app.platform.deployment import Deployment
from app.platform.principals import GUEST, NOBODY, Principal, Role, new_token, token_digest
from gis_layers.stores import access
from gis_layers.stores.records import save_fact
from tests.app.visitors import NOON, add_account, browser, set_clock, sign_in

WITHOUT_ROLE = {"/health"}
"""Asked by whatever watches over the service; everything else says its role, if only ``public``."""
PUBLIC = {"/sign-in", "/sign-in/demo", "/sign-out", "/account", "/first-admin/{token}", "/api/session", "/api/session/demo", "/api/session/password", "/words/{language}.js"}  # fmt: skip


def routes_of(app) -> list[APIRoute]:
    included = [getattr(route, "original_router", None) for route in app.routes]
    nested = [route for router in included if router is not None for route in router.routes]
    return [route for route in [*app.routes, *nested] if isinstance(route, APIRoute)]


def declared_roles(route: APIRoute) -> list[Role]:
    """The roles a route asks for, found by walking its dependencies."""
    waiting, found = [route.dependant], []
    while waiting:
        dependant = waiting.pop()
        waiting.extend(dependant.dependencies)
        role = getattr(dependant.call, "role", None)
        if role is not None:
            found.append(role)
    return found


def test_every_route_declares_exactly_one_role(deployment: Deployment):
    routes = routes_of(create_app(deployment, loopback=True))
    assert len(routes) > 20
    assert {route.path for route in routes if len(declared_roles(route)) != 1} == WITHOUT_ROLE


def test_only_the_ways_in_and_out_are_public(deployment: Deployment):
    routes = routes_of(create_app(deployment, loopback=True))
    assert {route.path for route in routes if declared_roles(route) == [Role.PUBLIC]} == PUBLIC


def test_without_a_township_nobody_gets_in_without_signing_in(deployment: Deployment):
    visitor = browser(create_app(deployment, loopback=True))
    for path in ("/api/overview", "/api/zones", "/tiles/zones/10/1/1.mvt", "/api/session"):
        answer = visitor.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == "application/problem+json"
    for path in ("/", "/siting", "/maps/hazards", "/account"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in"), path
    assert visitor.post("/api/siting/check", json={}).status_code == 401
    assert visitor.get("/health").status_code == 200
    assert visitor.get("/sign-in").status_code == 200


def test_guests_are_welcome_only_in_a_synthetic_township_on_loopback(deployment: Deployment):
    with deployment.sessions.begin() as session:
        save_fact(session, "synthetic", value=True)
    assert TestClient(create_app(deployment, loopback=True)).get("/api/overview").status_code == 200
    assert TestClient(create_app(deployment, loopback=False)).get("/api/overview").status_code == 401


def test_a_role_covers_itself_and_what_a_viewer_may():
    assert Role.ADMIN.covers(Role.OFFICER)
    assert Role.OFFICER.covers(Role.VIEWER)
    assert Role.PLANNER.covers(Role.PLANNER)
    assert not Role.PLANNER.covers(Role.OFFICER)
    assert not Role.VIEWER.covers(Role.PLANNER)
    assert Role.VIEWER.covers(Role.PUBLIC)
    assert not Role.PUBLIC.covers(Role.VIEWER)


def test_a_guest_is_asked_to_sign_in_where_an_account_is_told_no():
    from app.platform.errors import NotAllowed, SignInNeeded

    check = require(Role.OFFICER)
    with start_blocking_portal() as portal:  # a browser driven before in this process keeps its own loop running
        for guest in (GUEST, NOBODY):
            with pytest.raises(SignInNeeded):
                portal.call(check, guest)
        with pytest.raises(NotAllowed):
            portal.call(check, Principal("zhang", Role.PLANNER))
        assert portal.call(check, Principal("li", Role.ADMIN)).name == "li"


def test_an_officer_edits_the_hazards_given_to_them_and_no_other_role_any():
    assert Principal("li", Role.OFFICER, hazards=("flood",)).may_edit("flood")
    assert not Principal("li", Role.OFFICER, hazards=("flood",)).may_edit("wildfire")
    assert Principal("li", Role.OFFICER, hazards=("*",)).may_edit("wildfire")
    assert not Principal("li", Role.OFFICER).may_edit("flood")
    assert not Principal("li", Role.APPROVER, hazards=("*",)).may_edit("flood")
    assert Principal("li", Role.ADMIN).may_edit("flood")


def test_a_token_is_stored_only_as_its_digest(deployment: Deployment, token):
    text = token()
    with deployment.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT name, digest FROM tokens").all()
    assert text not in str(stored)
    assert len(stored[0].digest) == 64


def test_a_token_ends_on_its_day_or_when_it_is_revoked(deployment: Deployment):
    app = create_app(deployment, loopback=True)
    clock, text = set_clock(app), new_token()
    with deployment.sessions.begin() as session:
        ends = NOON + datetime.timedelta(days=1)
        kept = access.save_token(session, name="map", role="viewer", digest=token_digest(text), expires_at=ends)
    program = browser(app, headers={"Authorization": f"Bearer {text}"})
    assert program.get("/api/session").json()["username"] == "token:map"
    clock.pass_(hours=24)
    assert program.get("/api/zones").status_code == 401
    clock.pass_(hours=-1)
    assert program.get("/api/zones").status_code == 200
    with deployment.sessions.begin() as session:
        access.revoke_token(session, session.merge(kept), NOON)
    assert program.get("/api/zones").status_code == 401


def test_a_wrong_token_is_not_helped_by_a_cookie_or_a_guest(deployment: Deployment):
    with deployment.sessions.begin() as session:
        save_fact(session, "synthetic", value=True)
    program = browser(create_app(deployment, loopback=True), headers={"Authorization": "Bearer anzhi_wrong"})
    assert program.get("/api/zones").status_code == 401
    assert program.get("/").status_code == 401


def test_every_answer_carries_the_headers_that_guard_it(deployment: Deployment):
    add_account(deployment)
    app = create_app(deployment, loopback=True)

    @app.get("/breaks")
    def breaks() -> None:
        raise RuntimeError("on purpose")

    visitor = browser(app)
    sign_in(visitor)
    paths = (
        "/",
        "/api/zones",
        "/api/nowhere",
        "/static/css/base.css",
        "/static/none.css",
        "/breaks",
        "/sign-in",
        "/health",
    )
    for path in paths:
        headers = visitor.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
        assert "camera=()" in headers["permissions-policy"], path
    assert visitor.get("/breaks").status_code == 500


def test_what_is_answered_in_person_is_not_kept_by_anybody(deployment: Deployment):
    add_account(deployment)
    app = create_app(deployment, loopback=True)
    visitor = browser(app)
    assert sign_in(visitor).headers["cache-control"] == "no-store"
    for path in ("/", "/siting", "/api/zones", "/api/session"):
        assert visitor.get(path).headers["cache-control"] == "no-store", path
    assert "no-store" not in visitor.get("/static/css/base.css").headers.get("cache-control", "")
    assert visitor.get("/tiles/zones/10/795/390.mvt").headers["cache-control"] == "private, no-cache"
