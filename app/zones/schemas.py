"""Answers on published zones and editions."""

from __future__ import annotations

import datetime

from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from app.platform.iso import IsoDay, IsoMoment
from app.zones.document_schemas import DocumentItem
from risk_model.editing.authority import GroundKind


class ZoneProperties(TypedDict):
    """A zone as published; ``id`` and ``zone`` are its lasting number, grade, rank and scheme null where it is not graded."""

    id: str
    zone: str
    version: int
    from_edition: int
    hazard: str
    product: str
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    name: str | None
    survey_date: datetime.date | None
    scale: int | None
    intensity: float | None
    arrival_min: float | None
    overburden_m: float | None
    fault_age: str | None
    corridor_kind: str | None
    source: str | None
    source_id: str | None


class ZoneItem(ZoneProperties):
    """A zone with its geometry, unrounded; ``layer_id`` is the surveyed layer it came with."""

    layer_id: int
    geometry: Geometry


class ZoneVersionItem(ZoneProperties):
    """One version of a zone; ``to_edition`` is the edition before which it was retired, null while it is in force."""

    to_edition: int | None
    geometry: Geometry


class WholeZone(ZoneVersionItem):
    """One version of a zone, and by which documents its theme is declared or approved; none on record, none listed."""

    ground: GroundKind
    documents: list[DocumentItem]


class ZoneHistory(TypedDict):
    """Versions of one zone, the zones it came from by a split or merge, and those that came from it."""

    items: list[ZoneVersionItem]
    total: int
    limit: int
    offset: int
    links: dict[str, str]
    parents: list[str]
    children: list[str]


class NumeralProperties(TypedDict):
    """The numeral of a zone; ``span`` is the width of its ground in degrees of latitude."""

    id: int
    grade_rank: int
    grade_scheme: str
    span: float


class EditionItem(TypedDict):
    """A published edition; in force from ``published_at``, effective from ``effective_on`` by decision."""

    id: int
    number: int
    published_at: IsoMoment
    effective_on: IsoDay
    published_by: str
    by_console: bool
    reason: str
    fingerprint: str
