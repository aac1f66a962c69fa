"""Records of an enterprise beside its register entry: assessed risk points, inspections, history of its grade."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, code_of

FIGURES = """
CASE method WHEN 'matrix' THEN figures ?& ARRAY['likelihood','severity']
            WHEN 'lec' THEN figures ?& ARRAY['likelihood','exposure','consequence']
            WHEN 'diagnosis' THEN figures ?& ARRAY['score'] ELSE false END
"""


class RiskPoint(Base):
    """One assessed risk point: the method, its figures, and the direct-red conditions that are met."""

    __tablename__ = "risk_points"
    __table_args__ = (
        CheckConstraint(FIGURES.strip(), name="figures_of_the_method"),
        CheckConstraint("jsonb_typeof(conditions) = 'array'", name="conditions_are_a_list"),
        CheckConstraint("conditions = '[]' OR method = 'diagnosis'", name="conditions_of_a_diagnosis"),
        Index("ix_risk_points_enterprise_id", "enterprise_id"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id", ondelete="CASCADE"))
    name: Mapped[str]
    method: Mapped[str]
    figures: Mapped[dict[str, Any]]
    conditions: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    synthetic: Mapped[Flag]


class Inspection(Base):
    """That somebody inspected an enterprise on a day; ``department`` is an office, never a person."""

    __tablename__ = "inspections"
    __table_args__ = (UniqueConstraint("enterprise_id", "day", "department"),)

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id", ondelete="CASCADE"))
    day: Mapped[datetime.date]
    department: Mapped[str]
    result: Mapped[str | None]
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]


class EnterpriseGrade(Base):
    """Grade an enterprise was given, when, why and by which rules. Only grows (a trigger sees to it).

    Where nobody could say whether the plant is a major hazard installation, a blue base is in force as not assessed.
    ``working`` is the whole judgement: reasons, points, the identification of major hazards, gaps.
    """

    __tablename__ = "enterprise_grades"
    __table_args__ = (
        code_of("colour", "base_grade"),
        code_of("colour", "overlay_grade"),
        code_of("colour", "effective_grade"),
        CheckConstraint("major_hazard_level BETWEEN 1 AND 4", name="major_hazard_level_known"),
        CheckConstraint(
            "CASE WHEN effective_grade IS NULL THEN coalesce(base_grade, 'blue') = 'blue' AND coalesce(overlay_grade, 'blue') "
            "= 'blue' ELSE base_grade IS NOT NULL OR overlay_grade IS NOT NULL END",
            name="effective_of_base_and_overlay",
        ),
        Index("ix_enterprise_grades_enterprise_id", "enterprise_id", "id"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[int]
    at: Mapped[CreatedAt]
    base_grade: Mapped[str | None]
    overlay_grade: Mapped[str | None]
    effective_grade: Mapped[str | None]
    major_hazard_level: Mapped[int | None] = mapped_column(SmallInteger)
    cause: Mapped[str]
    actor: Mapped[str]
    working: Mapped[dict[str, Any]]
    digest: Mapped[str]
    rulebook_version: Mapped[str]
    rulebook_fingerprint: Mapped[str]
