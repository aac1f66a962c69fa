"""Moments and days as answers write them (ISO 8601), told as such in the description of the API."""

from __future__ import annotations

from typing import Annotated

from pydantic import WithJsonSchema

IsoMoment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment with its offset from UTC."""
IsoDay = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
"""A day in Beijing."""
