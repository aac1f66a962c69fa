"""Request and answers of trials."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from app.http.written import ABSENT, either
from app.platform.iso import IsoMoment
from risk_model.message import msg

UnitWord = Literal["village", "grid"]


A_JUDGEMENT = r"^[1-9]\d{0,3}(/[1-9]\d{0,3})?$"
"""How judgements are written; that they mirror one another, row by row, is asked besides."""


def _fraction(text: str) -> str:
    try:
        Fraction(text)
    except (ValueError, ZeroDivisionError) as trouble:
        raise ValueError(msg("判断应为整数或 1/3 这样的分数")) from trouble
    return text


Judgement = Annotated[str, Field(max_length=12, json_schema_extra={"pattern": A_JUDGEMENT}), AfterValidator(_fraction)]
Weight = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class TrialForm(BaseModel):
    """Weights to be tried: judgements by pairs, or a weight for each criterion; one of the two."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra=either(
            {"judgements": {"type": "array"}, "weights": ABSENT}, {"weights": {"type": "object"}, "judgements": ABSENT}
        ),
    )

    unit: UnitWord = "village"
    run: int | None = Field(None, description="the number of a run; the published one of the unit unless given")
    judgements: list[list[Judgement]] | None = Field(None, max_length=10, description="rows against columns: 3, 1/3")
    weights: dict[str, Weight] | None = Field(None, description="a weight for each criterion, scaled to sum 1")

    @model_validator(mode="after")
    def is_one_of_the_two(self) -> TrialForm:
        """Judgements or weights, and not both."""
        if (self.judgements is None) == (self.weights is None):
            raise ValueError(msg("请只给两两比较判断（judgements）或权重（weights）其中之一"))
        return self


class TriedRun(TypedDict):
    """The run whose recorded scores were tried."""

    id: int
    unit: str
    cell_m: float | None
    areas: int
    edition: int
    rulebook_version: str
    rulebook_fingerprint: str
    ended_at: IsoMoment


class GradeName(TypedDict):
    """A grade of the scheme, worst first."""

    rank: int
    name: str


class WorkedExample(TypedDict):
    """A known answer of a method, computed anew here."""

    name: str
    key: str
    expected: list[float]
    found: list[float]
    holds: bool


class TrialFrame(TypedDict):
    """What every trial says beside its figures; ``run`` is null where the unit was never graded."""

    notice: str
    published: bool
    why_not_natural: str
    run: TriedRun | None
    criteria: dict[str, float]
    judgements: list[list[float | str]]
    largest_ratio: float
    grades: list[GradeName]
    examples: list[WorkedExample]
    disclaimer: str


GradeMove = TypedDict(
    "GradeMove",
    {
        "area": str,
        "name": str,
        "from": str | None,
        "from_rank": int | None,
        "to": str | None,
        "to_rank": int | None,
    },
)
"""An area that would have another grade; null is ground without one."""


class OrderKept(TypedDict):
    """How far the order of areas stays: rank correlation, and how many of the worst are the same."""

    rho: float | None
    same_worst: int
    of_worst: int


class TrialAnswer(TypedDict):
    """One trial: its bounds or weights, and what would change."""

    method: str
    name: str
    bounds: list[float]
    weights: dict[str, float]
    gvf: float | None
    thinned: bool
    counts: dict[str, int]
    changed: int
    worse: int
    milder: int
    moves: list[GradeMove]
    stability: OrderKept


class EntropyAnswer(TypedDict):
    """Weights that entropy gives, from how many units; none and ``because`` where it gives none."""

    weights: dict[str, float] | None
    units: int
    trial: TrialAnswer | None
    because: str | None


class Tried(TypedDict):
    """Other breaks, and the weights that entropy gives."""

    trials: list[TrialAnswer]
    entropy: EntropyAnswer | None


class TrialsAnswer(TrialFrame, Tried):
    """Trials of a run beside what is published."""


class Consistency(TypedDict):
    """How far judgements by pairs contradict each other."""

    ratio: float
    largest_eigenvalue: float
    accepted: bool


class WeighedAnswer(TrialFrame):
    """Weights tried on a run; ``trial`` is null where the judgements contradict each other."""

    criteria_weights: dict[str, float]
    consistency: Consistency | None
    trial: TrialAnswer | None
