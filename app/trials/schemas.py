"""What a trial takes."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

UnitWord = Literal["village", "grid"]


def _fraction(text: str) -> str:
    try:
        Fraction(text)
    except (ValueError, ZeroDivisionError) as trouble:
        raise ValueError("a judgement is a whole number or a fraction like 1/3") from trouble
    return text


Judgement = Annotated[str, Field(max_length=12), AfterValidator(_fraction)]
Weight = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class TrialForm(BaseModel):
    """Weights to be tried: judgements by pairs, or a weight for each criterion; one of the two."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitWord = "village"
    run: int | None = Field(None, description="the number of a run; the published one of the unit unless given")
    judgements: list[list[Judgement]] | None = Field(None, max_length=10, description="rows against columns: 3, 1/3")
    weights: dict[str, Weight] | None = Field(None, description="a weight for each criterion, scaled to sum 1")
