"""Requests and answers of the enterprise routes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated, Literal, NotRequired

from pydantic import ConfigDict, Field, field_validator
from pydantic.config import JsonDict
from typing_extensions import TypedDict

from app.http.changes import Change, Closed
from app.http.geojson_shapes import Geometry
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import NOT_BLANK
from gis_layers.exchange.text.credit_codes import read_credit_code
from gis_layers.stores.enterprises import StockEntry
from risk_model.enterprises.colours import METHODS
from risk_model.message import msg
from risk_model.vocabulary import Colour

ColourAsked = Literal["red", "orange", "yellow", "blue", "unassessed"]
Sector = Literal[
    "chemical", "fuel", "gas", "mining", "cold_store", "manufacturing", "food", "seed", "livestock", "logistics",
    "construction", "small_place", "commerce", "other",
]  # fmt: skip
MOST_TONNES, MOST_PEOPLE = 1e9, 10_000_000
"""More than anybody ever kept or employed: what is beyond is a slip of the pen."""
Text = Annotated[str, Field(max_length=500)]


class StockLineAnswer(TypedDict):
    """One line of the working; figures null and ``gap`` told where the substance or its amount is not known."""

    stock: StockEntry
    source: str | None
    critical_t: float | None
    beta: float | None
    ratio: float | None
    weighted: float | None
    gap: str | None


class UnitAnswer(TypedDict):
    """S of one unit; R and level only of a major one. ``at_least`` says that lines are missing from the sums."""

    unit: str
    status: str
    lines: list[StockLineAnswer]
    s: float
    weighted: float
    r: float | None
    level: int | None
    at_least: bool


class MajorHazardAnswer(TypedDict):
    """The identification by GB 18218-2018; ``units`` hold its working line by line."""

    status: str
    s: float | None
    r: float | None
    level: int | None
    alpha: float | None
    residents: int | None
    residents_method: NotRequired[str | None]
    residents_approximate: bool
    at_least: bool
    units: list[UnitAnswer]


class ReasonAnswer(TypedDict):
    """A reason of a grade: the colour it brings (null: none), what it speaks of, and the sentence."""

    kind: str
    colour: Colour | None
    values: dict[str, str | int | float | None]
    text: str


class RiskPointAnswer(TypedDict):
    """A risk point as it was assessed."""

    name: str
    method: str
    figures: dict[str, float]
    conditions: list[str]


class PointAnswer(TypedDict):
    """A risk point with its value (R, D or the points of the diagnosis) and the colour that follows."""

    point: RiskPointAnswer
    value: float
    colour: Colour


class CriteriaAnswer(TypedDict):
    """A document the enterprise is judged by, in force between two days."""

    id: str
    name: str
    version: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None


class TouchedZone(TypedDict):
    """A zone the ground of an enterprise touches."""

    zone: str
    name: str
    product: str
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    overlap_m2: float
    overlap_share: float
    distance_m: float


class ExposedTheme(TypedDict):
    """What a theme says of the ground of an enterprise."""

    theme: str
    name: str
    status: str
    covered_share: float
    zones: list[TouchedZone]


class RulesNamed(TypedDict):
    """The rules a grade was made by; null where nobody graded."""

    version: str | None
    fingerprint: str | None


class InspectionAnswer(TypedDict):
    """That a department inspected an enterprise on a day."""

    day: datetime.date
    department: str
    result: str | None


class GradeAnswer(TypedDict):
    """A grade an enterprise was given: when, why, and by which rules."""

    at: datetime.datetime
    base_grade: Colour | None
    overlay_grade: Colour | None
    effective_grade: Colour | None
    major_hazard_level: int | None
    cause: str
    rulebook: RulesNamed


class EnterpriseAnswer(TypedDict):
    """An enterprise; ``grade`` and ``grade_rank`` are the effective ones. Colours null: nobody assessed it.

    ``declared_grade declared_hazard_level chosen_criteria`` are what was handed in, as a change calls ``base_grade
    major_hazard_level criteria``.
    """

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
    reasons: list[ReasonAnswer]
    data_gaps: list[str]
    gap_texts: list[str]
    risk_points: list[PointAnswer]
    major_hazard: MajorHazardAnswer
    major_hazard_level: int | None
    inventory: list[StockEntry]
    criteria: list[CriteriaAnswer]
    chosen_criteria: str | None
    declared_grade: Colour | None
    declared_hazard_level: int | None
    inspection_months: int
    last_inspection: datetime.date | None
    next_inspection: datetime.date | None
    overdue: bool
    overdue_days: int
    open_dangers: int
    graded_at: datetime.datetime | None
    graded_by: RulesNamed
    rules_changed: bool
    contact_name: str | None
    contact_phone: str | None
    last_check: datetime.date | None
    version: int
    synthetic: bool


class EnterpriseItem(EnterpriseAnswer):
    """An enterprise with the hazard zones its ground touches."""

    exposure: list[ExposedTheme]
    geometry: Geometry


class WholeEnterprise(EnterpriseItem):
    """An enterprise with its inspections and the history of its grade, both newest first."""

    inspections: list[InspectionAnswer]
    history: list[GradeAnswer]


SiteGeometry = Annotated[GivenGeometry, geojson_of("Point", "Polygon", "MultiPolygon")]


FIGURES = {
    "matrix": ("likelihood", "severity"),
    "lec": ("likelihood", "exposure", "consequence"),
    "diagnosis": ("score",),
}
"""What each method of assessing takes; which values its scales have is for the rulebook in force to say."""


def _figured(method: str, names: Sequence[str]) -> JsonDict:
    amounts: JsonDict = {name: {"type": "number", "minimum": 0, "maximum": 100} for name in names}
    figures: JsonDict = {"required": [*names], "properties": amounts, "additionalProperties": False}
    fields: JsonDict = {"method": {"const": method}, "figures": figures}
    if method != "diagnosis":
        fields["conditions"] = {"maxItems": 0}
    return {"properties": fields}


class PointGiven(Closed):
    """A risk point: ``figures`` likelihood severity (matrix), likelihood exposure consequence (lec) or score (diagnosis)."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_figured(*one) for one in FIGURES.items()]})

    name: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    method: str = Field(json_schema_extra={"enum": [*METHODS]})
    figures: dict[str, float]
    conditions: list[str] = Field([])

    @field_validator("method")
    @classmethod
    def _known(cls, method: str) -> str:
        if method not in METHODS:
            raise ValueError(msg("应为其中之一：{expected}", expected=[*METHODS]))
        return method


class StockGiven(Closed):
    """The greatest amount of a substance in tonnes; null where nobody knows it."""

    substance: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    cas: str | None = Field(None, max_length=20)
    tonnes: float | None = Field(None, ge=0, le=MOST_TONNES)
    classes: list[str] = Field([])
    unit: str | None = Field(None, max_length=100)


class EnterpriseChange(Change):
    """Changes to an enterprise; what is not given stays, null empties what may be unknown.

    ``base_grade``, ``major_hazard_level``: those declared.
    """

    never_empty = frozenset(["name", "unlicensed", "sector", "risk_points", "inventory"])
    """Columns every enterprise has; a list is emptied by an empty one."""

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


class NewEnterprise(EnterpriseChange):
    """An enterprise to be registered: at least a name and where it is (point, or the outline of the plant)."""

    name: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    geometry: SiteGeometry


class NewInspection(Closed):
    """That a department inspected an enterprise on a day."""

    day: datetime.date
    department: str = Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)
    result: str | None = Field(None, max_length=1000)
