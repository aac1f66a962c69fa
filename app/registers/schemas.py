"""Requests to a register and fields of each of its items, for the API's description."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BaseModel

from app.http.bbox import WindowOf
from app.http.pagination import PageOf
from gis_layers.stores.town import RegisterQuery


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
    geometry: dict[str, Any] | None = None


class StationItem(RegisterItem):
    """A station."""

    kind: str
    crew: int | None
    duty: str | None
    duty_phone: str | None
    last_verified: str | None


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
    equipment: list[dict[str, Any]]
    agreement_expires: str | None
    last_verified: str | None
    contact_name: str | None
    contact_phone: str | None


class FacilityItem(RegisterItem):
    """A facility; a shelter has an effective area, a term and a capacity in people."""

    kind: str
    capacity: int | None
    effective_area_m2: float | None
    shelter_term: str | None
    contact_name: str | None
    contact_phone: str | None
    last_verified: str | None


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
    valid_from: str
    valid_to: str


class ConstraintItem(RegisterItem):
    """Land set aside."""

    survey_id: int
    kind: str
    source_id: str | None
