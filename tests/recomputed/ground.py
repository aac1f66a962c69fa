"""What is published, read by plain SQL and carried to metres by pyproj."""

import datetime
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg2
import pyproj
import shapely

RULES = Path(__file__).parents[2] / "risk_model" / "rules"
CHINA = datetime.timezone(datetime.timedelta(hours=8))
METRES = pyproj.Transformer.from_crs(4490, 4542, always_xy=True)


def in_metres(geometry):
    return shapely.transform(geometry, lambda xy: np.column_stack(METRES.transform(*xy.T)))


def rule_file(name):
    return tomllib.loads((RULES / f"{name}.toml").read_text(encoding="utf-8"))


def theme_files(folder):
    """The files of a folder of themes by their keys, in theme order."""
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((RULES / folder).glob("*.toml"))]
    return {one["key"]: one for one in sorted(files, key=lambda one: one["order"])}


@dataclass
class Zone:
    """A published zone as it stands in the table; ``shape`` in metres."""

    hazard: str
    product: str
    scheme: str
    grade: str
    arrival_min: float | None
    intensity: float | None
    overburden_m: float | None
    fault_age: str | None
    corridor_kind: str | None
    layer: int
    shape: shapely.Geometry
    mark: str = ""
    version: int | None = None
    name: str = ""
    scale: int | None = None


@dataclass
class Thing:
    """A registered object: its register, its sort, whether a bridge; ``shape`` in metres."""

    register: str
    sort: str
    bridge: bool
    shape: shapely.Geometry


@dataclass
class Assessed:
    """A regional assessment: the kinds it is of and the days it holds; ``shape`` in metres."""

    kinds: list[str]
    since: datetime.date
    until: datetime.date
    shape: shapely.Geometry


@dataclass
class Published:
    """Zones, for each hazard and product the surveyed ground of its layers, and what stands in the registers.

    ``areas`` are land set aside, each a zone of its kind, and ``looked_at`` the ground surveyed for each kind.
    """

    zones: list[Zone]
    surveys: dict[tuple[str, str], shapely.Geometry]
    things: list[Thing]
    areas: list[Zone]
    looked_at: dict[str, shapely.Geometry]
    assessed: list[Assessed]


def read_published(url, on=None):
    """All that is in force in the database at ``url``; a survey that has run out on the day surveys nothing."""
    with psycopg2.connect(url.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT hazard, product, coalesce(grade_scheme, ''), coalesce(grade, ''), arrival_min, intensity, overburden_m,"
            " fault_age, corridor_kind, layer_id, ST_AsBinary(geom), zone_id::text, version, coalesce(name, ''),"
            " coalesce(scale, (SELECT l.scale FROM surveyed_layers l WHERE l.id = layer_id))"
            " FROM zone_versions WHERE to_edition IS NULL"
        )
        zones = [Zone(*row[:10], in_metres(shapely.from_wkb(bytes(row[10]))), *row[11:]) for row in cursor]
        cursor.execute(
            "SELECT id, hazard, product, extent_kind, ST_AsBinary(extent), valid_until < %s FROM surveyed_layers"
            " WHERE from_edition IS NOT NULL AND to_edition IS NULL",
            [on or datetime.datetime.now(CHINA).date()],
        )
        parts = defaultdict(list)
        for layer, hazard, product, kind, extent, run_out in cursor:
            own = [zone.shape for zone in zones if kind == "zones" and zone.layer == layer and zone.shape.area > 0]
            drawn = own if extent is None else [in_metres(shapely.from_wkb(bytes(extent)))]
            parts[hazard, product] += [] if run_out else drawn
        cursor.execute(
            "SELECT 'roads', road_class, bridge, ST_AsBinary(geom) FROM roads"
            " UNION ALL SELECT 'facilities', kind, false, ST_AsBinary(geom) FROM facilities"
            " UNION ALL SELECT 'buildings', coalesce(use, ''), false, ST_AsBinary(geom) FROM buildings"
        )
        things = [Thing(*row[:3], in_metres(shapely.from_wkb(bytes(row[3])))) for row in cursor]
        areas, looked_at = _set_aside(cursor)
        cursor.execute("SELECT kinds, valid_from, valid_to, ST_AsBinary(geom) FROM regional_assessments")
        assessed = [Assessed(*row[:3], in_metres(shapely.from_wkb(bytes(row[3])))) for row in cursor]
    surveys = {key: shapely.union_all(shapely.make_valid(shapes)) for key, shapes in parts.items()}
    return Published(zones, surveys, things, areas, looked_at, assessed)


def _set_aside(cursor):
    cursor.execute("SELECT kind, survey_id, ST_AsBinary(geom) FROM constraint_areas")
    nothing = ("area", "", "", None, None, None, None, None)
    areas = [Zone(kind, *nothing, survey, in_metres(shapely.from_wkb(bytes(wkb)))) for kind, survey, wkb in cursor]
    cursor.execute("SELECT id, kind, ST_AsBinary(geom) FROM constraint_surveys")
    parts = defaultdict(list)
    for survey, kind, extent in cursor:
        own = [one.shape for one in areas if one.layer == survey]
        parts[kind] += own if extent is None else [in_metres(shapely.from_wkb(bytes(extent)))]
    return areas, {kind: shapely.union_all(shapely.make_valid(shapes)) for kind, shapes in parts.items()}
