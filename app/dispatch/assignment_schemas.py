"""Requests and answers of forces assigned to an incident."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field
from typing_extensions import TypedDict

from app.dispatch.schemas import Level
from app.http.changes import Closed
from app.platform.iso import IsoMoment
from gis_layers.plain_text import LARGEST_WHOLE

Step = Literal["answered", "under_way", "on_scene", "recalled"]
AssignmentState = Literal["notified", "answered", "under_way", "on_scene", "recalled", "undone"]
Verb = Literal["direct", "request", "invite", "report"]
Addressee = Literal["fire_command", "ambulance_command", "police_command", "county_bureau"]
Number = Annotated[int, Field(ge=1, le=LARGEST_WHOLE)]
Why = Annotated[str, Field(max_length=500)]


class AssignmentAnswer(TypedDict):
    """A force assigned, by which authority and where it stands; its moments are when each step occurred.

    ``next`` are the steps that lead on; ``addressee`` is whom a request goes to, null for the force itself.
    """

    id: int
    force: int
    name: str
    kind: str
    crew: int | None
    authority: Verb
    addressee: Addressee | None
    state: AssignmentState
    notified_at: IsoMoment
    answered_at: IsoMoment | None
    under_way_at: IsoMoment | None
    on_scene_at: IsoMoment | None
    recalled_at: IsoMoment | None
    assigned_by: str
    contact_name: str | None
    contact_phone: str | None
    next: list[Step]
    version: int


class ShownForce(Closed):
    """A force as it stood in the answer somebody chose from; without seconds it could not come."""

    id: Annotated[str, Field(max_length=40)]
    name: Annotated[str, Field(max_length=200)]
    arrival_s: Annotated[float | None, Field(ge=0)] = None


class ShownForces(Closed):
    """What stood on the page when somebody chose: the forces in their order, and what the order rests on."""

    graph: Annotated[str, Field(max_length=80)]
    condition: Annotated[str | None, Field(max_length=40)] = None
    avoid_zones: Annotated[str | None, Field(max_length=500)] = None
    card: Annotated[str | None, Field(max_length=80, description="key of the run card that counted")] = None
    level: Level | None = None
    forces: Annotated[list[ShownForce], Field(max_length=50)]


class NewAssignment(Closed):
    """A force to be set in motion: notified now, or when ``occurred_at`` says; ``why`` it, where it was not the first."""

    force: Number
    occurred_at: AwareDatetime | None = None
    why: Why | None = None
    shown: ShownForces | None = None


class AssignmentChange(Closed):
    """A step of a force, taken now or, where it is recorded later, when ``occurred_at`` says."""

    state: Step
    occurred_at: AwareDatetime | None = None
    said: Why | None = None
