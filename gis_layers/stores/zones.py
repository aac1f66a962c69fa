"""Zones: staged in a draft, published as immutable versions, found again by place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, srid_of, to_metric
from gis_layers.stores.frames import append_frame, geometries_of, read_frame
from gis_layers.tables.zones import DraftZone, ZoneVersion
from risk_model.vocabulary import ZoneSet

ATTRIBUTES = [
    "hazard",
    "product",
    "grade",
    "grade_rank",
    "grade_scheme",
    "name",
    "survey_date",
    "scale",
    "intensity",
    "arrival_min",
    "overburden_m",
    "fault_age",
    "source",
    "source_id",
    "corridor_kind",
]

Window = tuple[float, float, float, float]
"""West, south, east, north in degrees of the storage CRS."""


@dataclass(frozen=True, slots=True)
class ZoneQuery:
    """What is asked of the published zones; None means: any. ``as_of`` is an edition number."""

    hazard: str | None = None
    product: str | None = None
    window: Window | None = None
    as_of: int | None = None


def stage_new_zones(session: Session, draft_id: int, layer_id: int, zones: gpd.GeoDataFrame) -> None:
    """Put new zones (the zone frame, storage CRS) into a draft; each gets its lasting id here."""
    staged = gpd.GeoDataFrame(
        {name: zones[name] if name in zones.columns else None for name in ATTRIBUTES},
        geometry=zones.geometry,
        crs=STORAGE_SRID,
    )
    staged["digest"] = digests(staged)
    staged["draft_id"] = draft_id
    staged["layer_id"] = layer_id
    staged["op"] = "create"
    staged["zone_id"] = _new_zone_ids(session, len(staged))
    table: Any = DraftZone.__table__
    append_frame(session, table, staged)


def _new_zone_ids(session: Session, count: int) -> list[int]:
    statement = text("INSERT INTO zones (created_at) SELECT now() FROM generate_series(1, :count) RETURNING id")
    return sorted(session.scalars(statement, {"count": count}))


def digests(zones: gpd.GeoDataFrame) -> list[str]:
    """A SHA-256 of each zone's attributes and exact geometry: equal content, equal digest."""
    shapes = shapely.to_wkb(zones.geometry.to_numpy(), byte_order=1)
    columns = [zones[name].tolist() for name in ATTRIBUTES]
    rows = zip(*columns, shapes, strict=True)
    return [_digest(attributes, shape) for *attributes, shape in rows]


def _digest(attributes: Sequence[Any], shape: bytes) -> str:
    plain = ["" if pd.isna(value) else str(value) for value in attributes]
    # The last came later than zones that are published: one that has none keeps the digest it had.
    plain = plain if plain[-1] else plain[:-1]
    return hashlib.sha256("\x1f".join(plain).encode() + b"\x1e" + shape).hexdigest()


def publish_staged_zones(session: Session, draft_id: int, edition: int) -> None:
    """Make a draft's zones part of ``edition``: retire what they replace, add what they propose."""
    values = {"draft": draft_id, "edition": edition}
    session.execute(text(_RETIRE_CHANGED), values)
    session.execute(text(_RETIRE_REPLACED_ZONES), values)
    session.execute(text(_RETIRE_REPLACED_LAYERS), values)
    session.execute(text("UPDATE surveyed_layers SET from_edition = :edition WHERE draft_id = :draft"), values)
    session.execute(text(_ADD_PROPOSED), values)
    session.execute(text("DELETE FROM draft_zones WHERE draft_id = :draft"), values)


_RETIRE_CHANGED = """
UPDATE zone_versions v SET to_edition = :edition FROM draft_zones d
WHERE d.draft_id = :draft AND d.op IN ('update', 'delete') AND v.zone_id = d.zone_id AND v.to_edition IS NULL
"""
_REPLACED = """
    SELECT old.id FROM surveyed_layers old
    JOIN surveyed_layers new ON new.draft_id = :draft AND new.replaces
        AND new.hazard = old.hazard AND new.product = old.product
    WHERE old.from_edition IS NOT NULL AND old.to_edition IS NULL
"""
_RETIRE_REPLACED_ZONES = f"""
UPDATE zone_versions SET to_edition = :edition WHERE to_edition IS NULL AND layer_id IN ({_REPLACED})
"""
_RETIRE_REPLACED_LAYERS = f"UPDATE surveyed_layers SET to_edition = :edition WHERE id IN ({_REPLACED})"
_COPIED = ", ".join([*ATTRIBUTES, "zone_id", "layer_id", "digest", "geom"])
_ADD_PROPOSED = f"""
INSERT INTO zone_versions ({_COPIED}, version, from_edition)
SELECT {_COPIED}, coalesce(base_version, 0) + 1, :edition FROM draft_zones
WHERE draft_id = :draft AND op IN ('create', 'update') ORDER BY zone_id
"""


def zone_set(rows: Sequence[Any], metric_crs: str) -> ZoneSet:
    """The model's ZoneSet of ``rows``, carried vertex by vertex to the metric CRS.

    A row holds ``zone_id version hazard product grade_scheme grade_rank grade name intensity arrival_min overburden_m
    fault_age corridor_kind layer_id wkb``.
    """
    columns = list(zip(*rows, strict=True)) if rows else [()] * 15
    zone, version, hazard, product, scheme, rank, grade, name, *numbers, age, corridor, layer, wkb = columns
    drawn = geometries_of(wkb)
    return ZoneSet(
        zone=np.asarray([str(value) for value in zone], dtype=object),
        version=np.asarray(version, dtype=np.int64),
        hazard=_words(hazard),
        product=_words(product),
        scheme=_words(scheme),
        rank=np.asarray([value or 0 for value in rank], dtype=np.int64),
        grade=_words(grade),
        name=_words(name),
        intensity=np.asarray(numbers[0], dtype=np.float64),
        arrival_min=np.asarray(numbers[1], dtype=np.float64),
        overburden_m=np.asarray(numbers[2], dtype=np.float64),
        fault_age=_words(age),
        extent_id=np.asarray(layer, dtype=np.int64),
        geometry=to_metric(drawn, metric_crs),
        drawn=drawn,
        corridor_kind=_words(corridor),
    )


def _words(values: Sequence[str | None]) -> np.ndarray[Any, np.dtype[np.object_]]:
    words = np.empty(len(values), dtype=object)
    words[:] = ["" if value is None else value for value in values]
    return words


def read_zones(session: Session, query: ZoneQuery, *, limit: int | None = None, offset: int = 0) -> gpd.GeoDataFrame:
    """The zone frame of published zones with ``zone`` (str), ``version``, ``from_edition`` and ``layer_id``."""
    version = ZoneVersion
    columns = [getattr(version, name) for name in ATTRIBUTES]
    statement = select(version.zone_id, version.version, version.from_edition, version.layer_id, *columns, version.geom)
    frame = read_frame(session, _narrowed(statement, query).order_by(version.zone_id).limit(limit).offset(offset))
    frame.insert(0, "zone", frame.pop("zone_id").astype(str))
    return frame


def count_zones(session: Session, query: ZoneQuery) -> int:
    """How many published zones ``query`` finds."""
    return session.scalar(_narrowed(select(func.count()).select_from(ZoneVersion), query)) or 0


def _narrowed(statement: Select[Any], query: ZoneQuery) -> Select[Any]:
    version = ZoneVersion
    if query.as_of is None:
        statement = statement.where(version.to_edition.is_(None))
    else:
        ended = or_(version.to_edition.is_(None), version.to_edition > query.as_of)
        statement = statement.where(version.from_edition <= query.as_of, ended)
    if query.hazard is not None:
        statement = statement.where(version.hazard == query.hazard)
    if query.product is not None:
        statement = statement.where(version.product == query.product)
    if query.window is not None:
        box = func.ST_MakeEnvelope(*query.window, STORAGE_SRID)
        statement = statement.where(func.ST_Intersects(version.geom, box))
    return statement


def zone_history(session: Session, zone_id: int) -> gpd.GeoDataFrame:
    """Every published version of one zone, oldest first, with ``from_edition`` and ``to_edition``."""
    version = ZoneVersion
    columns = [getattr(version, name) for name in ATTRIBUTES]
    statement = select(
        version.zone_id, version.version, version.from_edition, version.to_edition, *columns, version.geom
    ).where(version.zone_id == zone_id)
    frame = read_frame(session, statement.order_by(version.version))
    frame.insert(0, "zone", frame.pop("zone_id").astype(str))
    return frame


def grade_areas(session: Session, metric_crs: str) -> pd.DataFrame:
    """``hazard product grade_scheme grade_rank grade count area_m2`` of published zones, areas in the metric CRS."""
    result = session.execute(text(_GRADE_AREAS), {"srid": srid_of(metric_crs)})
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()))


_GRADE_AREAS = """
SELECT hazard, product, grade_scheme, grade_rank, grade, count(*) AS count,
       sum(ST_Area(ST_Transform(geom, CAST(:srid AS integer)))) AS area_m2
FROM zone_versions WHERE to_edition IS NULL
GROUP BY hazard, product, grade_scheme, grade_rank, grade ORDER BY hazard, product, grade_rank
"""
