"""Zones: a stable id, immutable versions between two editions, lineage, and what drafts propose."""

from __future__ import annotations

import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Id, code_of, geometry_type

SOUND_GEOMETRY = (
    "ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_NDims(geom) = 2"
    " AND (GeometryType(geom) = 'MULTIPOLYGON' OR (GeometryType(geom) = 'MULTILINESTRING' AND hazard = 'fault'))"
    " AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90"
)
GRADE_WITH_ITS_SCHEME = (
    "(grade IS NULL AND grade_rank IS NULL AND grade_scheme IS NULL)"
    " OR (grade IS NOT NULL AND grade_rank >= 1 AND grade_scheme IS NOT NULL)"
)


class Zone(Base):
    """The identity of a zone, which outlives its versions."""

    __tablename__ = "zones"

    id: Mapped[Id]
    created_at: Mapped[CreatedAt]


class ZoneAttributes:
    """The columns a published version and a draft's proposal have in common."""

    hazard: Mapped[str]
    product: Mapped[str]
    grade: Mapped[str | None]
    grade_rank: Mapped[int | None] = mapped_column(SmallInteger)
    grade_scheme: Mapped[str | None]
    name: Mapped[str | None]
    survey_date: Mapped[datetime.date | None]
    scale: Mapped[int | None]
    intensity: Mapped[float | None]
    arrival_min: Mapped[float | None]
    overburden_m: Mapped[float | None]
    fault_age: Mapped[str | None]
    corridor_kind: Mapped[str | None]
    source: Mapped[str | None]
    source_id: Mapped[str | None]
    digest: Mapped[str]

    @declared_attr
    def zone_id(cls) -> Mapped[int]:
        """The lasting id."""
        return mapped_column(ForeignKey("zones.id"))

    @declared_attr
    def layer_id(cls) -> Mapped[int]:
        """The surveyed layer it came with."""
        return mapped_column(ForeignKey("surveyed_layers.id"), index=True)

    @declared_attr
    def geom(cls) -> Mapped[WKBElement]:
        """The shape, in the storage CRS, unrounded."""
        return mapped_column(geometry_type("GEOMETRY"))


class ZoneVersion(ZoneAttributes, Base):
    """A zone as published from ``from_edition`` until before ``to_edition`` (null: still in force)."""

    __tablename__ = "zone_versions"
    __table_args__ = (
        CheckConstraint(SOUND_GEOMETRY, name="geometry_sound"),
        CheckConstraint(GRADE_WITH_ITS_SCHEME, name="grade_with_its_scheme"),
        code_of("corridor_kind", "corridor_kind", but=("unknown",)),
        CheckConstraint("to_edition > from_edition", name="editions_in_order"),
        UniqueConstraint("zone_id", "version"),
        Index("ix_zone_versions_one_in_force", "zone_id", unique=True, postgresql_where="to_edition IS NULL"),
        Index("ix_zone_versions_geom_in_force", "geom", postgresql_using="gist", postgresql_where="to_edition IS NULL"),
        Index("ix_zone_versions_geom_past", "geom", postgresql_using="gist", postgresql_where="to_edition IS NOT NULL"),
        Index("ix_zone_versions_theme_in_force", "hazard", "product", postgresql_where="to_edition IS NULL"),
    )

    id: Mapped[Id]
    version: Mapped[int]
    from_edition: Mapped[int] = mapped_column(ForeignKey("editions.number", deferrable=True, initially="DEFERRED"))
    to_edition: Mapped[int | None] = mapped_column(ForeignKey("editions.number", deferrable=True, initially="DEFERRED"))


class DraftZone(ZoneAttributes, Base):
    """Proposal of a draft for one zone; ``base_version`` is what it was made from (null: a new zone)."""

    __tablename__ = "draft_zones"
    __table_args__ = (
        CheckConstraint(SOUND_GEOMETRY, name="geometry_sound"),
        CheckConstraint(GRADE_WITH_ITS_SCHEME, name="grade_with_its_scheme"),
        code_of("corridor_kind", "corridor_kind", but=("unknown",)),
        code_of("zone_change", "op"),
        UniqueConstraint("draft_id", "zone_id"),
        Index("ix_draft_zones_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    op: Mapped[str]
    base_version: Mapped[int | None]


class ZoneLineage(Base):
    """Descent of one zone from another: a split has several children, a merge several parents."""

    __tablename__ = "zone_lineage"

    parent_id: Mapped[int] = mapped_column(ForeignKey("zones.id"), primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("zones.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(ForeignKey("editions.number", deferrable=True, initially="DEFERRED"))
