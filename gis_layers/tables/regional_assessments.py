"""Regional assessments (区域评估): what the government had assessed for a whole area, and until when that holds."""

from __future__ import annotations

import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, geometry_type


class RegionalAssessment(Base):
    """One assessment by the ``number`` of its approval; ``kinds`` are keys of the rulebook's kinds, both days are included."""

    __tablename__ = "regional_assessments"
    __table_args__ = (
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        CheckConstraint("btrim(number) <> ''", name="number_given"),
        CheckConstraint("cardinality(kinds) > 0 AND array_position(kinds, NULL) IS NULL", name="kinds_given"),
        CheckConstraint("valid_to >= valid_from", name="days_in_order"),
        Index("ix_regional_assessments_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    authority: Mapped[str | None]
    valid_from: Mapped[datetime.date]
    valid_to: Mapped[datetime.date]
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("MULTIPOLYGON"))
