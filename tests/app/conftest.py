"""A service on a real database, with tokens, for the tests of the doors."""

from collections.abc import Callable, Iterator

import geopandas as gpd
import pytest
import shapely
from fastapi.testclient import TestClient

from app.deployment import Deployment, connect
from app.main import create_app
from app.security import Role, new_token, token_digest
from app.settings import Settings
from gis_layers.stores import access, editions, surveys, zones

METRIC = "EPSG:4542"
GROUND = shapely.box(99.70, 39.20, 99.90, 39.40)
"""Ground that every layer of these tests surveyed."""


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
    """Publish zones of one hazard as a new edition; the surveyed ground is GROUND unless given."""

    def do(hazard: str, *polygons: shapely.Geometry, grade: tuple[str, int, str] | None = None, **options) -> int:
        product, extent = options.get("product", "hazard"), options.get("extent", GROUND)
        name, rank, scheme = grade or (None, None, None)
        columns = {
            "hazard": hazard, "product": product, "grade": name, "grade_rank": rank, "grade_scheme": scheme,
            "name": options.get("name"), **options.get("attributes", {}),
        }  # fmt: skip
        shapes = [
            shapely.multilinestrings([polygon])
            if polygon.geom_type == "LineString"
            else shapely.multipolygons([polygon])
            for polygon in polygons
        ]
        frame = gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=shapes, crs=4490)
        kind = "zones" if extent is None else "file"
        layer = surveys.NewLayer(hazard, product, hazard, "survey", None, None, kind, extent, replaces=False)
        with deployment.sessions.begin() as session:
            draft = editions.open_draft(session, name=hazard, author="officer")
            layer_id = surveys.save_layer(session, draft.id, layer, METRIC)
            zones.stage_new_zones(session, draft.id, layer_id, frame)
            return editions.publish_draft(session, draft, author="officer", reason="test", by_console=True).number

    return do


@pytest.fixture
def surveyed(publish) -> None:
    """Every theme surveyed everywhere on GROUND, and nothing found but far in a corner."""
    corner = shapely.box(99.701, 39.201, 99.702, 39.202)
    low = {
        "geological": ("低", 4, "geo4"), "flood": ("低", 4, "flood4"), "flash_flood": ("危险", 3, "flash3"),
        "earthquake": ("低", 5, "quake5"), "wildfire": ("低", 5, "fire5"), "meteorological": ("低", 4, "met4"),
    }  # fmt: skip
    plain = ["declared_geological", "dam_break", "river_management", "hazmat_distance", "protection_corridor", "fault"]
    for hazard in (*low, *plain):
        publish(hazard, corner, grade=low.get(hazard))
    publish("composite", corner, grade=("低", 5, "comp5"), product="risk_all")


def site(polygon: shapely.Geometry, project_class: str = "K4", **properties) -> dict:
    """A GeoJSON Feature to check."""
    return {
        "type": "Feature",
        "geometry": polygon.__geo_interface__,
        "properties": {"name": "试验项目", "project_class": project_class, **properties},
    }
