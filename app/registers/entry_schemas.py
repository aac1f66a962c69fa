"""What is written of facilities, stations and forces, one at a time."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from app.http.changes import Change, Closed
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import NOT_BLANK, code_in, codes_of

MOST_PEOPLE, MOST_AREA_M2 = 10_000_000, 1e9
"""More than any place holds or covers: what is beyond is a slip of the pen."""
MOST_SECONDS, MOST_TOOLS = 86_400, 200

FacilityKind = Annotated[
    str, AfterValidator(code_in("facility_kind")), Field(json_schema_extra=codes_of("facility_kind"))
]
ShelterTerm = Annotated[str, AfterValidator(code_in("shelter_term")), Field(json_schema_extra=codes_of("shelter_term"))]
FACILITY_SHAPES = ("Point", "Polygon", "MultiPolygon")
FacilityGround = Annotated[GivenGeometry, geojson_of(*FACILITY_SHAPES)]


StationKind = Annotated[str, AfterValidator(code_in("station_kind")), Field(json_schema_extra=codes_of("station_kind"))]
ForceKind = Annotated[str, AfterValidator(code_in("force_kind")), Field(json_schema_extra=codes_of("force_kind"))]
ForceState = Annotated[str, AfterValidator(code_in("force_state")), Field(json_schema_extra=codes_of("force_state"))]
TeamLevel = Annotated[str, AfterValidator(code_in("team_level")), Field(json_schema_extra=codes_of("team_level"))]
Duty = Annotated[str, AfterValidator(code_in("duty")), Field(json_schema_extra=codes_of("duty"))]
Capability = Annotated[str, AfterValidator(code_in("capability")), Field(json_schema_extra=codes_of("capability"))]
Provision = Annotated[
    str, AfterValidator(code_in("station_provision")), Field(json_schema_extra=codes_of("station_provision"))
]
POSITION = ("Point",)
Position = Annotated[GivenGeometry, geojson_of(*POSITION)]


class FacilityChange(Change):
    """Changes to a facility; what is not given stays, null empties what may be unknown."""

    never_empty = frozenset(["name", "kind"])

    name: str | None = Field(None, min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    kind: FacilityKind | None = None
    village_code: str | None = Field(None, max_length=100)
    capacity: int | None = Field(None, ge=0, le=MOST_PEOPLE)
    effective_area_m2: float | None = Field(None, ge=0, le=MOST_AREA_M2)
    shelter_term: ShelterTerm | None = None
    contact_name: str | None = Field(None, max_length=100)
    contact_phone: str | None = Field(None, max_length=40)
    last_verified: datetime.date | None = None
    geometry: FacilityGround | None = None
    crs: CrsName = None


class NewFacility(FacilityChange):
    """A facility to be registered: at least a name, its kind, and where it is (point or outline)."""

    name: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    kind: FacilityKind
    geometry: FacilityGround


class StationChange(Change):
    """Changes to a station; what is not given stays, null empties what may be unknown."""

    never_empty = frozenset(["name", "kind", "provisions"])

    name: str | None = Field(None, min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    kind: StationKind | None = None
    village_code: str | None = Field(None, max_length=100)
    crew: int | None = Field(None, ge=0, le=MOST_PEOPLE)
    duty: Duty | None = None
    duty_phone: str | None = Field(None, max_length=40)
    provisions: list[Provision] | None = Field(None, max_length=50)
    last_verified: datetime.date | None = None
    geometry: Position | None = None
    crs: CrsName = None


class NewStation(StationChange):
    """A station to be registered: at least a name, its kind, and where it stands."""

    name: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    kind: StationKind
    geometry: Position


class Tools(Closed):
    """Tools of a force and how many there are."""

    name: str = Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)
    count: int = Field(ge=0, le=MOST_PEOPLE)


class ForceChange(Change):
    """Changes to a force; what is not given stays, null empties what may be unknown.

    ``capabilities`` takes the place of those some list knows; words no list knows stay until ``unknown_capabilities`` is handed in empty.
    """

    never_empty = frozenset(["name", "kind", "state", "capabilities", "unknown_capabilities", "equipment"])

    name: str | None = Field(None, min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    kind: ForceKind | None = None
    team_level: TeamLevel | None = None
    state: ForceState | None = None
    duty: Duty | None = None
    crew: int | None = Field(None, ge=0, le=MOST_PEOPLE)
    capabilities: list[Capability] | None = Field(None, max_length=50)
    unknown_capabilities: list[str] | None = Field(None, max_length=0)
    equipment: list[Tools] | None = Field(None, max_length=MOST_TOOLS)
    turnout_s: int | None = Field(None, ge=0, le=MOST_SECONDS)
    station_id: int | None = Field(None, ge=1, le=2**53)
    village_code: str | None = Field(None, max_length=100)
    agreement_expires: datetime.date | None = None
    contact_name: str | None = Field(None, max_length=100)
    contact_phone: str | None = Field(None, max_length=40)
    last_verified: datetime.date | None = None
    geometry: Position | None = None
    crs: CrsName = None


class NewForce(ForceChange):
    """A force to be registered: at least a name, its kind, and where it sets out from."""

    name: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    kind: ForceKind
    geometry: Position
