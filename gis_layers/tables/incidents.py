"""Incidents, the forces that were assigned to them, and the log of what was shown, chosen and done."""

from __future__ import annotations

import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Id, Moment, code_of, geometry_type
from gis_layers.tables.places import SOUND


class Incident(Base):
    """An incident from the call to its end; where it lies, in the words people use and as a point.

    ``wind_from`` are degrees the wind comes from, ``danger_m`` metres nobody gathers within; ``danger`` is that
    area where somebody drew it, which then counts. ``converted_from`` is the
    system its position was told in, where that was converted. ``level`` is its grade as an accident, for reports;
    ``rescue_level`` what is called for.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        code_of("incident_kind", "kind"),
        code_of("incident_level", "level"),
        code_of("rescue_level", "rescue_level"),
        code_of("shifted_system", "converted_from"),
        CheckConstraint("btrim(said) <> ''", name="said_given"),
        CheckConstraint("btrim(reported_by) <> ''", name="reporter_given"),
        CheckConstraint("wind_from BETWEEN 0 AND 359", name="wind_from_a_bearing"),
        CheckConstraint("danger_m > 0", name="danger_measured"),
        CheckConstraint("ST_IsValid(danger) AND ST_Dimension(danger) = 2", name="danger_sound"),
        CheckConstraint("closed_at >= occurred_at", name="closed_after_it_occurred"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
        CheckConstraint("version > 0", name="version_counted"),
        Index("ix_incidents_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    level: Mapped[str | None]
    rescue_level: Mapped[str | None]
    said: Mapped[str]
    reported_by: Mapped[str]
    reporter_phone: Mapped[str | None]
    occurred_at: Mapped[Moment]
    village: Mapped[str | None]
    stake: Mapped[str | None]
    landmark: Mapped[str | None]
    wind_from: Mapped[int | None] = mapped_column(SmallInteger)
    danger_m: Mapped[float | None]
    danger: Mapped[WKBElement | None] = mapped_column(geometry_type("GEOMETRY"))
    converted_from: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[Moment | None]
    closed_by: Mapped[str | None]
    outcome: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POINT"))


class Assignment(Base):
    """A force assigned to an incident, by which authority, and when each step of it occurred; one force has one at a time."""

    __tablename__ = "assignments"
    __table_args__ = (
        code_of("assignment_state", "state"),
        code_of("authority", "authority"),
        CheckConstraint("(state IN ('recalled','undone')) = (ended_at IS NOT NULL)", name="ended_with_its_state"),
        CheckConstraint("version > 0", name="version_counted"),
        Index("uq_assignments_force_taken", "force_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[Id]
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"), index=True)
    force_id: Mapped[int] = mapped_column(ForeignKey("forces.id"), index=True)
    authority: Mapped[str]
    state: Mapped[str]
    notified_at: Mapped[Moment]
    answered_at: Mapped[Moment | None]
    under_way_at: Mapped[Moment | None]
    on_scene_at: Mapped[Moment | None]
    recalled_at: Mapped[Moment | None]
    assigned_by: Mapped[str]
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(server_default="1")


class DispatchLogEntry(Base):
    """One entry of the log of an incident (append-only): what was done, when it occurred and when it was recorded.

    ``state`` is where the force of ``assignment_id`` stood afterwards, ``content`` what was shown, chosen or told.
    """

    __tablename__ = "dispatch_log"
    __table_args__ = (code_of("dispatch_act", "act"), code_of("assignment_state", "state"))

    id: Mapped[Id]
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    act: Mapped[str]
    state: Mapped[str | None]
    occurred_at: Mapped[Moment]
    recorded_at: Mapped[datetime.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    taken_by: Mapped[str]
    said: Mapped[str | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
