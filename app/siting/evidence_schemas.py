"""Evidence of an opinion beyond what was measured, in plain values: other classes, how each zone was surveyed, places to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired

from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from app.platform.iso import IsoDay
from risk_model.vocabulary import ClassVerdict, Opinion


class ClassVerdictAnswer(TypedDict):
    """The verdict a check of the same outline as a project of this class answers, with the seismic class it then counts as."""

    project_class: str
    seismic_class: str
    verdict: str


class PartClassAnswer(ClassVerdictAnswer):
    """The verdict on a part were it of this class, and that on the whole site then: the other parts are what they are."""

    site_verdict: str


class SurveyAnswer(TypedDict):
    """Survey of a zone as it was on record: its day and its age in days on the day of judgement, the n of 1:n, its source; null where nobody said.

    ``office`` is responsible for it, ``valid_until`` is the last day it holds, ``max_age_days`` its greatest age; null where its
    delivery does not state it. ``expired``: that day was past on the day of judgement; ``overaged``: it was older than it may be;
    null where that is unknown. These five are missing of checks made before they were told.
    """

    survey_date: IsoDay | None
    age_days: int | None
    scale: int | None
    source: str | None
    office: NotRequired[str | None]
    valid_until: NotRequired[IsoDay | None]
    max_age_days: NotRequired[int | None]
    expired: NotRequired[bool | None]
    overaged: NotRequired[bool | None]


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


class PartPlace(TypedDict):
    """A part of the site where it is moved or cut to, with its verdict there; ``name`` is null for what the parts leave."""

    name: str | None
    geometry: Geometry
    verdict: str


class MovedParts(TypedDict):
    """The parts of a site where it is moved or cut to; missing of a site without parts."""

    parts: NotRequired[list[PartPlace]]


class SiteMoveAnswer(MovedParts):
    """The smallest move found that makes the verdict milder: metres, degrees from north; found among 24 bearings, to a metre.

    ``parts`` are those of a site that has any, moved with it.
    """

    geometry: Geometry
    moved_m: float
    bearing_deg: float
    verdict: str


class CutAnswer(MovedParts):
    """The outline without the zones that decide its verdict: m² cut, share kept, the verdict of what is left.

    Of a site with ``parts`` each is cut by the zones that decide its own; null where less than 30 % of one would be left.
    """

    geometry: Geometry
    cut_m2: float
    kept_share: float
    verdict: str


class OriginalAnswer(TypedDict):
    """The verdict on the outline where it was drawn."""

    verdict: str
    data_gaps: list[str]


class ComparedPlace(MovedParts):
    """A place to compare with: the outline moved, its verdict, what differs from the site, metres to the nearest road (null: no roads on record).

    ``parts`` are those of a site that has any, moved with it.
    """

    geometry: Geometry
    moved_m: float
    bearing_deg: float
    verdict: str
    borderline: bool
    data_gaps: list[str]
    differences: list[ThemeDifference]
    road_distance_m: float | None


class PlacesTried(TypedDict):
    """Facts of a comparison: the smallest move and cut found, and of the places that were judged (``tried``) how many were not listed.

    ``unsurveyed`` are on ground nobody surveyed, ``set_aside`` on land set aside. ``slope`` is null: no elevations are on record.
    ``no_cut`` is the code of the reason why no cut is told, null where one is; answers kept before it was told lack it.
    """

    original: OriginalAnswer
    smallest_move: SiteMoveAnswer | None
    smallest_cut: CutAnswer | None
    no_cut: NotRequired[str | None]
    within_m: float
    tried: int
    unsurveyed: int
    set_aside: int
    slope: None


class ComparedPlaces(PlacesTried):
    """Places to compare with as an opinion keeps them, best first, by the zones and rules it rests on."""

    alternatives: list[ComparedPlace]


def by_class_answer(opinion: Opinion) -> list[ClassVerdictAnswer]:
    """The verdicts by class, in their order."""
    return [_of_class(one) for one in opinion.by_class]


def part_by_class(part: Opinion, site: Sequence[ClassVerdict]) -> list[PartClassAnswer]:
    """The verdicts by class of a part and with it of its site, in their order."""
    return [
        {**_of_class(one), "site_verdict": whole.verdict.value} for one, whole in zip(part.by_class, site, strict=True)
    ]


def _of_class(one: ClassVerdict) -> ClassVerdictAnswer:
    return {
        "project_class": one.project_class.value,
        "seismic_class": one.seismic_class.value,
        "verdict": one.verdict.value,
    }
