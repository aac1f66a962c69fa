"""Answers on the impact of a draft and on what happened to ground."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.judgement.inventory import ExposureFacts
from app.platform.iso import IsoDay, IsoMoment


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
    """Ground that changes its grade; null where no zone is."""

    before: GradeGround | None
    after: GradeGround | None
    area_m2: float


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


class DraftImpact(TypedDict):
    """Impact of a draft: ground by grade, who and what comes under a worse grade (``entering``) or a better one (``leaving``).

    ``projects_judged`` is how many registered projects lie near enough to what changes; ``projects`` those that flip.
    """

    themes: list[ThemeImpact]
    entering: ExposureFacts
    leaving: ExposureFacts
    projects_judged: int
    projects: list[ProjectFlip]
    judged_on: IsoDay
    next_edition: int


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
