"""Requests and answers of the enterprise routes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.http.bbox import WindowOf
from app.http.pagination import PageOf
from app.http.request_geometry import CrsName, geojson_of
from app.http.written import NOT_BLANK
from gis_layers.exchange.text.credit_codes import read_credit_code
from gis_layers.stores.enterprises import EnterpriseQuery
from risk_model.enterprises.colours import METHODS
from risk_model.vocabulary import Colour

ColourAsked = Literal["red", "orange", "yellow", "blue", "unassessed"]
Sector = Literal[
    "chemical", "fuel", "gas", "mining", "cold_store", "manufacturing", "food", "seed", "livestock", "logistics",
    "construction", "small_place", "commerce", "other",
]  # fmt: skip
MOST_TONNES, MOST_PEOPLE = 1e9, 10_000_000
"""More than anybody ever kept or employed: what is beyond is a slip of the pen."""
Text = Annotated[str, Field(max_length=500)]


def asked(
    page: PageOf,
    window: WindowOf,
    q: Annotated[
        str | None, Query(max_length=100, description="part of a name, credit code or pinyin initials")
    ] = None,
    colour: Annotated[ColourAsked | None, Query(description="the effective colour")] = None,
    sector: str | None = None,
    kind: Annotated[str | None, Query(description="the same as sector")] = None,
    village: Annotated[str | None, Query(description="a village code")] = None,
) -> EnterpriseQuery:
    """Query of the enterprises a request asks for."""
    return EnterpriseQuery(q, colour, sector or kind, village, window, page.limit, page.offset)


EnterpriseParameters = Annotated[EnterpriseQuery, Depends(asked)]


class MajorHazardAnswer(BaseModel):
    """The identification by GB 18218-2018; ``units`` hold its working line by line."""

    status: str
    s: float | None
    r: float | None
    level: int | None
    alpha: float | None
    residents: int | None
    residents_method: str | None = None
    residents_approximate: bool
    at_least: bool
    units: list[dict[str, Any]]


class EnterpriseItem(BaseModel):
    """An enterprise; ``grade`` and ``grade_rank`` are the effective ones. Colours null: nobody assessed it."""

    id: int
    name: str
    credit_code: str | None
    unlicensed: bool
    sector: str
    industry: str | None
    size: str | None
    staff: int | None
    village_code: str | None
    village: str | None
    address: str | None
    base_grade: Colour | None
    overlay_grade: Colour | None
    effective_grade: Colour | None
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    reason: str
    reasons: list[dict[str, Any]]
    data_gaps: list[str]
    gap_texts: list[str]
    risk_points: list[dict[str, Any]]
    major_hazard: MajorHazardAnswer
    major_hazard_level: int | None
    inventory: list[dict[str, Any]]
    criteria: list[dict[str, Any]]
    inspection_months: int
    last_inspection: datetime.date | None
    next_inspection: datetime.date | None
    overdue: bool
    overdue_days: int
    open_dangers: int
    exposure: list[dict[str, Any]]
    graded_at: datetime.datetime | None
    graded_by: dict[str, str | None]
    rules_changed: bool
    contact_name: str | None
    contact_phone: str | None
    last_check: datetime.date | None
    version: int
    synthetic: bool
    geometry: dict[str, Any] | None = None


SiteGeometry = Annotated[dict[str, Any], geojson_of("Point", "Polygon", "MultiPolygon")]


class Closed(BaseModel):
    """A body in which every field is known."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


FIGURES = {
    "matrix": ("likelihood", "severity"),
    "lec": ("likelihood", "exposure", "consequence"),
    "diagnosis": ("score",),
}
"""What each method of assessing takes; which values its scales have is for the rulebook in force to say."""


def _figured(method: str, names: Sequence[str]) -> dict[str, Any]:
    amount = {"type": "number", "minimum": 0, "maximum": 100}
    figures = {"required": [*names], "properties": dict.fromkeys(names, amount), "additionalProperties": False}
    fields: dict[str, Any] = {"method": {"const": method}, "figures": figures}
    if method != "diagnosis":
        fields["conditions"] = {"maxItems": 0}
    return {"properties": fields}


class PointGiven(Closed):
    """A risk point: ``figures`` likelihood severity (matrix), likelihood exposure consequence (lec) or score (diagnosis)."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_figured(*one) for one in FIGURES.items()]})

    name: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    method: str = Field(json_schema_extra={"enum": [*METHODS]})
    figures: dict[str, float]
    conditions: list[str] = []

    @field_validator("method")
    @classmethod
    def _known(cls, method: str) -> str:
        if method not in METHODS:
            raise ValueError(f"one of {', '.join(METHODS)}")
        return method


class StockGiven(Closed):
    """The greatest amount of a substance in tonnes; null where nobody knows it."""

    substance: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    cas: str | None = Field(None, max_length=20)
    tonnes: float | None = Field(None, ge=0, le=MOST_TONNES)
    classes: list[str] = []
    unit: str | None = Field(None, max_length=100)


class EnterpriseChange(Closed):
    """Changes to an enterprise; what is not given stays. ``base_grade``, ``major_hazard_level``: those declared."""

    name: str | None = Field(None, min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    credit_code: str | None = Field(None, json_schema_extra={"pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"})
    unlicensed: bool | None = None
    sector: Sector | None = None
    industry: Text | None = None
    size: Literal["large", "medium", "small", "micro"] | None = None
    staff: int | None = Field(None, ge=0, le=MOST_PEOPLE)
    village_code: Text | None = None
    address: Text | None = None
    base_grade: Colour | None = None
    major_hazard_level: int | None = Field(None, ge=1, le=4)
    criteria: Text | None = None
    risk_points: list[PointGiven] | None = Field(None, max_length=500)
    inventory: list[StockGiven] | None = Field(None, max_length=500)
    last_check: datetime.date | None = None
    geometry: SiteGeometry | None = None
    crs: CrsName = None

    @field_validator("credit_code")
    @classmethod
    def _proven(cls, code: str | None) -> str | None:
        return None if code is None else read_credit_code(code)

    def values(self) -> dict[str, Any]:
        """The columns that are given."""
        given = self.model_dump(exclude_unset=True, exclude={"geometry", "crs"})
        return {name: value for name, value in given.items() if value is not None}


class NewEnterprise(EnterpriseChange):
    """An enterprise to be registered: at least a name and where it is (point, or the outline of the plant)."""

    name: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    geometry: SiteGeometry


class NewInspection(Closed):
    """That a department inspected an enterprise on a day."""

    day: datetime.date
    department: str = Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)
    result: str | None = Field(None, max_length=1000)
