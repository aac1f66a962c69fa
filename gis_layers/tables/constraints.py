"""Land that is set aside (三区三线), with the ground each survey of it speaks for."""

from __future__ import annotations

import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, code_of, geometry_type


class ConstraintSurvey(Base):
    """One delivery of constraint areas of one kind. ``extent_kind`` zones: the areas themselves are the surveyed ground."""

    __tablename__ = "constraint_surveys"
    __table_args__ = (
        code_of("constraint_kind", "kind"),
        code_of("extent_kind", "extent_kind"),
        CheckConstraint("(extent_kind = 'zones') = (geom IS NULL)", name="extent_unless_zones"),
        CheckConstraint("geom IS NULL OR (ST_IsValid(geom) AND NOT ST_IsEmpty(geom))", name="extent_sound"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    source: Mapped[str | None]
    survey_date: Mapped[datetime.date | None]
    extent_kind: Mapped[str]
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    geom: Mapped[WKBElement | None] = mapped_column(geometry_type("MULTIPOLYGON"))


class ConstraintArea(Base):
    """Farmland, ground behind the ecological redline, or ground inside the urban boundary."""

    __tablename__ = "constraint_areas"
    __table_args__ = (
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        code_of("constraint_kind", "kind"),
        Index("ix_constraint_areas_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    survey_id: Mapped[int] = mapped_column(ForeignKey("constraint_surveys.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str | None]
    source_id: Mapped[str | None]
    synthetic: Mapped[Flag]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("MULTIPOLYGON"))


class ConstraintGround(Base):
    """A piece of the ground a survey speaks for, small enough to be found by its box; none where the areas are that ground."""

    __tablename__ = "constraint_ground"
    __table_args__ = (
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        Index("ix_constraint_ground_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    survey_id: Mapped[int] = mapped_column(ForeignKey("constraint_surveys.id"), index=True)
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POLYGON"))
