"""Runs, graded areas and comparisons as the API shows them."""

from __future__ import annotations

from typing import NotRequired, cast

from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from app.platform.iso import IsoDay, IsoMoment
from gis_layers.exchange import WrittenReport
from gis_layers.stores import runs
from gis_layers.stores.runs import GradingRun, RunInputs, RunMethod, RunSummary, UnitKind
from gis_layers.stores.unitsets import UnitSet

DISCLAIMER = "辅助研判：风险低不等于适宜建设，不替代法定评估"


class RunEdition(TypedDict):
    """The edition a run read."""

    number: int
    fingerprint: str


class RunRulebook(TypedDict):
    """The rulebook a run judged by."""

    version: str
    fingerprint: str


class RunAnswer(TypedDict):
    """A grading run: what it read, by which rules and weights, what came of it."""

    id: int
    unit: UnitKind
    cell_m: float | None
    set: int | None
    areas: int
    edition: RunEdition
    rulebook: RunRulebook
    metric_crs: str
    data_date: IsoDay | None
    method: RunMethod
    inputs: RunInputs
    inputs_digest: str
    results_digest: str
    summary: RunSummary
    started_at: IsoMoment
    ended_at: IsoMoment
    created_by: str
    disclaimer: str


class Contribution(TypedDict):
    """Part of one hazard in the score of an area; null is ground nobody surveyed. ``raised_to``: what the score counts as."""

    hazard: str
    product: str | None
    value: float | None
    weight: float
    weighted: float | None
    share: float | None
    mandatory: bool
    raised_to: NotRequired[float | None]


class Contest(TypedDict):
    """Something that would change the grade of an area, and to which."""

    by: str
    hazard: str | None
    change: float | None
    grade: str
    grade_rank: int


class CompositeParts(TypedDict):
    """The grades that the weighted sum alone and the worst hazard alone would give."""

    by_weighted: str | None
    by_maximum: str | None


class GroundOfGrade(TypedDict):
    """Ground of an area (m²) in one grade of one hazard; grade null where the hazard has none there."""

    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    score: float
    area_m2: float


class HazardGround(TypedDict):
    """Ground of an area by the grades of one hazard, and how much of it was surveyed."""

    surveyed_share: float | None
    by_grade: list[GroundOfGrade]


class Measurements(TypedDict):
    """Raw figures of an area; null is what nobody counted."""

    area_m2: float
    population: float | None
    population_method: NotRequired[str | None]
    building_m2: float | None
    fragile_m2: float | None
    shelter_places: int | None
    composite: CompositeParts
    hazards: dict[str, HazardGround]


class AreaRisk(TypedDict):
    """Risk of an area to people and buildings, and what it is made of."""

    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    score: float | None
    exposure: float | None
    vulnerability: float | None
    capacity: float | None
    indicators: dict[str, float | None]
    data_gaps: list[str]


class HiddenExtreme(TypedDict):
    """Ground of a worst grade that the mean over the area hides."""

    hazard: str
    grade: str
    grade_scheme: str
    area_m2: float


class GradedRow(TypedDict):
    """A graded area as a run recorded it."""

    id: int
    area: str
    name: str
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    score: float | None
    maximum: float | None
    stability: str | None
    contested_by: list[Contest]
    contributions: list[Contribution]
    measurements: Measurements
    risk: AreaRisk
    data_gaps: list[str]


class AreaItem(GradedRow):
    """A graded area of the run of number ``run``, with its reasons."""

    run: int
    unit: UnitKind
    extremes: list[HiddenExtreme]
    geometry: Geometry


class AreaAnswer(GradedRow):
    """A graded area with the run it belongs to."""

    run: RunAnswer
    unit: UnitKind
    extremes: list[HiddenExtreme]
    geometry: Geometry


class PictureProperties(TypedDict):
    """Ground of a run in one grade, joined; null is ground without one."""

    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None


class MovedSide(TypedDict):
    """A moved area as one of two runs graded it."""

    id: int
    grade: str | None
    grade_rank: int | None
    score: float | None
    maximum: float | None
    data_gaps: list[str]


FactorChange = TypedDict("FactorChange", {"from": float | str | None, "to": float | str | None})
"""A hazard's value, weight or product in the older and the newer run."""


class Cause(TypedDict):
    """A hazard that moved an area: by how much its part changed (null: unknown in one of the runs), and what of it changed."""

    hazard: str
    change: float | None
    value: NotRequired[FactorChange]
    weight: NotRequired[FactorChange]
    product: NotRequired[FactorChange]


MovedArea = TypedDict(
    "MovedArea",
    {
        "area": str,
        "name": str,
        "from": MovedSide,
        "to": MovedSide,
        "steps": int | None,
        "because": list[Cause],
    },
)
"""An area whose grade differs between two runs; ``steps`` below 0 is towards worse."""


class Moves(TypedDict):
    """Areas of two runs that moved, how many did not, and the names of those only one of the runs knows."""

    moved: list[MovedArea]
    unmoved: int
    only_in_from: list[str]
    only_in_to: list[str]


SettingChange = TypedDict("SettingChange", {"from": int | str | RunMethod, "to": int | str | RunMethod})
"""A setting in the older and the newer run."""

Compared = TypedDict(
    "Compared",
    {"from": RunAnswer, "to": RunAnswer, "changed_settings": dict[str, SettingChange], "differs": list[str]},
)


class ComparisonAnswer(Compared, Moves):
    """Changes from one run to another."""


class SetAnswer(TypedDict):
    """A set of polygons with the gate's report on its file."""

    id: int
    name: str
    file: str
    units: int
    created_at: IsoMoment
    created_by: str
    report: WrittenReport


class UnitProperties(TypedDict):
    """A polygon of a set; ``population`` null where its file did not count."""

    code: str
    name: str
    population: float | None


def describe_run(run: GradingRun) -> RunAnswer:
    """A run in plain values: what it read, by which rules and weights, what came of it."""
    return {
        "id": run.id,
        "unit": cast("UnitKind", run.unit),
        "cell_m": run.cell_m,
        "set": run.set_id,
        "areas": run.area_count,
        "edition": {"number": run.edition, "fingerprint": run.edition_fingerprint},
        "rulebook": {"version": run.rulebook_version, "fingerprint": run.rulebook_fingerprint},
        "metric_crs": run.metric_crs,
        "data_date": runs.data_date(run),
        "method": run.method,
        "inputs": run.inputs,
        "inputs_digest": run.inputs_digest,
        "results_digest": run.results_digest,
        "summary": run.summary,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat(),
        "created_by": run.created_by,
        "disclaimer": DISCLAIMER,
    }


def describe_set(kept: UnitSet) -> SetAnswer:
    """A set in plain values, with the gate's report on its file."""
    return {
        "id": kept.id,
        "name": kept.name,
        "file": kept.file,
        "units": kept.unit_count,
        "created_at": kept.created_at.isoformat(),
        "created_by": kept.created_by,
        "report": cast("WrittenReport", kept.report),
    }
