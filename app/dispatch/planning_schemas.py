"""Answers of what follows from coverage: gaps, cover left behind, sites for stations, what hurts when it is lost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from app.dispatch.coverage_schemas import CountAnswer, CoverageBasis
from app.dispatch.schemas import Condition
from app.http.geojson_shapes import Geometry
from app.platform.iso import IsoMoment

ForceKind = Literal["fire", "professional", "enterprise", "township", "social", "volunteer", "medical"]
LossOf = Literal["bridge", "road", "force"]
Objection = Literal["red_ground", "siting_rules", "off_road"]
PostKind = Literal["base", "station", "village"]
MOST_SITES = 10


class Named(TypedDict):
    """Something of a register by its number and name."""

    id: str
    name: str


class HazardOfGap(TypedDict):
    """The worst published hazard zone people of a gap live in."""

    hazard: str
    grade: str
    grade_rank: int


class GapBehind(TypedDict):
    """A closure in force, or a zone that is avoided, a gap lies behind: which, where, why, since and until when.

    ``id`` is that of the register, ``road`` the name of the road it takes where it is known; a zone has neither days nor a reason.
    """

    id: str
    road: str | None
    reason: str | None
    hazard: str | None
    since: IsoMoment | None
    review_at: IsoMoment | None
    overdue: bool


class GapAnswer(TypedDict):
    """People of a village nobody reaches in time, ranked by ``weight``: their number times the hazard they live under.

    ``minutes`` and ``second_minutes`` are when the last of them is reached by the first force and by the second, null where
    nobody comes to some of them (then ``reachable`` is false); ``nearest`` is first at most of them; ``at`` is a home of theirs.
    ``behind`` is what lies on the way of whoever would be there first on open roads, in time where they come at all.
    """

    rank: int
    village: Named
    people: int
    weight: float
    hazard: HazardOfGap | None
    minutes: float | None
    second_minutes: float | None
    reachable: bool
    nearest: Named | None
    behind: list[GapBehind]
    at: Geometry


class GapsAnswer(TypedDict):
    """Gaps in the order of their weight; ``people`` are covered and not covered within ``minutes``."""

    minutes: float
    people: CountAnswer
    gaps: list[GapAnswer]
    condition: Condition | None
    graph_version: str
    basis: CoverageBasis


class VillagePeople(Named):
    """A village and how many of its people."""

    people: int


class PostAnswer(Named):
    """A place to stand by: the base of a force that is away, a station of the register, or the seat of a village left behind."""

    kind: PostKind


class MoveAnswer(TypedDict):
    """A force to stand by at a post: ``restored`` people are covered more than now, those it leaves counted."""

    force: Named
    base: PostAnswer
    at: Geometry
    arrival_minutes: float
    restored: int
    people: CountAnswer


class MoveUpAnswer(TypedDict):
    """Cover left behind by those who are ``away`` (out on an incident, or named): with them, without, and which move restores most."""

    minutes: float
    away: list[Named]
    with_them: CountAnswer
    without_them: CountAnswer
    left_behind: list[VillagePeople]
    moves: list[MoveAnswer]
    graph_version: str
    basis: CoverageBasis


class StationPlanQuery(BaseModel):
    """Question: where ``add`` more stations go, beside those that are tried ``at`` places (longitude, latitude)."""

    model_config = ConfigDict(extra="forbid")

    add: int = Field(ge=0, le=MOST_SITES)
    at: Annotated[
        list[
            Annotated[
                tuple[
                    Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)],
                    Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)],
                ],
                Field(),
            ]
        ],
        Field(max_length=MOST_SITES),
    ] = []
    minutes: float = Field(default=5, ge=0.5, le=120)
    kind: ForceKind = "township"
    kinds: Annotated[list[ForceKind], Field(max_length=7)] = []
    condition: Condition | None = None
    avoid_zones: str | None = Field(default=None, max_length=500)
    prove: bool = True


class StationSiteAnswer(TypedDict):
    """A site, numbered in the order of what it gains after those before it; ``tried`` where whoever asked named it.

    ``objection`` says why a tried place may hold no station; sites that are proposed have none.
    """

    number: int
    tried: bool
    at: Geometry
    village: Named | None
    gain: int
    people: CountAnswer
    objection: Objection | None


class ExcludedAnswer(TypedDict):
    """Candidates that hold no station: on ground of the worst grades, or prohibited by the rules of siting."""

    red_ground: int
    siting_rules: int


class StationPlanAnswer(TypedDict):
    """Sites and what they gain; ``gain`` of all, ``bound`` no plan of as many exceeds, ``gap`` the share between.

    ``greedy_gain`` is what the quick choice gained; ``proven`` where the plan is the best there is.
    """

    minutes: float
    turnout_s: int
    people: CountAnswer
    sites: list[StationSiteAnswer]
    gain: float
    greedy_gain: float
    bound: float
    gap: float
    proven: bool
    candidates: int
    excluded: ExcludedAnswer
    graph_version: str
    basis: CoverageBasis


class LossAnswer(TypedDict):
    """A stretch of road, a bridge or a force whose loss uncovers ``people``; ``at`` is its shape."""

    rank: int
    what: LossOf
    id: str
    name: str | None
    people: int
    at: Geometry


class LossesAnswer(TypedDict):
    """What hurts most when it is lost, most first; not ``proven`` where time ended the search for roads."""

    minutes: float
    people: CountAnswer
    losses: list[LossAnswer]
    proven: bool
    graph_version: str
    basis: CoverageBasis
