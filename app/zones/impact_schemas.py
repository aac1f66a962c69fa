"""Answers on the impact of a draft and on what happened to ground."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from app.judgement.inventory import ExposureFacts
from app.platform.iso import IsoDay, IsoMoment
from gis_layers.stores.runs import GradingProduct


class GradeGround(TypedDict):
    """A grade; all null for ground of a zone without one."""

    grade_scheme: str | None
    grade_rank: int | None
    grade: str | None


class GradeImpact(GradeGround):
    """Ground a grade gains and loses, in m² of the metric CRS."""

    gained_m2: float
    lost_m2: float


class GroundMove(TypedDict):
    """Ground that changes its grade; null where no zone is. ``turns`` as in ``ImpactThing``, ``both`` where nobody can say.

    ``geometry`` is null where all the changed ground together has too many vertices to be drawn.
    """

    before: GradeGround | None
    after: GradeGround | None
    area_m2: float
    turns: Literal["entering", "leaving", "both"]
    geometry: Geometry | None


class ThemeImpact(TypedDict):
    """Ground of one hazard and product that changes its grade, the largest change first."""

    hazard: str
    product: str
    grades: list[GradeImpact]
    changes: list[GroundMove]


class ProjectFlip(TypedDict):
    """A registered project whose verdict would be another."""

    id: int
    name: str
    project_class: str
    before: str
    after: str
    place: list[float]


class ImpactThing(TypedDict):
    """A thing on changed ground, ``entering`` a worse grade or ``leaving`` one for a better; roads of one name together.

    ``shared`` is how much of it: m² of an area, m of a line, null of a point; ``key`` its number, null of roads.
    """

    register: str
    key: str | None
    name: str
    turns: Literal["entering", "leaving"]
    shared: float | None
    unit: Literal["m", "m2"] | None
    place: list[float]


class AreaShift(TypedDict):
    """An area of a published grading run whose grade (of ``product``) would be another on the draft's zones, by today's rules.

    Its risk is graded with the people and buildings of the run.
    """

    unit: Literal["village", "grid", "polygons"]
    run: int
    area: str
    name: str
    product: GradingProduct
    before: GradeGround
    after: GradeGround
    place: list[float]


class CoverageBand(TypedDict):
    """People some force reaches within ``minutes`` of the call, nobody driving on ground of the worst grades."""

    minutes: float
    before: int
    after: int


class ForceOnGround(TypedDict):
    """A force that stands on changed ground, ``entering`` a worse grade or ``leaving`` one for a better."""

    id: str
    name: str
    kind: str
    turns: Literal["entering", "leaving"]
    place: list[float]


class RoadAvoided(TypedDict):
    """A road of which other stretches are avoided: metres of it that lie in zones of the worst grades."""

    name: str
    before_m: float
    after_m: float
    place: list[float]


class CoverageImpact(TypedDict):
    """Coverage of forces before and after; ``why_not`` says why it was not reckoned, and ``people`` is null then.

    ``people`` are all there are, ``roads`` the first of ``roads_in_all`` whose avoided metres change.
    """

    why_not: str | None
    people: int | None
    bands: list[CoverageBand]
    forces: list[ForceOnGround]
    roads: list[RoadAvoided]
    roads_in_all: int


class DraftImpact(TypedDict):
    """Impact of a draft: ground by grade, who and what comes under a worse grade (``entering``) or a better one (``leaving``).

    ``things`` are the enterprises, facilities, stations and roads among them, the first of each register, and
    ``things_in_all`` how many there are. Of the registered projects near what changes ``projects_near``,
    ``projects_judged`` were judged, and ``projects`` flip. ``areas_judged`` is null where too many areas are touched.
    Reckoned ``against`` an edition, null before the first; ``in_force`` is the one of now. From the submission of a draft
    on what was reckoned then is told, ``kept_at`` that moment; null of one that is reckoned now.
    """

    themes: list[ThemeImpact]
    entering: ExposureFacts
    leaving: ExposureFacts
    things: list[ImpactThing]
    things_in_all: int
    projects_near: int
    projects_judged: int
    projects: list[ProjectFlip]
    areas_judged: int | None
    areas: list[AreaShift]
    coverage: CoverageImpact
    judged_on: IsoDay
    next_edition: int
    against: int | None
    in_force: int | None
    kept_at: IsoMoment | None


class GroundEvent(TypedDict):
    """A version of a zone that lay on the place asked for, from ``from_edition`` until before ``to_edition``."""

    zone: str
    version: int
    hazard: str
    product: str
    name: str | None
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    from_edition: int
    to_edition: int | None
    published_at: IsoMoment
    published_by: str
    reason: str
    parents: list[str]
    children: list[str]


class GroundHistory(TypedDict):
    """What happened to a place, oldest first."""

    items: list[GroundEvent]
