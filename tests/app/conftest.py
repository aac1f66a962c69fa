"""A service on a real database, with tokens, for the tests of the doors."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
import shapely
from fastapi import Request, Response
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from app.http import problems
from app.http.openapi import codes_of
from app.http.problems import FAILED
from app.main import create_app
from app.platform.deployment import Deployment, connect
from app.platform.principals import Role, new_token, token_digest
from app.platform.settings import Settings
from gis_layers.stores import access
from tests.answers import description
from tests.app.seeds import GROUND, METRIC, Seeds, publish_zones, surveyed
from tests.conftest import TEMPLATE
from tests.saying import messages_in, untold

__all__ = ["GROUND", "METRIC", "surveyed"]


@pytest.fixture(scope="session")
def grounds(copy_database: Callable[[str, str], str]) -> Seeds:
    return Seeds(TEMPLATE, copy_database)


@pytest.fixture
def template(request: pytest.FixtureRequest, grounds: Seeds) -> str:
    """A migrated database with the rulebook in force, and with the grounds the test asks for."""
    return grounds.template_for(request)


@pytest.fixture
def deployment(database_url: str) -> Iterator[Deployment]:
    opened = connect(Settings(), database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def token(deployment: Deployment) -> Callable[[Role], str]:
    def make(role: Role = Role.VIEWER) -> str:
        text = new_token()
        with deployment.sessions.begin() as session:
            access.save_token(session, name="test", role=role.value, digest=token_digest(text))
        return text

    return make


@pytest.fixture
def client(deployment: Deployment, token) -> Iterator[TestClient]:
    """A viewer's client on a deployment without guests."""
    app = create_app(deployment, loopback=True)
    headers = {"Authorization": f"Bearer {token()}"}
    with TestClient(app, headers=headers, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(autouse=True)
def undeclared() -> Iterator[list[tuple[str, str, int, str]]]:
    """Whatever a test of the doors is about: no operation refuses for a reason its description does not tell, and
    none tells it in one language alone."""
    found: list[tuple[str, str, int, str]] = []
    of_one_language: list[str] = []

    def told(request: Request, status: int, title: str, detail: str, *, code: str = FAILED, **extra: Any) -> Response:
        route = request.scope.get("route")
        described = isinstance(route, APIRoute) and route.include_in_schema and status < 500
        if described and code not in codes_of(route, request.method).get(status, ()):
            found.append((request.method, route.path_format, status, code))
        of_one_language.extend(untold((title, detail, *messages_in(extra))))
        return plainly(request, status, title, detail, code=code, **extra)

    plainly = problems.problem
    # A patch of its own: the fixture that tests share would be undone last of all, were it asked for here.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(problems, "problem", told)
        yield found
    assert found == []
    assert of_one_language == []


@pytest.fixture(autouse=True)
def untrue() -> Iterator[list[tuple[str, int, str]]]:
    """Whatever a test of the doors is about: every answer it meets is what the description of its operation says."""
    found: list[tuple[str, int, str]] = []

    def send(self: TestClient, request: httpx.Request, **options: Any) -> httpx.Response:
        answer = super(TestClient, self).send(request, **options)
        if not options.get("stream"):
            for one in (*answer.history, answer):
                found.extend(description().faults(one))
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TestClient, "send", send, raising=False)
        yield found
    assert sorted(set(found)) == []


@pytest.fixture
def publish(deployment: Deployment) -> Callable[..., int]:
    """``publish_zones`` on the test's own database."""
    return partial(publish_zones, deployment)


def site(polygon: shapely.Geometry, project_class: str = "K4", **properties) -> dict:
    """A GeoJSON Feature to check."""
    return {
        "type": "Feature",
        "geometry": polygon.__geo_interface__,
        "properties": {"name": "试验项目", "project_class": project_class, **properties},
    }
