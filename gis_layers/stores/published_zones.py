"""Zones: staged in a draft, published as immutable versions, found again by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, Bounds, srid_of, to_metric
from gis_layers.stores.frames import geometries_of, read_frame
from gis_layers.stores.staged_zones import ATTRIBUTES
from gis_layers.tables.zones import ZoneVersion
from risk_model.shapes import as_array
from risk_model.vocabulary import ZoneSet


@dataclass(frozen=True, slots=True)
class ZoneQuery:
    """Query of the published zones; None means: any. ``as_of`` is an edition number."""

    hazard: str | None = None
    product: str | None = None
    window: Bounds | None = None
    as_of: int | None = None


def published_themes(session: Session) -> list[tuple[str, str, str]]:
    """Hazard, product and grade scheme of every theme of the published edition; the scheme is empty where no zone has a grade."""
    of_theme = select(ZoneVersion.hazard, ZoneVersion.product, func.min(ZoneVersion.grade_scheme))
    in_force = of_theme.where(ZoneVersion.to_edition.is_(None)).group_by(ZoneVersion.hazard, ZoneVersion.product)
    return [(hazard, product, scheme or "") for hazard, product, scheme in session.execute(in_force)]


def zone_set(rows: Sequence[Any], metric_crs: str) -> ZoneSet:
    """The model's ZoneSet of ``rows``, carried vertex by vertex to the metric CRS.

    A row holds ``zone_id version hazard product grade_scheme grade_rank grade name intensity arrival_min overburden_m
    scale fault_age corridor_kind layer_id wkb``.
    """
    columns = list(zip(*rows, strict=True)) if rows else [()] * 16
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
        scale=np.asarray(numbers[3], dtype=np.float64),
    )


def _words(values: Sequence[str | None]) -> np.ndarray[Any, np.dtype[np.object_]]:
    return as_array(["" if value is None else value for value in values])


def read_zones(session: Session, query: ZoneQuery, *, limit: int | None = None, offset: int = 0) -> gpd.GeoDataFrame:
    """The zone frame of published zones with ``zone`` (str), ``version``, ``from_edition`` and ``layer_id``."""
    version = ZoneVersion
    columns = [getattr(version, name) for name in ATTRIBUTES]
    statement = select(version.zone_id, version.version, version.from_edition, version.layer_id, *columns, version.geom)
    frame = read_frame(session, _narrowed(statement, query).order_by(version.zone_id).limit(limit).offset(offset))
    frame.insert(0, "zone", frame.pop("zone_id").astype(str))
    return frame


def count_zones(session: Session, query: ZoneQuery) -> int:
    """Number of published zones ``query`` finds."""
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


@dataclass(frozen=True, slots=True)
class ZoneInForce:
    """A published zone as it is in force; ``geometry`` in the storage CRS."""

    zone: int
    name: str | None
    hazard: str
    product: str
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    geometry: BaseGeometry


def find_zone(session: Session, zone_id: int) -> ZoneInForce | None:
    """The version of a zone in force; None for a zone that never was or is no longer."""
    version = ZoneVersion
    row = session.scalar(select(version).where(version.zone_id == zone_id, version.to_edition.is_(None)))
    if row is None:
        return None
    (shape,) = geometries_of([row.geom])
    grade = (row.grade, row.grade_rank, row.grade_scheme)
    return ZoneInForce(row.zone_id, row.name, row.hazard, row.product, *grade, shape)


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
