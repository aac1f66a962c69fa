"""Polygons that somebody uploaded to have them graded: named sets that only grow (triggers see to it)."""

from __future__ import annotations

from collections.abc import Mapping

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Id, geometry_type
from gis_layers.tables.said import SaidJson


class UnitSet(Base):
    """One upload under one name; runs refer to it, so it never changes: a better drawing is a set of another name."""

    __tablename__ = "unit_sets"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("name = btrim(name) AND name <> ''", name="named"),
        CheckConstraint("unit_count > 0", name="something_in_it"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    file: Mapped[str]
    unit_count: Mapped[int]
    report: Mapped[Mapping[str, object]] = mapped_column(SaidJson)
    created_at: Mapped[CreatedAt]
    created_by: Mapped[str]


class UnitPolygon(Base):
    """One unit of a set; ``population`` where the file counted people, else empty."""

    __tablename__ = "unit_polygons"
    __table_args__ = (
        UniqueConstraint("set_id", "code"),
        CheckConstraint("population >= 0", name="population_counted"),
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        Index("ix_unit_polygons_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    set_id: Mapped[int] = mapped_column(ForeignKey("unit_sets.id"))
    code: Mapped[str]
    name: Mapped[str]
    population: Mapped[int | None]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("MULTIPOLYGON"))
