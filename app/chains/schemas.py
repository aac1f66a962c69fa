"""Answers of the hazard chains."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from app.judgement.inventory import ExposureFacts
from app.judgement.page_context import EditionFacts, RulebookFacts
from app.platform.iso import IsoDay


class ChainZone(TypedDict):
    """The published zone the chains begin on."""

    zone: str
    name: str | None
    hazard: str
    product: str
    grade: str | None
    grade_rank: int | None


class EventAnswer(TypedDict):
    """An event of a chain; ``hazard`` is null where it is none of the rulebook's themes."""

    key: str
    name: str
    name_en: str
    hazard: str | None


class ReachAnswer(TypedDict):
    """Reach of an event in metres and degrees, 0 where its rule has no use for them."""

    rule: str
    reach_m: float
    width_m: float
    kinds: list[str]
    bearing_deg: float
    spread_deg: float


LinkAnswer = TypedDict(
    "LinkAnswer",
    {
        "from": str,
        "to": str,
        "lag_min": float,
        "lag_max": float,
        "probability": str,
        "spatial": ReachAnswer,
        "basis": str,
        "source": str,
        "confidence": str,
        "basis_kind": str,
    },
)
"""A link between two events: lag in minutes (least, most), reach, and what that rests on."""


class AffectedAnswer(TypedDict):
    """Somebody or something on the ground; ``shared`` is m of a line, m² of an area; ``people`` of villages only."""

    kind: str
    id: str
    name: str
    shared: float
    geometry: Geometry
    people: NotRequired[int | None]
    people_by: NotRequired[str]


class StepAnswer(TypedDict):
    """One step of a chain: its path, lag in minutes, ground, who stands there, and the ground nobody surveyed."""

    id: str
    event: EventAnswer
    path: list[EventAnswer]
    links: list[LinkAnswer]
    lag_min: float
    lag_max: float
    probability: str
    ground: Geometry | None
    area_m2: float
    unknown: Geometry | None
    unknown_m2: float
    affected: list[AffectedAnswer]
    exposed: ExposureFacts
    perhaps_affected: list[AffectedAnswer]
    perhaps_exposed: ExposureFacts


class StreamsAnswer(TypedDict):
    """How many watercourses were turned downhill by what."""

    directed_by: dict[str, int]


class BegunChains(TypedDict):
    """Steps of the chains, and paths that reach nothing."""

    steps: list[StepAnswer]
    not_reached: list[list[EventAnswer]]


class ChainsAnswer(BegunChains):
    """Every chain that begins on a zone; without events where none does, and then ``streams`` is null."""

    zone: ChainZone
    events: list[EventAnswer]
    depth: int
    counts_in_grades: bool
    streams: StreamsAnswer | None
    edition: EditionFacts | None
    rulebook: RulebookFacts
    data_date: IsoDay | None
    disclaimer: str
