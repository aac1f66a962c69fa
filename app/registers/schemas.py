"""Requests to a register and fields of each of its items, for the API's description."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel
from typing_extensions import TypedDict

from app.http.bbox import WindowOf
from app.http.geojson_shapes import Geometry
from app.http.pagination import PageOf
from gis_layers.stores.town import EquipmentEntry, RegisterQuery


def asked(
    page: PageOf,
    window: WindowOf,
    kind: Annotated[
        str | None, Query(description="a kind (of enterprises the sector, of buildings the use, of equipment the name)")
    ] = None,
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
    """A station; ``provisions`` is what it has of what its kind should have. ``version`` grows with every change."""

    kind: str
    crew: int | None
    duty: str | None
    duty_phone: str | None
    provisions: list[str]
    last_verified: datetime.date | None
    version: int


class ForceItem(RegisterItem):
    """A force, ``team_level`` as its assessment says; ``version`` grows with every change. ``unknown_capabilities`` are words no list knows, ``station_id`` is null at a base of its own."""

    kind: str
    team_level: str | None
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
    version: int


class EquipmentItem(RegisterItem):
    """Tools of one name that a force has; ``count`` is null where nobody counted them, all else is that of the force."""

    force_id: int
    count: int | None
    force: str
    kind: str
    state: str
    contact_name: str | None
    contact_phone: str | None
    last_verified: datetime.date | None


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
