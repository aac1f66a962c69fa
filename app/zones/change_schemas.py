"""Answers on what changed from one edition to another."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from app.zones.schemas import EditionItem

ChangeState = Literal["changed", "new", "gone"]


class ChangeSide(TypedDict):
    """A zone in one of the two editions; ``area_m2`` is 0 for a line."""

    version: int
    name: str | None
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    area_m2: float


class ChangeItem(TypedDict):
    """One zone that differs: how it was (null: it was not there) and how it is, and ``attributes`` that read otherwise.

    ``bbox`` is around both, in degrees. ``parents`` and ``children`` are by the editions between the two.
    """

    id: str
    zone: str
    state: ChangeState
    hazard: str
    product: str
    before: ChangeSide | None
    after: ChangeSide | None
    delta_m2: float
    reshaped: bool
    regraded: bool
    attributes: list[str]
    bbox: list[float]
    parents: list[str]
    children: list[str]


class ChangeTotals(TypedDict):
    """Number of zones that differ, by how."""

    changed: int
    new: int
    gone: int


class EditionChanges(TypedDict):
    """Zones that differ from the edition ``earlier`` (null: before the first) to ``later``, by number."""

    items: list[ChangeItem]
    total: int
    limit: int
    offset: int
    links: dict[str, str]
    earlier: EditionItem | None
    later: EditionItem
    counts: ChangeTotals
