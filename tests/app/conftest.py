"""A service on a real database, with tokens, for the tests of the doors."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
import shapely
from fastapi.testclient import TestClient

from app.deployment import Deployment, connect
from app.main import create_app
from app.security import Role, new_token, token_digest
from app.settings import Settings
from gis_layers.stores import access
from tests.app.grounds import GROUND, METRIC, Grounds, publish_zones, surveyed
from tests.conftest import TEMPLATE

__all__ = ["GROUND", "METRIC", "surveyed"]


@pytest.fixture(scope="session")
def grounds(copy_database: Callable[[str, str], str]) -> Grounds:
    return Grounds(TEMPLATE, copy_database)


@pytest.fixture
def template(request: pytest.FixtureRequest, grounds: Grounds) -> str:
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
