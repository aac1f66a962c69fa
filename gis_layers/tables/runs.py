"""Grading runs and what they said of each area. Both only grow (triggers see to it)."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Id, Moment, code_of, geometry_type


class GradingRun(Base):
    """One grading of all units of a kind: what it read, by which rules, what came of it. Published by being stored."""

    __tablename__ = "grading_runs"
    __table_args__ = (
        code_of("grading_unit", "unit"),
        CheckConstraint("(unit = 'polygons') = (set_id IS NOT NULL)", name="set_of_polygons"),
        CheckConstraint("(unit = 'grid') = (cell_m IS NOT NULL)", name="cell_of_a_grid"),
        CheckConstraint("cell_m > 0", name="cell_has_a_size"),
        CheckConstraint("ended_at >= started_at", name="ended_after_it_started"),
        CheckConstraint("area_count > 0", name="something_graded"),
        Index("ix_grading_runs_latest", "unit", "id"),
    )

    id: Mapped[Id]
    unit: Mapped[str]
    cell_m: Mapped[float | None]
    set_id: Mapped[int | None] = mapped_column(ForeignKey("unit_sets.id"))
    edition: Mapped[int] = mapped_column(ForeignKey("editions.number"))
    edition_fingerprint: Mapped[str]
    rulebook_version: Mapped[str]
    rulebook_fingerprint: Mapped[str]
    metric_crs: Mapped[str]
    method: Mapped[dict[str, Any]]
    inputs: Mapped[dict[str, Any]]
    inputs_digest: Mapped[str]
    results_digest: Mapped[str]
    summary: Mapped[dict[str, Any]]
    area_count: Mapped[int]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment]
    created_at: Mapped[CreatedAt]
    created_by: Mapped[str]


class GradedArea(Base):
    """Result of one run for one area; ``grade`` is empty where data lack."""

    __tablename__ = "graded_areas"
    __table_args__ = (
        UniqueConstraint("run_id", "area"),
        CheckConstraint("num_nulls(grade, grade_rank, grade_scheme, score) IN (0, 4)", name="grade_with_its_scheme"),
        CheckConstraint("grade_rank > 0", name="rank_positive"),
        code_of("stability", "stability"),
        CheckConstraint("grade IS NOT NULL OR jsonb_array_length(data_gaps) > 0", name="no_grade_without_a_gap"),
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        Index("ix_graded_areas_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("grading_runs.id"))
    area: Mapped[str]
    name: Mapped[str]
    grade: Mapped[str | None]
    grade_rank: Mapped[int | None] = mapped_column(SmallInteger)
    grade_scheme: Mapped[str | None]
    score: Mapped[float | None]
    maximum: Mapped[float | None]
    stability: Mapped[str | None]
    contested_by: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    contributions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    measurements: Mapped[dict[str, Any]]
    risk: Mapped[dict[str, Any]]
    data_gaps: Mapped[list[str]] = mapped_column(JSONB)
    geom: Mapped[WKBElement] = mapped_column(geometry_type("MULTIPOLYGON"))
