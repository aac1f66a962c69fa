"""Things in the town: enterprises, village groups, facilities and shelters, buildings."""

from __future__ import annotations

import datetime
from typing import NotRequired

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, Index, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import TypedDict

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, code_of, geometry_type

SOUND = "ST_IsValid(geom) AND NOT ST_IsEmpty(geom)"


class StockEntry(TypedDict):
    """The greatest amount of one substance (tonnes, None where nobody knows it), where told its classes and its unit."""

    substance: str
    cas: NotRequired[str | None]
    tonnes: NotRequired[float | None]
    classes: NotRequired[list[str]]
    unit: NotRequired[str | None]


class Enterprise(Base):
    """An enterprise: its boundary where drawn, else a point. ``inventory`` lists ``substance cas tonnes`` objects.

    What a delivery says of grade and level stands in the ``declared_`` columns. ``base_grade effective_grade
    major_hazard_level`` are those of the newest entry of its grade history, ``grade_id``. ``version`` grows with every change.
    """

    __tablename__ = "enterprises"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        code_of("sector", "sector"),
        code_of("enterprise_size", "size"),
        code_of("colour", "base_grade"),
        code_of("colour", "effective_grade"),
        code_of("colour", "declared_grade"),
        CheckConstraint("declared_hazard_level BETWEEN 1 AND 4", name="declared_hazard_level_known"),
        CheckConstraint(
            "coalesce(base_grade, 'blue') = 'blue' OR effective_grade IS NOT NULL", name="effective_where_base"
        ),
        CheckConstraint("version > 0", name="version_counted"),
        CheckConstraint("staff >= 0", name="staff_counted"),
        CheckConstraint("major_hazard_level BETWEEN 1 AND 4", name="major_hazard_level_known"),
        CheckConstraint("jsonb_typeof(inventory) = 'array'", name="inventory_is_a_list"),
        Index("ix_enterprises_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    credit_code: Mapped[str | None]
    sector: Mapped[str] = mapped_column(server_default="other")
    industry: Mapped[str | None]
    size: Mapped[str | None]
    staff: Mapped[int | None]
    village_code: Mapped[str | None] = mapped_column(index=True)
    address: Mapped[str | None]
    base_grade: Mapped[str | None]
    effective_grade: Mapped[str | None]
    major_hazard_level: Mapped[int | None] = mapped_column(SmallInteger)
    declared_grade: Mapped[str | None]
    declared_hazard_level: Mapped[int | None] = mapped_column(SmallInteger)
    grade_id: Mapped[int | None]
    criteria: Mapped[str | None]
    unlicensed: Mapped[Flag]
    version: Mapped[int] = mapped_column(server_default="1")
    inventory: Mapped[list[StockEntry]] = mapped_column(JSONB, server_default="[]")
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    last_check: Mapped[datetime.date | None]
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("GEOMETRY"))


class Group(Base):
    """A village group (社): the smallest place that has a name and people."""

    __tablename__ = "village_groups"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        CheckConstraint("population >= 0 AND households >= 0", name="people_counted"),
        Index("ix_village_groups_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    village_code: Mapped[str | None] = mapped_column(index=True)
    population: Mapped[int | None]
    households: Mapped[int | None]
    synthetic: Mapped[Flag]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POINT"))


class Facility(Base):
    """A public facility; shelters are facilities with an effective area, a term and a capacity in people."""

    __tablename__ = "facilities"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        code_of("facility_kind", "kind"),
        code_of("shelter_term", "shelter_term"),
        CheckConstraint("capacity >= 0 AND effective_area_m2 >= 0", name="size_counted"),
        CheckConstraint("version > 0", name="version_counted"),
        Index("ix_facilities_geom", "geom", postgresql_using="gist"),
        Index("ix_facilities_kind", "kind"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="other")
    village_code: Mapped[str | None] = mapped_column(index=True)
    capacity: Mapped[int | None]
    effective_area_m2: Mapped[float | None]
    shelter_term: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    last_verified: Mapped[datetime.date | None]
    version: Mapped[int] = mapped_column(server_default="1")
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("GEOMETRY"))


class Building(Base):
    """One building as the census of houses draws it."""

    __tablename__ = "buildings"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        CheckConstraint("floors >= 1", name="floors_counted"),
        CheckConstraint("households >= 0", name="households_counted"),
        Index("ix_buildings_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    village_code: Mapped[str | None] = mapped_column(index=True)
    group_name: Mapped[str | None]
    use: Mapped[str | None]
    structure: Mapped[str | None]
    floors: Mapped[int | None] = mapped_column(SmallInteger)
    year_built: Mapped[int | None] = mapped_column(SmallInteger)
    households: Mapped[int | None]
    synthetic: Mapped[Flag]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POLYGON"))
