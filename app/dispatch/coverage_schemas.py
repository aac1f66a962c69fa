"""Questions of coverage and the answer of how much is covered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict

from app.dispatch.schemas import Condition
from app.http.geojson_shapes import Feature, Geometry
from app.judgement.avoided import AvoidedAnswer
from app.judgement.page_context import EditionFacts
from app.platform.iso import IsoDay

Standard = Literal["usual", "district", "rural", "own"]


@dataclass(frozen=True, slots=True)
class CoverageQuery:
    """Query of coverage: within which minutes (by ``standard``), by forces of which kinds (None: any)."""

    minutes: tuple[float, ...]
    kinds: frozenset[str] | None
    condition: Condition | None = None
    avoid_zones: str | None = None
    standard: Standard = "own"


class BandProperties(TypedDict):
    """Roads that are arrived at within ``minutes`` of the call, ``road_m`` of them."""

    minutes: float
    road_m: float


class CountAnswer(TypedDict):
    """What is covered and what is not; ``share`` is null of nothing at all."""

    covered: int
    uncovered: int
    share: float | None


class CountsAnswer(TypedDict):
    """Whole people, villages by their seat, enterprises, those with major hazards."""

    people: CountAnswer
    villages: CountAnswer
    enterprises: CountAnswer
    hazard_sites: CountAnswer


class CoverageSummary(CountsAnswer):
    """What is arrived at within ``minutes`` of the call; ``second_due`` what the second force reaches in time, when the first is away."""

    minutes: float
    second_due: CountsAnswer


class StandardAnswer(TypedDict):
    """What the minutes rest on, in both languages; null where they are the reader's own."""

    key: Standard
    basis: str | None
    basis_en: str | None


class RoadSource(TypedDict):
    """The file of roads that came last; ``received_on`` is its day, ``provider`` null where nobody wrote it down."""

    file: str
    received_on: IsoDay
    provider: str | None


class CoverageBasis(TypedDict):
    """What an answer rests on: the data, the edition, where the roads come from; null where nothing is on record."""

    data_date: IsoDay | None
    edition: EditionFacts | None
    road_source: RoadSource | None
    synthetic: bool
    disclaimer: str


class StandingAnswer(TypedDict):
    """A force that is counted, and where it stands."""

    id: str
    name: str
    kind: str
    at: Geometry


class CoverageAnswer(TypedDict):
    """Bands as roads, and what lies within them, counted on points: a band is the picture, never the judge.

    ``uncounted_villages`` have no population on record and no people here; ``forces`` is how many were counted.
    """

    type: Literal["FeatureCollection"]
    features: list[Feature[BandProperties]]
    summary: list[CoverageSummary]
    standard: StandardAnswer
    forces: int
    standing: list[StandingAnswer]
    uncounted_villages: int
    condition: Condition | None
    avoid: list[AvoidedAnswer]
    graph_version: str
    basis: CoverageBasis
