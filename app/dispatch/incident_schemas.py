"""Requests and answers of the register of incidents."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, Field
from typing_extensions import TypedDict

from app.dispatch.assignment_schemas import AssignmentAnswer
from app.dispatch.schemas import Incident, Level, VillageCallAnswer
from app.http.changes import Change, Closed
from app.http.geojson_shapes import Geometry
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import NOT_BLANK
from app.platform.iso import IsoMoment

IncidentState = Literal["open", "closed"]
IncidentLevel = Literal["general", "larger", "major", "extraordinary"]
ShiftedSystem = Literal["gcj02", "bd09"]
LogAct = Literal["opened", "changed", "chosen", "step", "undone", "closed", "note", "report", "call", "sheet"]
Said = Annotated[str, Field(min_length=1, max_length=2000, json_schema_extra=NOT_BLANK)]
Named = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)]
Words = Annotated[str, Field(max_length=200)]
Bearing = Annotated[int, Field(ge=0, le=359, description="degrees the wind comes from, clockwise from north")]
Metres = Annotated[float, Field(gt=0, le=20_000, description="metres around it nobody gathers within")]
PLACE: tuple[str, ...] = ("Point",)
AREAS: tuple[str, ...] = ("Polygon", "MultiPolygon")


class IncidentItem(BaseModel):
    """An incident; ``danger`` is the area nobody gathers within where it was drawn, else it is a circle of ``danger_m``.

    ``village stake landmark`` are the words in which it is told, ``converted_from`` the system its position was told in.
    ``level`` is its grade as an accident, ``rescue_level`` the one its run card counts by; neither says the other.
    """

    id: int
    kind: Incident
    level: IncidentLevel | None
    rescue_level: Level | None
    said: str
    reported_by: str
    reporter_phone: str | None
    occurred_at: datetime.datetime
    village: str | None
    stake: str | None
    landmark: str | None
    wind_from: int | None
    danger_m: float | None
    danger: Geometry | None
    converted_from: ShiftedSystem | None
    created_by: str
    created_at: datetime.datetime
    closed_at: datetime.datetime | None
    closed_by: str | None
    outcome: str | None
    state: IncidentState
    forces_out: int
    version: int
    geometry: Geometry


class WholeIncident(IncidentItem):
    """An incident with the forces that were assigned to it, in the order they were, and where the villages stand that were called."""

    assignments: list[AssignmentAnswer]
    calls: list[VillageCallAnswer]


class NewIncident(Closed):
    """An incident as it was reported; without ``occurred_at`` it occurred now."""

    kind: Incident
    level: IncidentLevel | None = None
    rescue_level: Level | None = None
    said: Said
    reported_by: Named
    reporter_phone: Words | None = None
    occurred_at: AwareDatetime | None = None
    village: Words | None = None
    stake: Words | None = None
    landmark: Words | None = None
    wind_from: Bearing | None = None
    danger_m: Metres | None = None
    converted_from: ShiftedSystem | None = None
    geometry: Annotated[GivenGeometry, geojson_of(*PLACE)]
    crs: CrsName = None

    def values(self) -> dict[str, Any]:
        """The columns, without the place."""
        return self.model_dump(exclude={"geometry", "crs"})


class IncidentChange(Change):
    """Changes to an open incident: what is not given stays. ``danger`` is the area nobody gathers within, null for none drawn."""

    never_empty: ClassVar[frozenset[str]] = frozenset(["kind", "said", "reported_by", "occurred_at"])

    kind: Incident | None = None
    level: IncidentLevel | None = None
    rescue_level: Level | None = None
    said: Said | None = None
    reported_by: Named | None = None
    reporter_phone: Words | None = None
    occurred_at: AwareDatetime | None = None
    village: Words | None = None
    stake: Words | None = None
    landmark: Words | None = None
    wind_from: Bearing | None = None
    danger_m: Metres | None = None
    danger: Annotated[GivenGeometry, geojson_of(*AREAS)] | None = None
    converted_from: ShiftedSystem | None = None
    geometry: Annotated[GivenGeometry | None, geojson_of(*PLACE)] = None
    crs: CrsName = None


class IncidentClosed(Closed):
    """The end of an incident: how it went; every force that is still out is recalled."""

    outcome: Said
    closed_at: Annotated[AwareDatetime | None, Field(description="when it ended; now where it is not given")] = None


class NewNote(Closed):
    """A note in the log of an incident; ``occurred_at`` where it is recorded later."""

    said: Said
    occurred_at: AwareDatetime | None = None


class LogAnswer(TypedDict):
    """An entry of the log: what was done, when it occurred, when it was recorded; ``content`` is what was shown, chosen or told."""

    id: int
    act: LogAct
    state: str | None
    assignment: int | None
    occurred_at: IsoMoment
    recorded_at: IsoMoment
    by: str
    said: str | None
    content: dict[str, Any]


class LogListing(TypedDict):
    """The whole log of an incident, in the order it was recorded."""

    items: list[LogAnswer]
