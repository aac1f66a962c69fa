"""Answer on the response to a site."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from risk_model.dispatch import Access

ResponseUnknown = Literal["no_roads", "off_road"]


class CutByAnswer(TypedDict):
    """A zone or a closure on the way; ``id`` is its number after ``zone/`` or ``closure/``."""

    what: Literal["closure", "zone"]
    id: str
    name: str | None
    hazard: str | None
    grade: str | None
    reason: str | None


class RespondingForceAnswer(TypedDict):
    """The force that is there first; ``lapse`` where it must be telephoned before it is relied upon."""

    id: str
    name: str
    kind: str
    lapse: str | None


class ResponderAnswer(TypedDict):
    """Who is there first with a capability: ``arrival_s`` from the call is turnout, drive and the walk from the road.

    ``access`` says what the way is worth, ``cut_by`` what lies on it; ``round_s`` is the arrival round all of that, null
    where there is no such way. ``unknown_m`` metres of the way were never surveyed, or have no grade.
    """

    capability: str
    force: RespondingForceAnswer | None
    turnout_s: float | None
    drive_s: float | None
    walk_s: float | None
    arrival_s: float | None
    road_m: float | None
    access: Access
    cut_by: list[CutByAnswer]
    round_s: float | None
    unknown_m: float


class ResponseAnswer(TypedDict):
    """Response by road when the check was made; ``unknown`` says why nothing is told. ``away_m`` is the site from its road.

    ``hazards`` are those whose high zones cut a road.
    """

    unknown: ResponseUnknown | None
    away_m: float | None
    hazards: list[str]
    roads_version: str | None
    responders: list[ResponderAnswer]
