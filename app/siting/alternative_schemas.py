"""Requests and answers of ``/api/siting/alternatives``."""

from __future__ import annotations

from pydantic import Field

from app.siting.evidence_schemas import ComparedPlace, PlacesTried
from app.siting.schemas import SiteFeature, ThemeAnswer


class AlternativesAsked(SiteFeature):
    """The Feature of a check, how far from it the same outline may be moved (metres), and how many places are wanted."""

    within_m: float = Field(2000.0, ge=50, le=10_000)
    count: int = Field(3, ge=1, le=10)


class AlternativeAnswer(ComparedPlace):
    """A place with its themes as a check of it answers."""

    themes: list[ThemeAnswer]
    score: float


class AlternativesAnswer(PlacesTried):
    """Places to compare with, best first. ``none_because`` says why there is none, ``no_move_because`` why no move helps, ``no_cut_because`` no cut."""

    title: str
    alternatives: list[AlternativeAnswer]
    none_because: str | None
    no_move_because: str | None
    no_cut_because: str | None
    edition: int | None
    rulebook: str
    disclaimer: str
