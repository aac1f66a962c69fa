"""Surveyed layers and the ground they speak for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import geopandas as gpd
import numpy as np
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, to_metric, to_storage
from gis_layers.geometry import promote_to_multi
from gis_layers.stores.frames import append_frame, read_frame
from gis_layers.tables.surveys import GREATEST_AGE_DAYS, SurveyedGround, SurveyedLayer
from risk_model.shapes import VERTICES_A_PIECE, as_array, subdivide
from risk_model.vocabulary import ExtentSet, Geometries

__all__ = [
    "GREATEST_AGE_DAYS", "PUBLISHED", "LayerSource", "NewLayer", "extent_set", "published_layers", "read_sources",
    "run_out_layers", "save_layer",
]  # fmt: skip

PUBLISHED: Final = (
    "id", "hazard", "product", "name", "source", "survey_date", "scale", "extent_kind", "office", "valid_until",
    "max_age_days", "from_edition",
)  # fmt: skip
"""The columns that are told of a layer in force."""


@dataclass(frozen=True, slots=True)
class NewLayer:
    """A layer about to be staged; ``extent`` in the storage CRS, None where its own zones are the extent.

    ``office`` is responsible for it, ``valid_until`` the last day it holds, ``max_age_days`` the greatest age of its survey.
    """

    hazard: str
    product: str
    name: str
    source: str | None
    survey_date: datetime.date | None
    scale: int | None
    extent_kind: str
    extent: BaseGeometry | None
    replaces: bool
    report: Mapping[str, object] | None = None
    office: str | None = None
    valid_until: datetime.date | None = None
    max_age_days: int | None = None


@dataclass(frozen=True, slots=True)
class StatedTerms:
    """Terms a layer states: office responsible, last day it holds, greatest age of its survey in days; None where its delivery states none."""

    office: str | None = None
    valid_until: datetime.date | None = None
    max_age_days: int | None = None


NOTHING_STATED: Final = StatedTerms()


@dataclass(frozen=True, slots=True)
class LayerSource:
    """Source of a layer in force: who surveyed what, when, at which scale, what its extent is known by, and how long it holds."""

    hazard: str
    product: str
    source: str | None
    survey_date: datetime.date | None
    scale: int | None
    extent_kind: str
    office: str | None
    valid_until: datetime.date | None
    max_age_days: int | None


def save_layer(session: Session, draft_id: int, layer: NewLayer, metric_crs: str) -> int:
    """Stage ``layer`` in a draft and cut its extent into pieces in the metric CRS; returns its id."""
    extent = None if layer.extent is None else promote_to_multi(as_array([layer.extent]))[0]
    row = SurveyedLayer(
        draft_id=draft_id,
        hazard=layer.hazard,
        product=layer.product,
        name=layer.name,
        source=layer.source,
        survey_date=layer.survey_date,
        scale=layer.scale,
        office=layer.office,
        valid_until=layer.valid_until,
        max_age_days=layer.max_age_days,
        extent_kind=layer.extent_kind,
        extent=None if extent is None else from_shape(extent, srid=STORAGE_SRID),
        replaces=layer.replaces,
        report=layer.report,
    )
    session.add(row)
    session.flush()
    if extent is not None:
        _save_ground(session, row.id, extent, metric_crs)
    return row.id


def _save_ground(session: Session, layer_id: int, extent: BaseGeometry, metric_crs: str) -> None:
    metric = to_metric(as_array([extent]), metric_crs)[0]
    pieces = to_storage(subdivide(metric, at_most=VERTICES_A_PIECE), metric_crs)
    frame = gpd.GeoDataFrame({"layer_id": layer_id}, index=range(len(pieces)), geometry=pieces, crs=STORAGE_SRID)
    table: Any = SurveyedGround.__table__
    append_frame(session, table, frame)


def extent_set(rows: list[Any], piece_geometries: Geometries, *, elsewhere: int = 0) -> ExtentSet:
    """Parallel arrays of extents: ``rows`` of (layer id, hazard, product, the last day it holds), those with geometry last.

    The ``elsewhere`` ones before them are layers whose ground was not read; the others are their own survey.
    """
    geometry = np.full(len(rows), None, dtype=object)
    geometry[len(rows) - len(piece_geometries) :] = piece_geometries
    return ExtentSet(
        extent_id=np.asarray([row[0] for row in rows], dtype=np.int64),
        hazard=np.asarray([row[1] for row in rows], dtype=object),
        product=np.asarray([row[2] for row in rows], dtype=object),
        own_zones=np.arange(len(rows)) < len(rows) - len(piece_geometries) - elsewhere,
        geometry=geometry,
        valid_until=np.asarray([row[3] for row in rows], dtype="datetime64[D]"),
    )


def published_layers(session: Session) -> gpd.GeoDataFrame:
    """Layers in force: their columns of ``PUBLISHED`` and ``geometry``."""
    layer = SurveyedLayer
    columns = [getattr(layer, name) for name in PUBLISHED]
    in_force = (layer.from_edition.is_not(None), layer.to_edition.is_(None))
    return read_frame(session, select(*columns, layer.extent.label("geom")).where(*in_force).order_by(layer.id))


def run_out_layers(session: Session, on: datetime.date) -> list[int]:
    """The layers in force that hold no more on day ``on``: a part of the state of whatever is kept of surveyed ground."""
    layer = SurveyedLayer
    in_force = (layer.from_edition.is_not(None), layer.to_edition.is_(None), layer.valid_until < on)
    return list(session.scalars(select(layer.id).where(*in_force).order_by(layer.id)))


def read_sources(session: Session) -> list[LayerSource]:
    """The sources of the layers in force, without their ground."""
    layer = SurveyedLayer
    columns = [getattr(layer, field.name) for field in fields(LayerSource)]
    in_force = (layer.from_edition.is_not(None), layer.to_edition.is_(None))
    return [LayerSource(*row) for row in session.execute(select(*columns).where(*in_force).order_by(layer.id))]
