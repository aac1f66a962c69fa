"""Responders: stations and the forces that stand at them or at a base of their own."""

from __future__ import annotations

import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import TypedDict

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, are_codes, code_of, geometry_type

SOUND = "ST_IsValid(geom) AND NOT ST_IsEmpty(geom)"


class Station(Base):
    """A place forces set out from. ``provisions`` is what it has of what a station should have; ``version`` grows with every change."""

    __tablename__ = "stations"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        code_of("station_kind", "kind"),
        code_of("duty", "duty"),
        CheckConstraint("crew >= 0", name="crew_counted"),
        CheckConstraint("version > 0", name="version_counted"),
        CheckConstraint(are_codes("station_provision", "provisions"), name="provisions_known"),
        Index("ix_stations_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="village")
    village_code: Mapped[str | None] = mapped_column(index=True)
    crew: Mapped[int | None]
    duty: Mapped[str | None]
    duty_phone: Mapped[str | None]
    provisions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    version: Mapped[int] = mapped_column(server_default="1")
    last_verified: Mapped[datetime.date | None]
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POINT"))


class EquipmentEntry(TypedDict):
    """Tools of a force and how many there are."""

    name: str
    count: int


class Force(Base):
    """A force and what it can do. ``unknown_capabilities`` are those words of ``capabilities`` no list knows.

    ``station`` is the station's name as it was handed in, ``station_id`` the station found by it. ``equipment`` lists
    ``name count`` objects.
    """

    __tablename__ = "forces"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        code_of("force_kind", "kind"),
        code_of("force_state", "state"),
        code_of("team_level", "team_level"),
        CheckConstraint("version > 0", name="version_counted"),
        code_of("duty", "duty"),
        CheckConstraint("crew >= 0 AND turnout_s >= 0", name="crew_and_turnout_counted"),
        CheckConstraint("unknown_capabilities <@ capabilities", name="unknown_capabilities_are_capabilities"),
        CheckConstraint("array_position(capabilities, NULL) IS NULL", name="capabilities_are_words"),
        CheckConstraint("jsonb_typeof(equipment) = 'array'", name="equipment_is_a_list"),
        Index("ix_forces_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="volunteer")
    team_level: Mapped[str | None]
    capabilities: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    unknown_capabilities: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    state: Mapped[str] = mapped_column(server_default="ready")
    duty: Mapped[str | None]
    crew: Mapped[int | None]
    turnout_s: Mapped[int | None]
    station: Mapped[str | None]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    village_code: Mapped[str | None]
    equipment: Mapped[list[EquipmentEntry]] = mapped_column(JSONB, server_default="[]")
    agreement_expires: Mapped[datetime.date | None]
    version: Mapped[int] = mapped_column(server_default="1")
    last_verified: Mapped[datetime.date | None]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POINT"))
