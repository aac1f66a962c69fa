"""Answers on a file of zones that came back, and the edit it becomes."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from app.zones.draft_schemas import ZoneChange
from app.zones.renewal_schemas import Part
from gis_layers.exchange import WrittenReading

Unreturned = Literal["delete", "keep"]


class ReturnedRow(TypedDict):
    """A zone that a file changes: ``feature`` is its number in the file from 0, null for one that is no longer there.

    ``parent`` is the zone a new one was cut from. ``delta_m2`` is area after less area before; ``place`` longitude and latitude.
    """

    zone: str | None
    feature: int | None
    parent: str | None
    change: ZoneChange
    changed: list[Part]
    attributes: list[str]
    delta_m2: float
    place: list[float]


class ReturnedCounts(TypedDict):
    """Number of zones by what the file does to them."""

    unchanged: int
    create: int
    update: int
    delete: int


class ReturnedProblem(TypedDict):
    """What stands against taking a file back: its feature, the zone it names, and what to do."""

    feature: int | None
    zone: str | None
    problem: str


class ReturnedFile(TypedDict):
    """A file held against the draft it left from; ``applied`` once it was taken back, as the edit of that number."""

    counts: ReturnedCounts
    items: list[ReturnedRow]
    problems: list[ReturnedProblem]
    report: WrittenReading
    applied: bool
    edit: int | None
