"""Baselines of the guidance figures: frozen counts to measure change against. They only grow (a trigger sees to it)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, Id, Moment


class GuidanceBaseline(Base):
    """The figures of one day with their ground and method, by whom they were kept and why."""

    __tablename__ = "guidance_baselines"
    __table_args__ = (
        CheckConstraint("btrim(name) <> '' AND btrim(reason) <> ''", name="named_with_a_reason"),
        CheckConstraint("jsonb_typeof(figures -> 'villages') = 'array'", name="figures_by_village"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    reason: Mapped[str]
    taken_at: Mapped[Moment]
    taken_by: Mapped[str]
    run_id: Mapped[int] = mapped_column(ForeignKey("grading_runs.id"))
    edition: Mapped[int] = mapped_column(ForeignKey("editions.number"))
    rulebook_fingerprint: Mapped[str]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
