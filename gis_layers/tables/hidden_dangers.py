"""Major hidden dangers as they are recorded: where, in which state, by which clause, due when; and who did what with each."""

from __future__ import annotations

import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, Moment, code_of, geometry_type, is_one_of
from risk_model.decisions import HIDDEN_DANGER, life_of

_LIFE = life_of(HIDDEN_DANGER)
_MAJOR, _GENERAL = (is_one_of("state", _LIFE.of_level(level)) for level in ("major", "general"))
_CONFIRMED, _DUE, _CLOSED = (
    is_one_of("state", _LIFE.recording(day)) for day in ("confirmed_on", "deadline", "closed_on")
)


class HiddenDanger(Base):
    """One hidden danger; ``level`` is None until it was verified.

    ``measures responsible_person funds deadline emergency_plan`` are the five that must be settled before work begins.
    """

    __tablename__ = "hidden_dangers"
    __table_args__ = (
        UniqueConstraint("code"),
        code_of("danger_state", "state"),
        code_of("danger_channel", "channel"),
        code_of("supervision", "supervision"),
        CheckConstraint(f"({_MAJOR}) = (level IS NOT DISTINCT FROM 'major')", name="major_where_proven"),
        CheckConstraint(f"({_GENERAL}) = (level IS NOT DISTINCT FROM 'general')", name="general_where_said"),
        code_of("danger_level", "level"),
        CheckConstraint(f"NOT ({_CONFIRMED}) OR confirmed_on IS NOT NULL", name="proven_on_a_day"),
        CheckConstraint(f"NOT ({_DUE}) OR deadline IS NOT NULL", name="deadline_where_in_hand"),
        CheckConstraint(f"({_CLOSED}) = (closed_on IS NOT NULL)", name="closed_on_a_day"),
        CheckConstraint("confirmed_on >= found_on AND closed_on >= confirmed_on", name="days_in_order"),
        CheckConstraint("version > 0", name="version_counted"),
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        Index("ix_hidden_dangers_geom", "geom", postgresql_using="gist"),
        Index("ix_hidden_dangers_enterprise_id", "enterprise_id"),
        Index("ix_hidden_dangers_state", "state"),
    )

    id: Mapped[Id]
    code: Mapped[str]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id", ondelete="SET NULL"))
    place: Mapped[str | None]
    village_code: Mapped[str | None]
    sector: Mapped[str | None]
    state: Mapped[str]
    channel: Mapped[str]
    level: Mapped[str | None]
    supervision: Mapped[str] = mapped_column(server_default="none")
    criteria: Mapped[str | None]
    clause: Mapped[str | None]
    measures: Mapped[str | None]
    responsible_person: Mapped[str | None]
    funds: Mapped[str | None]
    emergency_plan: Mapped[str | None]
    found_on: Mapped[datetime.date]
    confirmed_on: Mapped[datetime.date | None]
    deadline: Mapped[datetime.date | None]
    closed_on: Mapped[datetime.date | None]
    remark: Mapped[str | None]
    synthetic: Mapped[Flag]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[CreatedAt]
    changed_at: Mapped[Moment | None]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POINT"))


class DangerAct(Base):
    """One act on a danger (append-only): a step somebody took, its entry with its past elsewhere, or a notice.

    ``state`` is where it stood afterwards, ``content`` what came with the act.
    """

    __tablename__ = "hidden_danger_acts"
    __table_args__ = (
        code_of("danger_act", "kind"),
        code_of("danger_state", "state"),
        CheckConstraint("(kind = 'step') = (step IS NOT NULL)", name="step_where_taken"),
        CheckConstraint("ordinal > 0", name="ordinal_counted"),
        Index(
            "ix_hidden_danger_acts_one_notice",
            "danger_id",
            text("(content ->> 'deadline')"),
            unique=True,
            postgresql_where=text("kind = 'notice'"),
        ),
    )

    danger_id: Mapped[int] = mapped_column(ForeignKey("hidden_dangers.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    kind: Mapped[str]
    step: Mapped[str | None]
    state: Mapped[str]
    taken_by: Mapped[str]
    taken_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    comment: Mapped[str | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
