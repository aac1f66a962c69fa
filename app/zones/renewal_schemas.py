"""Requests and answers on a new delivery held against what is in force."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from app.http.changes import Closed
from app.zones.draft_schemas import MANY, DraftState, Text, ZoneNumber

Difference = Literal["unchanged", "changed", "new", "gone"]
Part = Literal["shape", "grade", "attributes"]
LocalEditState = Literal["kept", "absorbed", "conflict"]
Side = Literal["ours", "theirs"]


class LocalChoice(Closed):
    """Which state of a zone edited here stays: ours, over the delivery, or theirs, the delivery's."""

    zone: ZoneNumber
    keep: Side


class SettleEdit(Closed):
    """Zones edited here settled against the delivery that takes the place of their layer."""

    op: Literal["settle"] = "settle"
    choices: Annotated[list[LocalChoice], Field(min_length=1, max_length=MANY)]
    reason: Text | None = None


class RenumberEdit(Closed):
    """Zones of a delivery that are zones in force keep their lasting numbers."""

    op: Literal["renumber"] = "renumber"
    hazard: Annotated[str, Field(max_length=100)]
    product: Annotated[str, Field(max_length=100)]
    reason: Text | None = None


class DeliveryDecisions(Closed):
    """Decisions on zones edited here; with ``renumber`` whatever is matched keeps its lasting number instead."""

    choices: Annotated[list[LocalChoice], Field(max_length=MANY)] = Field(default_factory=list)
    renumber: bool = False
    hazard: Annotated[str | None, Field(max_length=100)] = None
    product: Annotated[str | None, Field(max_length=100)] = None
    reason: Text | None = None


class ZoneSide(TypedDict):
    """A zone before or after: area in m² of the metric CRS, 0 for a line."""

    name: str | None
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    area_m2: float


class LocalEdit(TypedDict):
    """A zone edited here since the last delivery: whether the delivery contains it, and which state was decided for."""

    state: LocalEditState
    decision: Side | None


class DeliveryRow(TypedDict):
    """A zone in force (``zone``) beside the one delivered (``delivered``), or one of them alone.

    ``changed`` and ``attributes`` are empty but where both are there; ``place`` is a point on it, longitude and latitude.
    """

    zone: str | None
    delivered: str | None
    state: Difference
    matched_by: Literal["id", "source_id", "shape"] | None
    changed: list[Part]
    attributes: list[str]
    before: ZoneSide | None
    after: ZoneSide | None
    delta_m2: float
    local: LocalEdit | None
    place: list[float]


class DifferenceCounts(TypedDict):
    """Number of zones by what became of them."""

    unchanged: int
    changed: int
    new: int
    gone: int


class DeliveryComparison(TypedDict):
    """A draft of one theme beside what is in force.

    ``replaces``: it takes the place of the whole layer. ``undecided`` are the zones edited here that must be decided
    before it is submitted. Zones are one zone from ``match_share`` of the larger's area on; vertices within ``same_vertex_m`` are one.
    """

    draft: int
    state: DraftState
    hazard: str
    product: str
    replaces: bool
    counts: DifferenceCounts
    undecided: list[str]
    match_share: float
    same_vertex_m: float
    items: list[DeliveryRow]
