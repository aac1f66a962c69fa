"""Requests and answers of the routes of geohazard sites."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from pydantic.config import JsonDict, JsonValue
from typing_extensions import TypedDict

from app.http.changes import Change, Closed
from app.http.geojson_shapes import Geometry
from app.http.next_steps import NextStepAnswer
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import NOT_BLANK, Filled, code_in, codes_of
from app.platform.iso import IsoMoment
from risk_model.decisions import GEOHAZARD_SITE, LifeStep, life_of
from risk_model.message import msg

MOST_PEOPLE = 10_000_000
"""More than any place holds: what is beyond is a slip of the pen."""
STEPS = tuple(step for step in life_of(GEOHAZARD_SITE).steps.values() if step.leaves)

SiteKind = Annotated[
    str, AfterValidator(code_in("geohazard_kind")), Field(json_schema_extra=codes_of("geohazard_kind"))
]
Finding = Annotated[str, AfterValidator(code_in("patrol_finding")), Field(json_schema_extra=codes_of("patrol_finding"))]
Written = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)]
POSITION = ("Point",)


class SiteChange(Change):
    """Changes to a site that was not struck off; what is not given stays, null empties what may be unknown.

    ``households`` and ``people`` are those it threatens: null where nobody counted them, never 0 for that.
    """

    never_empty = frozenset(["name", "kind"])

    name: Written | None = None
    kind: SiteKind | None = None
    village_code: str | None = Field(None, max_length=100)
    recognised_by: Written | None = None
    recognised_on: datetime.date | None = None
    households: int | None = Field(None, ge=0, le=MOST_PEOPLE)
    people: int | None = Field(None, ge=0, le=MOST_PEOPLE)
    contact_name: str | None = Field(None, max_length=100)
    contact_phone: str | None = Field(None, max_length=40)
    told_zone: str | None = Field(None, max_length=200)
    remark: str | None = Field(None, max_length=1000)
    geometry: Annotated[GivenGeometry, geojson_of(*POSITION)] | None = None
    crs: CrsName = None


class NewSite(SiteChange):
    """A site to be registered: where it is, of which kind, and the document by which it was recognised."""

    code: Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)]
    name: Written
    kind: SiteKind
    recognised_by: Written
    recognised_on: datetime.date
    geometry: Annotated[GivenGeometry, geojson_of(*POSITION)]


def _asked_of(step: LifeStep) -> JsonDict:
    asked: dict[str, JsonValue] = {key: {"type": "string"} for key in step.asks}
    return {"required": ["step", *step.asks], "properties": {"step": {"const": step.key}, **asked}}


class SiteStep(BaseModel):
    """A step to be taken, with what it asks for (``asks`` of ``next_steps``)."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, json_schema_extra={"anyOf": [_asked_of(step) for step in STEPS]}
    )

    step: str = Field(json_schema_extra={"enum": [step.key for step in STEPS]})
    comment: Filled | None = None
    struck_off_by: Written | None = None
    struck_off_on: datetime.date | None = None

    @field_validator("step")
    @classmethod
    def _known(cls, step: str) -> str:
        if step not in {one.key for one in STEPS}:
            raise ValueError(msg("应为其中之一：{expected}", expected=[one.key for one in STEPS]))
        return step

    def brought(self) -> dict[str, Any]:
        """What comes with the step."""
        return self.model_dump(exclude={"step"}, exclude_none=True)


class NewPatrol(Closed):
    """A patrol: on which day somebody was there, what was found, in words."""

    day: datetime.date
    finding: Finding
    said: Annotated[str, Field(min_length=1, max_length=1000, json_schema_extra=NOT_BLANK)]


class SiteItem(BaseModel):
    """A geohazard site; ``households`` and ``people`` it threatens are null where nobody counted."""

    id: int
    code: str
    name: str
    kind: str
    village_code: str | None
    village: str | None
    state: str
    recognised_by: str | None
    recognised_on: datetime.date | None
    struck_off_by: str | None
    struck_off_on: datetime.date | None
    households: int | None
    people: int | None
    contact_name: str | None
    contact_phone: str | None
    told_zone: str | None
    remark: str | None
    version: int
    synthetic: bool
    geometry: Geometry


class ZoneOfSite(TypedDict):
    """A zone in force a site lies in."""

    zone: str
    hazard: str
    product: str
    grade: str | None
    name: str | None


class SiteActAnswer(TypedDict):
    """An act on a site, in order: its ``entry``, a ``step`` by document, a ``patrol`` with its ``day`` and ``finding``."""

    kind: str
    step: str | None
    state: str
    by: str
    at: IsoMoment
    comment: str | None
    content: dict[str, str]


class WholeSite(SiteItem):
    """A site with the risk zones in force it lies in, every act on it and what may follow.

    ``zones`` are found by geometry, ``told_zone`` is what its ledger says; both are told where they differ.
    """

    zones: list[ZoneOfSite]
    acts: list[SiteActAnswer]
    next_steps: list[NextStepAnswer]
