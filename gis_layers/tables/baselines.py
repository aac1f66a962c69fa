"""Baselines of the guidance figures: frozen counts to measure change against. They only grow (a trigger sees to it)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import TypedDict

from gis_layers.tables.base import Base, Id, Moment

Tally = dict[str, int]
"""Counts by rank of the ground as text; "0" is ground without a grade."""


class Totals(TypedDict):
    """Counts of the town; people of villages nobody counted are not in it."""

    people: Tally
    facilities: Tally
    enterprises: Tally


class VillageCounts(TypedDict):
    """Counts of a village; ``people`` is None where nobody counted them, ``people_by`` says what spread them over ground."""

    key: str
    name: str
    people_by: str | None
    people: Tally | None
    facilities: Tally
    enterprises: Tally


class PeopleMethod(TypedDict):
    """How many villages' people were spread by dwellings and by area, and the names of those nobody counted."""

    dwellings: int
    area: int
    uncounted: list[str]


class GuidanceFigures(TypedDict):
    """Figures of one day, and on which units they were counted."""

    scheme: str
    unit: str
    cell_m: float | None
    villages: list[VillageCounts]
    total: Totals
    people_method: PeopleMethod


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
    figures: Mapped[GuidanceFigures] = mapped_column(JSONB)
