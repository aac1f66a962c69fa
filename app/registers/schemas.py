"""Requests to a register and fields of each of its items, for the API's description."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator, BaseModel, Field
from typing_extensions import TypedDict

from app.http.bbox import WindowOf
from app.http.changes import Change
from app.http.geojson_shapes import Geometry
from app.http.pagination import PageOf
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import NOT_BLANK, code_in, codes_of
from gis_layers.stores.town import EquipmentEntry, RegisterQuery

MOST_PEOPLE, MOST_AREA_M2 = 10_000_000, 1e9
"""More than any place holds or covers: what is beyond is a slip of the pen."""


def asked(
    page: PageOf,
    window: WindowOf,
    kind: Annotated[str | None, Query(description="a kind (of enterprises the sector, of buildings the use)")] = None,
    village: Annotated[str | None, Query(description="a village code")] = None,
) -> RegisterQuery:
    """Query of the rows of a register a request asks for."""
    return RegisterQuery(kind, village, window, page.limit, page.offset)


RegisterParameters = Annotated[RegisterQuery, Depends(asked)]


class RegisterItem(BaseModel):
    """Fields of every item; geometry is GeoJSON in degrees."""

    id: int
    name: str | None = None
    village_code: str | None = None
    village: str | None = None
    synthetic: bool
    geometry: Geometry


class StationItem(RegisterItem):
    """A station."""

    kind: str
    crew: int | None
    duty: str | None
    duty_phone: str | None
    last_verified: datetime.date | None


class ForceItem(RegisterItem):
    """A force; ``unknown_capabilities`` are words no list knows, ``station_id`` is null at a base of its own."""

    kind: str
    capabilities: list[str]
    unknown_capabilities: list[str]
    state: str
    duty: str | None
    crew: int | None
    turnout_s: int | None
    station: str | None
    station_id: int | None
    equipment: list[EquipmentEntry]
    agreement_expires: datetime.date | None
    last_verified: datetime.date | None
    contact_name: str | None
    contact_phone: str | None


class FacilityItem(RegisterItem):
    """A facility; a shelter has an effective area, a term and a capacity in people. ``version`` grows with every change."""

    kind: str
    capacity: int | None
    effective_area_m2: float | None
    shelter_term: str | None
    contact_name: str | None
    contact_phone: str | None
    last_verified: datetime.date | None
    version: int


FacilityKind = Annotated[
    str, AfterValidator(code_in("facility_kind")), Field(json_schema_extra=codes_of("facility_kind"))
]
ShelterTerm = Annotated[str, AfterValidator(code_in("shelter_term")), Field(json_schema_extra=codes_of("shelter_term"))]
FACILITY_SHAPES = ("Point", "Polygon", "MultiPolygon")
FacilityGround = Annotated[GivenGeometry, geojson_of(*FACILITY_SHAPES)]


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


class GroupItem(RegisterItem):
    """A village group."""

    population: int | None
    households: int | None


class BuildingItem(RegisterItem):
    """A building."""

    group_name: str | None
    use: str | None
    structure: str | None
    floors: int | None
    year_built: int | None
    households: int | None


class AssessmentItem(RegisterItem):
    """A regional assessment; ``kinds`` are keys of ``regional_assessments`` in GET /api/rulebook, both days are included."""

    number: str
    kinds: list[str]
    authority: str | None
    valid_from: datetime.date
    valid_to: datetime.date


class ConstraintItem(RegisterItem):
    """Land set aside."""

    survey_id: int
    kind: str
    source_id: str | None


class ConstraintSurveyItem(TypedDict):
    """Ground a survey of one kind of land set aside speaks for; without geometry its own areas and nothing else."""

    id: int
    kind: str
    name: str
    source: str | None
    survey_date: datetime.date | None
    extent_kind: str
    synthetic: bool
    geometry: Geometry | None


class OutlineProperties(TypedDict):
    """A building on the map."""

    id: int
    floors: int | None


class ReliefAnswer(TypedDict):
    """The shaded relief: address and size of its picture, its west, south, east, north in degrees."""

    url: str
    bounds: list[float]
    width: int
    height: int
    synthetic: bool
