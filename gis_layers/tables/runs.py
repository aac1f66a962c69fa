"""Grading runs and what they said of each area. Both only grow (triggers see to it)."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import TypedDict

from gis_layers.tables.base import Base, CreatedAt, Id, Moment, code_of, geometry_type

UnitKind = Literal["village", "grid", "polygons"]
"""What a run grades."""
GradingProduct = Literal["hazard", "risk"]
"""What an area is graded by: its composite hazard, or the risk to people and buildings."""


class MethodWeights(TypedDict):
    """Weights of criteria and hazards, and how far the judgements behind them contradict each other."""

    method: str
    criteria: dict[str, float]
    largest_eigenvalue: float
    consistency_ratio: float
    hazards: dict[str, float]


class MethodBreaks(TypedDict):
    """Breaks between the grades of ``scheme``: lower bounds of scores, worst grade first."""

    kind: str
    scheme: str
    lower_bounds: list[float]


class MethodComposite(TypedDict):
    """Rule that joins the hazards of a unit, and by how many grades the worst of them is eased."""

    rule: str
    ease_steps: int


class MethodCoverage(TypedDict):
    """Share of a unit that must be surveyed for its grade to be known."""

    least_surveyed_share: float


class MethodStability(TypedDict):
    """Changes a grade must withstand to be called stable: of a weight (share), of boundaries (metres)."""

    swing: float
    shift_m: NotRequired[float]


class MethodPeople(TypedDict):
    """How people are spread over ground, and which uses of a building say that nobody lives in it."""

    by: str
    not_lived_in: NotRequired[list[str]]


class MethodRisk(TypedDict):
    """How hazard, exposure, vulnerability and capacity make a risk."""

    joining: str
    least_exposure: float
    relief: float


class RunMethod(TypedDict):
    """Method of a run. Fields that are not required were not told by runs of older programs."""

    version: str
    weights: MethodWeights
    breaks: MethodBreaks
    composite: MethodComposite
    coverage: MethodCoverage
    stability: MethodStability
    people: NotRequired[MethodPeople]
    risk: MethodRisk
    cells: NotRequired[str]


class LayerRead(TypedDict):
    """A surveyed layer a run read; ``survey_date`` as ISO 8601."""

    layer: int
    hazard: str
    product: str
    name: str
    source: str | None
    survey_date: str | None


class HazardRead(TypedDict):
    """The layers a run read of one hazard: of the ``preferred`` product or, where there was none, of another."""

    hazard: str
    product: str | None
    preferred: str
    layers: list[LayerRead]


class RunInputs(TypedDict):
    """Inputs of a run from the edition."""

    hazards: list[HazardRead]


class GradeSum(TypedDict):
    """Areas and ground (m²) of one grade."""

    grade_rank: int
    grade: str
    areas: int
    area_m2: float


class UngradedSum(TypedDict):
    """Areas and ground (m²) without a grade."""

    areas: int
    area_m2: float


class RunSummary(TypedDict):
    """Outcome of a run: areas by grade, those without one, those whose grade is not stable, and what lacked how often."""

    grades: list[GradeSum]
    ungraded: UngradedSum
    contested: int
    data_gaps: dict[str, int]


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
    method: Mapped[RunMethod] = mapped_column(JSONB)
    inputs: Mapped[RunInputs] = mapped_column(JSONB)
    inputs_digest: Mapped[str]
    results_digest: Mapped[str]
    summary: Mapped[RunSummary] = mapped_column(JSONB)
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
