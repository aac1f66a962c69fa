"""Zones by id and version, as they stand in opinions: how they were surveyed, and their shapes, whatever is in force now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geoalchemy2.shape import to_shape
from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from gis_layers.stores.layer_surveys import SurveyFacts
from gis_layers.tables.surveys import SurveyedLayer
from gis_layers.tables.zones import ZoneVersion

Marks = Sequence[tuple[str, int]]
"""Id and version of zones."""


@dataclass(frozen=True, slots=True)
class ZoneSurvey:
    """Survey of one version of a zone, its layer's where the zone itself tells none; office and validity are its layer's."""

    zone: str
    version: int
    facts: SurveyFacts


@dataclass(frozen=True, slots=True)
class ZoneShape:
    """Shape (storage CRS) and grade of one version of a zone."""

    zone: str
    version: int
    hazard: str
    grade_scheme: str | None
    grade_rank: int | None
    geometry: Any


def read_zone_surveys(session: Session, marks: Marks) -> list[ZoneSurvey]:
    """The surveys of these versions, in no order; what is not there is left out."""
    version, layer = ZoneVersion, SurveyedLayer
    statement = select(
        version.zone_id,
        version.version,
        func.coalesce(version.survey_date, layer.survey_date),
        func.coalesce(version.scale, layer.scale),
        func.coalesce(version.source, layer.source),
        layer.office,
        layer.valid_until,
        layer.max_age_days,
    )
    rows = session.execute(statement.join(layer, layer.id == version.layer_id).where(_among(marks)))
    return [ZoneSurvey(str(row[0]), row[1], SurveyFacts(*row[2:])) for row in rows.tuples()]


def read_zone_shapes(session: Session, marks: Marks) -> list[ZoneShape]:
    """The shapes of these versions, in the order of ids; what is not there is left out."""
    version = ZoneVersion
    statement = select(
        version.zone_id, version.version, version.hazard, version.grade_scheme, version.grade_rank, version.geom
    )
    rows = session.execute(statement.where(_among(marks)).order_by(version.zone_id, version.version))
    return [
        ZoneShape(str(zone), number, hazard, scheme, rank, to_shape(geom))
        for zone, number, hazard, scheme, rank, geom in rows
    ]


def _among(marks: Marks) -> ColumnElement[bool]:
    return tuple_(ZoneVersion.zone_id, ZoneVersion.version).in_([(int(zone), number) for zone, number in marks])
