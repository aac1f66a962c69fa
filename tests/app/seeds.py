"""Grounds to stand on: databases filled once, of which every test that asks for them gets a copy of its own.

@ground("surveyed")
def flooded(deployment):
    publish_zones(deployment, "flood", WET)

def test_something(client, flooded): ...
"""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from app.platform.deployment import Deployment, connect
from app.platform.settings import Settings
from gis_layers.stores import editions, staged_zones, surveys

METRIC = "EPSG:4542"
GROUND = shapely.box(99.70, 39.20, 99.90, 39.40)
"""Ground that every layer of these tests surveyed."""

Fill = Callable[[Deployment], None]


@dataclass(frozen=True)
class Seed:
    """What is filled in, and the names of the grounds it lies upon."""

    fill: Fill
    upon: tuple[str, ...]

    @property
    def address(self) -> tuple[str, str]:
        return self.fill.__module__, self.fill.__name__


_written: dict[tuple[str, str], Seed] = {}


def seeded_database(*upon: str):
    """A fixture by the function's name; what the function does is in the test's database from the beginning."""

    def write(fill: Fill):
        this = Seed(fill, upon)
        _written[this.address] = this

        @pytest.fixture(name=fill.__name__)
        def found(database_url: str, grounds: "Seeds") -> None:
            assert this in grounds.laid, f"{database_url} was copied without {this.address}"

        found.address = this.address
        return found

    return write


class Seeds:
    """The filled databases of one cluster, each made when first asked for, one upon another."""

    def __init__(self, migrated: str, copy_database: Callable[[str, str], str]) -> None:
        self.laid: tuple[Seed, ...] = ()
        self._copy_database = copy_database
        self._made: dict[tuple[Seed, ...], str] = {}
        self._migrated = migrated

    def template_for(self, request: pytest.FixtureRequest) -> str:
        """The database to copy for a test: with the grounds it asks for, in the order in which they are written."""
        asked: set[Seed] = set()
        for name in request.fixturenames:
            address = getattr(getattr(request.module, name, None), "address", (__name__, name))
            if address in _written:
                _add_with_what_is_below(_written[address], asked)
        self.laid = tuple(one for one in _written.values() if one in asked)
        return self._with(self.laid)

    def _with(self, grounds: tuple[Seed, ...]) -> str:
        if grounds not in self._made:
            below = self._with(grounds[:-1]) if grounds else self._migrated
            database = f"ground_{len(self._made)}"
            deployment = connect(Settings(), self._copy_database(below, database))
            try:
                for last in grounds[-1:]:
                    last.fill(deployment)
            finally:
                deployment.engine.dispose()
            self._made[grounds] = database
        return self._made[grounds]


def _add_with_what_is_below(one: Seed, asked: set[Seed]) -> None:
    for name in one.upon:
        here = (one.fill.__module__, name)
        _add_with_what_is_below(_written[here if here in _written else (__name__, name)], asked)
    asked.add(one)


def publish_zones(
    deployment: Deployment,
    hazard: str,
    *polygons: shapely.Geometry,
    grade: tuple[str, int, str] | None = None,
    **options,
) -> int:
    """Publish zones of one hazard as a new edition; the surveyed ground is GROUND unless given."""
    product, extent = options.get("product", "hazard"), options.get("extent", GROUND)
    name, rank, scheme = grade or (None, None, None)
    columns = {
        "hazard": hazard, "product": product, "grade": name, "grade_rank": rank, "grade_scheme": scheme,
        "name": options.get("name"), **options.get("attributes", {}),
    }  # fmt: skip
    shapes = [
        shapely.multilinestrings([polygon]) if polygon.geom_type == "LineString" else shapely.multipolygons([polygon])
        for polygon in polygons
    ]
    frame = gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=shapes, crs=4490)
    kind = "zones" if extent is None else "file"
    layer = surveys.NewLayer(
        hazard, product, hazard, "survey", None, options.get("scale"), kind, extent, False, **options.get("terms", {})
    )
    with deployment.sessions.begin() as session:
        draft = editions.open_draft(session, name=hazard, author="officer")
        layer_id = surveys.save_layer(session, draft.id, layer, METRIC)
        staged_zones.stage_new_zones(session, draft.id, layer_id, frame)
        return editions.publish_draft(session, draft, author="officer", reason="test", by_console=True).number


TOLD = """
INSERT INTO review_notices (review_id, state, check_before, check_number, verdict_before, verdict, told)
SELECT id, 'open', check_number, check_number, verdict, verdict, CAST(:told AS jsonb) FROM siting_reviews RETURNING id
"""


def tell_of_reviews(deployment: Deployment) -> list[int]:
    """A notice on every joint review on record, as if it had been judged anew; their numbers."""
    with deployment.sessions.begin() as session:
        return list(session.scalars(text(TOLD), {"told": '{"cause": [], "lines": []}'}))


@seeded_database()
def surveyed(deployment: Deployment) -> None:
    """Every theme surveyed everywhere on GROUND, and nothing found but far in a corner."""
    corner = shapely.box(99.701, 39.201, 99.702, 39.202)
    low = {
        "geological": ("低", 4, "geo4"), "flood": ("低", 4, "flood4"), "flash_flood": ("危险", 3, "flash3"),
        "earthquake": ("低", 5, "quake5"), "wildfire": ("低", 5, "fire5"), "meteorological": ("低", 4, "met4"),
    }  # fmt: skip
    plain = ["declared_geological", "dam_break", "river_management", "hazmat_distance", "protection_corridor", "fault"]
    for hazard in (*low, *plain):
        publish_zones(deployment, hazard, corner, grade=low.get(hazard))
    publish_zones(deployment, "composite", corner, grade=("低", 5, "comp5"), product="risk_all")
