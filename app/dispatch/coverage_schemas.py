"""The question of coverage and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict

from app.dispatch.schemas import AvoidedAnswer, Condition
from app.http.geojson_shapes import Feature

ForceKind = Literal["fire", "professional", "enterprise", "township", "social", "volunteer", "medical"]


@dataclass(frozen=True, slots=True)
class CoverageQuery:
    """Query of coverage: within which minutes, by forces of which kinds (None: any)."""

    minutes: tuple[float, ...]
    kinds: frozenset[str] | None
    condition: Condition | None = None
    avoid_zones: str | None = None


class BandProperties(TypedDict):
    """Roads that are arrived at within ``minutes`` of the call, ``road_m`` of them."""

    minutes: float
    road_m: float


class CountAnswer(TypedDict):
    """What is covered and what is not; ``share`` is null of nothing at all."""

    covered: int
    uncovered: int
    share: float | None


class CoverageSummary(TypedDict):
    """What is arrived at within ``minutes`` of the call: whole people, villages by their seat, enterprises, those with major hazards."""

    minutes: float
    people: CountAnswer
    villages: CountAnswer
    enterprises: CountAnswer
    hazard_sites: CountAnswer


class CoverageAnswer(TypedDict):
    """Bands as roads, and what lies within them, counted on points: a band is the picture, never the judge.

    ``uncounted_villages`` have no population on record and no people here; ``forces`` is how many were counted.
    """

    type: Literal["FeatureCollection"]
    features: list[Feature[BandProperties]]
    summary: list[CoverageSummary]
    forces: int
    uncounted_villages: int
    condition: Condition | None
    avoid: list[AvoidedAnswer]
    graph_version: str
