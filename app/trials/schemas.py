"""Request of a trial."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.http.written import ABSENT, either
from risk_model.message import msg

UnitWord = Literal["village", "grid"]


A_JUDGEMENT = r"^[1-9]\d{0,3}(/[1-9]\d{0,3})?$"
"""How judgements are written; that they mirror one another, row by row, is asked besides."""


def _fraction(text: str) -> str:
    try:
        Fraction(text)
    except (ValueError, ZeroDivisionError) as trouble:
        raise ValueError("a judgement is a whole number or a fraction like 1/3") from trouble
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
