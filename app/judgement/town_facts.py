"""Facts on the town and its published layers: counts and areas by grade, what nobody surveyed, what stands on the worst ground."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.judgement.inventory import ExposureFacts
from app.judgement.page_context import PageContext


class GradeCount(TypedDict):
    """Zones of one grade of a layer: how many, and their area on surveyed ground (m², metric CRS)."""

    rank: int
    name: str
    count: int
    area_m2: float


class WorstExposure(ExposureFacts):
    """Who and what stands on ground of the grades ``ranks`` of a layer."""

    ranks: list[int]


class LayerFacts(TypedDict):
    """A published layer; the shares are of the town's area, null where no boundary is known. ``exposed`` only of graded ones."""

    hazard: str
    hazard_name: str
    product: str
    grade_scheme: str | None
    grades: list[GradeCount]
    count: int
    unsurveyed_share: float | None
    ungraded_share: float | None
    exposed: NotRequired[WorstExposure]


class TownFacts(PageContext):
    """The state of the town: what every page tells, and its layers."""

    layers: list[LayerFacts]
