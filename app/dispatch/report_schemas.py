"""Requests and answers of reports upwards, of calls to villages, of the place to gather and of what an open desk shows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field
from typing_extensions import TypedDict

from app.dispatch.duty_schemas import DutyShiftAnswer
from app.dispatch.incident_schemas import ShiftedSystem
from app.dispatch.schemas import Condition, VillageCallAnswer
from app.http.changes import Closed
from app.http.geojson_shapes import Geometry
from app.http.written import NOT_BLANK
from app.platform.iso import IsoMoment

ReportKind = Literal["first", "follow_up", "final"]
BasisWord = Literal["law", "standard", "default"]
NoAssembly = Literal["no_danger", "no_road"]


class DueReportAnswer(TypedDict):
    """The report that is due next and by when; ``basis`` is what the limit rests on."""

    kind: ReportKind
    due_at: IsoMoment
    phone_by: IsoMoment | None
    basis: str
    basis_kind: BasisWord


class ReportAnswer(TypedDict):
    """A report as text to be copied; nothing here sends it. ``due`` is null where the final one was given."""

    kind: ReportKind
    text: str
    due: DueReportAnswer | None


class GivenReport(Closed):
    """That a report was given: which, to whom, in which words."""

    kind: ReportKind
    to: Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)]
    text: Annotated[str, Field(min_length=1, max_length=8000, json_schema_extra=NOT_BLANK)]
    occurred_at: AwareDatetime | None = None


class VillageCalled(Closed):
    """That somebody of a village was called, and whether they answered."""

    village: Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)]
    village_code: Annotated[str | None, Field(min_length=1, max_length=40)] = None
    who: Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)]
    answered: bool
    said: Annotated[str | None, Field(max_length=500)] = None
    occurred_at: AwareDatetime | None = None


class AssemblyAnswer(TypedDict):
    """Where forces gather: the nearest junction of roads outside the danger area, upwind where the wind is told.

    ``none_because`` where there is none: nobody told how far the danger reaches, or no road leads to such a place.
    """

    place: Geometry | None
    away_m: float | None
    bearing: float | None
    upwind: bool
    road: str | None
    none_because: NoAssembly | None


class PositionAnswer(TypedDict):
    """A position brought back to CGCS2000, from which system, and how far it moved."""

    lon: float
    lat: float
    converted_from: ShiftedSystem
    moved_m: float


class DeskIncident(TypedDict):
    """An incident under way in one line, with the report it owes and where the villages stand that were called."""

    id: int
    kind: str
    said: str
    village: str | None
    landmark: str | None
    occurred_at: IsoMoment
    forces_out: int
    version: int
    due: DueReportAnswer | None
    calls: list[VillageCallAnswer]


class DeskMarks(TypedDict):
    """Marks that change whenever the log, the closures, the forces or the roster do."""

    log: str
    closures: str
    forces: str
    duty: str


class DeskAnswer(TypedDict):
    """What a desk shows at once: whose shift it is and which one waits for a signature, what is under way, what asks to be looked at."""

    marks: DeskMarks
    shift: DutyShiftAnswer | None
    unsigned: DutyShiftAnswer | None
    incidents: list[DeskIncident]
    overdue_closures: int
    unverified_forces: int


class SheetFigures(TypedDict):
    """The figures of a force on the call sheet, unrounded; null for whoever cannot come."""

    id: int
    name: str
    turnout_s: float | None
    drive_s: float | None
    walk_s: float | None
    arrival_s: float | None
    road_m: float | None


class SheetAnswer(TypedDict):
    """A call sheet as text, with its figures and what they rest on: the network, what slowed the drivers, zones kept out of."""

    text: str
    forces: list[SheetFigures]
    graph: str
    condition: Condition | None
    avoided: list[str]
    danger_m: float | None
