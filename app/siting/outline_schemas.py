"""Requests and answers of reading an outline."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from app.http.request_geometry import CrsName

LONGEST_TEXT = 500_000


class OutlineText(BaseModel):
    """Pasted coordinates; ``crs`` and ``order`` only where the person says so (``xy``: east or longitude first)."""

    text: str = Field(max_length=LONGEST_TEXT)
    crs: CrsName = None
    order: Literal["xy", "yx"] | None = None
    shape: Literal["Polygon", "LineString", "Point"] | None = None


class PhraseAnswer(BaseModel):
    """A sentence in Chinese with ``{names}``, and their values."""

    text: str
    values: dict[str, str | int]


class MeaningAnswer(BaseModel):
    """One way to read the numbers; ``axes`` names the columns as they stand, ``order`` and ``crs`` ask for it."""

    notation: str
    crs: str
    axes: str
    order: str
    sentence: str
    phrases: list[PhraseAnswer]


class LineProblemAnswer(BaseModel):
    """Text that could not be read, and its line (from 1; null: the text as a whole)."""

    line: int | None
    message: str
    text: str
    values: dict[str, str | int]


class OutlineAnswer(BaseModel):
    """The outline in lon, lat as drawn (perhaps invalid), or the ``alternatives`` to choose from."""

    geometry: dict[str, Any] | None
    understood: MeaningAnswer | None
    alternatives: list[MeaningAnswer]
    problems: list[LineProblemAnswer]


class SiteFromFile(BaseModel):
    """One feature of a file; ``feature`` is its number there, from 0."""

    feature: int
    name: str | None
    project_class: str | None
    seismic_class: str | None
    building_type: str | None
    geometry: dict[str, Any]


class OutlineFileAnswer(BaseModel):
    """The sites of a file (the first 200 of ``total``), the gate's report, and repairs that await acceptance."""

    features: list[SiteFromFile]
    total: int
    repairs_offered: list[dict[str, Any]]
    report: dict[str, Any]
