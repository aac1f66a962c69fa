"""Who may ask what: every route declares its role, nobody gets in without one."""

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from app.deployment import Deployment
from app.main import create_app
from app.security import Role
from gis_layers.stores.records import save_fact

PUBLIC = {"/health", "/openapi.json"}


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
    app = create_app(deployment, loopback=True)
    included = [getattr(route, "original_router", None) for route in app.routes]
    nested = [route for router in included if router is not None for route in router.routes]
    routes = [route for route in [*app.routes, *nested] if isinstance(route, APIRoute)]
    assert len(routes) > 10
    assert {route.path for route in routes if len(declared_roles(route)) != 1} <= PUBLIC


def test_without_a_township_nobody_gets_in_without_a_token(deployment: Deployment):
    client = TestClient(create_app(deployment, loopback=True))
    for path in ("/api/overview", "/api/zones", "/tiles/zones/10/1/1.mvt", "/", "/siting"):
        assert client.get(path).status_code == 401, path
    assert client.get("/health").status_code == 200


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


def test_a_token_is_stored_only_as_its_digest(deployment: Deployment, token):
    text = token()
    with deployment.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT name, digest FROM tokens").all()
    assert text not in str(stored)
    assert len(stored[0].digest) == 64
