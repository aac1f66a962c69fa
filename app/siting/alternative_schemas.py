"""Requests and answers of ``/api/siting/alternatives``."""

from __future__ import annotations

from pydantic import Field
from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from app.siting.schemas import SiteFeature, ThemeAnswer


class AlternativesAsked(SiteFeature):
    """The Feature of a check, how far from it the same outline may be moved (metres), and how many places are wanted."""

    within_m: float = Field(2000.0, ge=50, le=10_000)
    count: int = Field(3, ge=1, le=10)


class ThemeState(TypedDict):
    """State of a theme at a place: its status, its worst verdict and the grade behind it, null where there is none."""

    status: str | None
    verdict: str | None
    grade: str | None


class ThemeDifference(TypedDict):
    """A theme that differs between the original and a place."""

    theme: str
    name: str
    before: ThemeState
    after: ThemeState


class AlternativeAnswer(TypedDict):
    """A place: the outline moved, its verdict and themes as a check of it answers, metres to the nearest road (null: no roads on record)."""

    geometry: Geometry
    moved_m: float
    bearing_deg: float
    verdict: str
    borderline: bool
    data_gaps: list[str]
    themes: list[ThemeAnswer]
    differences: list[ThemeDifference]
    road_distance_m: float | None
    score: float


class SiteMoveAnswer(TypedDict):
    """The smallest move found that makes the verdict milder: metres, degrees from north; found among 24 bearings, to a metre."""

    geometry: Geometry
    moved_m: float
    bearing_deg: float
    verdict: str


class CutAnswer(TypedDict):
    """The outline without the zones that decide its verdict: m² cut, share kept, the verdict of what is left."""

    geometry: Geometry
    cut_m2: float
    kept_share: float
    verdict: str


class OriginalAnswer(TypedDict):
    """The verdict on the outline where it was drawn."""

    verdict: str
    data_gaps: list[str]


class AlternativesAnswer(TypedDict):
    """Places to compare with, best first. ``none_because`` says why there is none, ``no_move_because`` why no move helps.

    ``tried`` places were judged, ``unsurveyed`` of them on ground nobody surveyed, ``set_aside`` on land set aside. ``slope`` is null: no
    elevations are on record.
    """

    title: str
    original: OriginalAnswer
    alternatives: list[AlternativeAnswer]
    smallest_move: SiteMoveAnswer | None
    smallest_cut: CutAnswer | None
    none_because: str | None
    no_move_because: str | None
    within_m: float
    tried: int
    unsurveyed: int
    set_aside: int
    slope: None
    edition: int | None
    rulebook: str
    disclaimer: str
