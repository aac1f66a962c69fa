"""Questions of coverage as addresses ask them: minutes or a standard, kinds of forces, what slows them, what they avoid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import Depends, Query

from app.dispatch.coverage_schemas import CoverageQuery
from app.dispatch.schemas import Condition
from risk_model.codes import enumeration
from risk_model.dispatch import coverage_standards

A_MINUTE = r"([1-9]\d{0,2}(\.\d)?|0\.[1-9])"
MINUTES = rf"^{A_MINUTE}(,{A_MINUTE}){{0,7}}$"
A_KIND = f"({'|'.join(enumeration('force_kind'))})"
KINDS = rf"^{A_KIND}(,{A_KIND}){{0,15}}$"


def bands_asked(minutes: str | None, usual: Sequence[float]) -> tuple[float, ...]:
    """Minutes as they were asked for, each once, the fewest first; the usual ones where none were."""
    return tuple(usual) if minutes is None else tuple(sorted({float(word) for word in minutes.split(",")}))


def coverage_asked(
    minutes: Annotated[str | None, Query(pattern=MINUTES, description="from the call on, by comma")] = None,
    standard: Annotated[
        Literal["usual", "district", "rural"], Query(description="whose minutes count where none are named")
    ] = "usual",
    kinds: Annotated[str | None, Query(pattern=KINDS, description="kinds of forces, by comma; any where none")] = None,
    condition: Annotated[Condition | None, Query(description="what slows everybody down")] = None,
    avoid_zones: Annotated[
        str | None,
        Query(max_length=500, description="hazards whose worst zones nobody drives through, by comma; true for all"),
    ] = None,
) -> CoverageQuery:
    """The question of coverage."""
    asked = None if kinds is None else frozenset(kinds.split(","))
    bands = bands_asked(minutes, coverage_standards()[standard].minutes)
    return CoverageQuery(bands, asked, condition, avoid_zones, standard if minutes is None else "own")


CoverageAsked = Annotated[CoverageQuery, Depends(coverage_asked)]
Within = Annotated[float, Query(gt=0, le=999, description="minutes from the call within which somebody is to arrive")]
