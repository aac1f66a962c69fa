"""Requests to the guidance routes."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.http.written import NOT_BLANK

ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Field(json_schema_extra=NOT_BLANK)
]


class BaselineForm(BaseModel):
    """A name for today's figures and why they are kept."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = Field(description="what the baseline is called")
    reason: ShortText = Field(description="why the figures of today are the ones to measure against")
