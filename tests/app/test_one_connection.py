"""A request needs one connection and no second: where there is only one, everything still answers."""

import dataclasses
import itertools
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from app.http.dependencies import SessionOf, Viewer
from app.main import create_app
from app.platform.deployment import Deployment, limited
from app.platform.principals import Role
from gis_layers.database import ConnectionLimits, session_factory
from tests.app.test_access import declared_roles, routes_of
from tests.app.test_reading import SQUARE

FILLED = {
    "layer": "zones", "z": "10", "x": "796", "y": "389", "kind": "roads", "language": "en", "name": "report.xlsx",
    "mark": "GEO-HIGH",
}  # fmt: skip
"""What stands in an address; everything else is a number."""


@pytest.fixture
def only_one(deployment: Deployment) -> Iterator[Deployment]:
    """The deployment with one connection, for which nobody waits longer than a moment."""
    engine = create_engine(deployment.url, pool_size=1, max_overflow=0, pool_timeout=0.2)
    yield dataclasses.replace(deployment, engine=engine, sessions=session_factory(engine))
    engine.dispose()


def address_of(route) -> str:
    path = route.path
    for name in route.param_convertors:
        path = path.replace(f"{{{name}}}", FILLED.get(name, "1"))
    return path


def test_every_address_answers_every_role_on_one_connection(only_one: Deployment, token, publish):
    """Each as nobody, as the role it asks for, and as one of the others in turn."""
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    app = create_app(only_one, loopback=True)
    routes = {address_of(route): declared_roles(route) for route in routes_of(app) if "GET" in route.methods}
    assert len(routes) > 70
    keys = {role: {"Authorization": f"Bearer {token(role)}"} for role in Role if role is not Role.PUBLIC}
    broken = {}
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        for (path, needed), another in zip(sorted(routes.items()), itertools.cycle(keys)):
            for role in dict.fromkeys([Role.PUBLIC, *needed, another]):
                status = client.get(path, headers=keys.get(role, {})).status_code
                broken |= {(path, role): status} if status >= 500 else {}
    assert broken == {}
    assert only_one.engine.pool.checkedout() == 0


def test_a_second_connection_would_have_been_noticed(only_one: Deployment, token):
    app = create_app(only_one, loopback=True)

    @app.get("/greedy")
    def greedy(session: SessionOf, asking: Viewer) -> str:
        with only_one.sessions() as second:
            return str(second.scalar(text("SELECT 1")))

    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/greedy", headers={"Authorization": f"Bearer {token()}"}).status_code == 500


def test_a_statement_that_outlives_its_time_is_stopped_and_told_of(deployment: Deployment, token):
    with limited(deployment, ConnectionLimits(2, statement_s=0.1)) as web:
        app = create_app(web, loopback=True)

        @app.get("/api/endless")
        def endless(session: SessionOf, asking: Viewer) -> str:
            return str(session.scalar(text("SELECT pg_sleep(60)")))

        headers = {"Authorization": f"Bearer {token()}", "Accept-Language": "en"}
        with TestClient(app, raise_server_exceptions=False, headers=headers) as client:
            told = client.get("/api/endless")
            assert (told.status_code, told.json()["title"]) == (503, "Stopped: it took too long")
            assert client.get("/api/zones").status_code == 200


def test_connections_without_limits_have_none_and_those_with_limits_keep_them(deployment: Deployment):
    asked = text("SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')")
    with deployment.sessions() as session:
        assert tuple(session.execute(asked).one()) == ("0", "0")
    with limited(deployment, ConnectionLimits(1, statement_s=30, idle_s=120)) as web:
        for _ in range(2):
            with web.sessions() as session:
                assert tuple(session.execute(asked).one()) == ("30s", "2min")
                session.rollback()
