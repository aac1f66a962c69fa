"""Requests to the guidance routes and their answers."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict

from app.http.written import NOT_BLANK
from app.judgement.page_context import EditionFacts, RulebookFacts
from app.platform.iso import IsoDay, IsoMoment
from gis_layers.stores.baselines import PeopleMethod, Tally, Totals, VillageCounts

ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Field(json_schema_extra=NOT_BLANK)
]


class BaselineForm(BaseModel):
    """A name for today's figures and why they are kept."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = Field(description="what the baseline is called")
    reason: ShortText = Field(description="why the figures of today are the ones to measure against")


class GroundAnswer(TypedDict):
    """The graded units the figures are counted on, and whether an edition was published since; nulls while there are none."""

    run: int | None
    unit: str | None
    cell_m: float | None
    why: str
    stale: bool
    ended_at: NotRequired[str]
    edition: NotRequired[int]
    rulebook_fingerprint: NotRequired[str]


class GuidanceGrade(TypedDict):
    """A grade of the scheme, worst first."""

    rank: int
    name: str
    numeral: str


class PointGeometry(TypedDict):
    """A GeoJSON point, longitude and latitude in degrees."""

    type: Literal["Point"]
    coordinates: list[float]


class ReceivingPatch(TypedDict):
    """The nearest ground that may receive: how far in a straight line and where; ``geometry`` is its nearest point."""

    distance_m: float
    bearing_deg: float | None
    direction: str | None
    area_m2: float
    village: str | None
    constraints_surveyed: bool
    geometry: PointGeometry


class OnHighGround(TypedDict):
    """Somebody or something on high ground; ``people`` of villagers only."""

    kind: str
    id: str
    name: str
    project_class: str
    village: str | None
    grade_rank: int
    people: int | None


class HighItem(OnHighGround):
    """What stands on high ground, with the nearest ground that may receive it or why there is none."""

    geometry: PointGeometry
    grade: str
    receiving: ReceivingPatch | None
    none_because: str | None


class HighAnswer(TypedDict):
    """Everything on ground of the worst grades."""

    ranks: list[int]
    items: list[HighItem]


class ConstraintShare(TypedDict):
    """A kind of excluded ground, and how much of the town its surveys cover (null: never loaded)."""

    kind: str
    surveyed_share: float | None


class TakenAwayAnswer(TypedDict):
    """Mild ground that may not receive, by the hazard with its rule (null: unsurveyed) or the constraint."""

    hazard: str | None
    rule: str | None
    constraint: str | None
    reason: str
    reason_en: str
    area_m2: float
    hazard_name: str | None


class ReceivingAnswer(TypedDict):
    """Ground that may receive, by which terms it was found, and what was taken away from it."""

    patches: int
    area_m2: float
    from_rank: int
    least_m2: float
    project_class: str
    surveyed_themes: list[str]
    constraints: list[ConstraintShare]
    taken_away: list[TakenAwayAnswer]
    distance: str


class VillageChange(TypedDict):
    """Change of a village's counts; null where one of the two was not counted."""

    key: str
    name: str
    people: Tally | None
    facilities: Tally | None
    enterprises: Tally | None


class YearlyChange(TypedDict):
    """Change a year by rank."""

    people: dict[str, float]
    facilities: dict[str, float]
    enterprises: dict[str, float]


class Compared(TypedDict):
    """Counts now less those of a baseline; ``per_year`` is null where it is too young."""

    years: float
    villages: list[VillageChange]
    total: Totals
    per_year: YearlyChange | None
    only_now: list[str]
    only_then: list[str]


class ChangeAnswer(Compared):
    """Change against a baseline, and whether the two were counted alike."""

    comparable: bool
    caution: str | None
    rules_changed: bool


class YearPoint(TypedDict):
    """The last figures of a calendar year."""

    year: int
    taken_at: IsoMoment
    total: Totals


class BaselineAnswer(TypedDict):
    """A baseline with its figures in all."""

    id: int
    name: str
    reason: str
    taken_at: IsoMoment
    taken_by: str
    run: int
    unit: str
    cell_m: float | None
    edition: int
    rulebook_fingerprint: str
    total: Totals


class WholeBaselineAnswer(BaselineAnswer):
    """A baseline with its figures by village."""

    villages: list[VillageCounts]


class Against(TypedDict):
    """Change against the chosen baseline, and the figures by year."""

    baselines: list[BaselineAnswer]
    baseline: BaselineAnswer | None
    change: ChangeAnswer | None
    series: list[YearPoint]


class GuidanceAnswer(Against):
    """Figures by grade and village, what stands on high ground and where it could go."""

    ground: GroundAnswer
    scheme: str
    grades: list[GuidanceGrade]
    total: Totals
    villages: list[VillageCounts]
    people_method: PeopleMethod
    high: HighAnswer
    receiving: ReceivingAnswer
    edition: EditionFacts | None
    rulebook: RulebookFacts
    data_date: IsoDay | None
    taken_at: IsoMoment
    disclaimer: str
