"""Grading areas: zones and surveys in, a grade for every unit out, with all that speaks for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.grading.composite import Composite, compose
from risk_model.grading.exposure import Figures, Risk, risk_of
from risk_model.grading.ground import GradedGround, lay_ground
from risk_model.grading.measurements import Measure, Measured, Plot, Progress, in_rounds, measure_units
from risk_model.grading.stability import Alternative, alternatives_of, contested_by, move_boundaries
from risk_model.grading.terms import GradingTerms, grading_terms
from risk_model.grading.units import Units
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import ExtentSet, ZoneSet

Floats = npt.NDArray[np.float64]

STABLE, CONTESTED = "stable", "contested"
AREAS_A_STEP: Final = 1000
MEASURED: Final = 0.7
"""The share of the work that is done once all ground is measured."""
DIGITS: Final = 3
"""Areas are told to the square decimetre."""


@dataclass(frozen=True, slots=True)
class AreaGrade:
    """One unit's grade with its reasons; ``grade`` is None where data lack, and ``data_gaps`` then names what.

    ``contributions`` hold hazard, product, value, weight, weighted and (of a graded unit) share; ``measurements`` the
    raw figures in m², people and shares, and the grades that the weighted sum and the worst hazard alone would give; ``risk`` the second product.
    ``contested_by`` holds by, hazard, change and the other grade for everything that would change the grade. All are plain JSON values.
    """

    key: str
    name: str
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    score: float | None
    maximum: float | None
    stability: str | None
    contested_by: list[dict[str, Any]]
    contributions: list[dict[str, Any]]
    measurements: dict[str, Any]
    risk: dict[str, Any]
    data_gaps: list[str]


def lay_grounds(
    zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook, on: date, *, threads: int = 2
) -> list[GradedGround]:
    """The ground of every hazard that enters the grading as it is known on day ``on``, in the order of the terms; metric CRS."""
    with ThreadPoolExecutor(threads) as pool:
        return list(
            pool.map(lambda hazard: lay_ground(hazard, zones, extents, rulebook, on), grading_terms(rulebook).hazards)
        )


def grade_areas(
    units: Units,
    grounds: Sequence[GradedGround],
    figures: Figures,
    rulebook: RuleBook,
    *,
    threads: int = 2,
    progress: Progress | None = None,
) -> list[AreaGrade]:
    """Grade every unit against the ``grounds`` of ``lay_grounds``; the answer does not depend on ``threads``.

    Exposure is normalised over the units given, so a set of units belongs into one call. ``progress`` hears the share
    done after every piece of work; whatever it raises passes through, so a caller can cancel by it.
    """
    tell = progress or _silent
    measure = measuring_here(rulebook, threads=threads, progress=lambda share: tell(MEASURED * share))
    grades = judge_areas(units, grounds, figures, rulebook, measure=measure)
    areas: list[AreaGrade] = []
    for start in range(0, len(units), AREAS_A_STEP):
        areas += [grades.area(unit) for unit in range(start, min(start + AREAS_A_STEP, len(units)))]
        tell(MEASURED + (1.0 - MEASURED) * len(areas) / len(units))
    return areas


def measuring_here(rulebook: RuleBook, *, threads: int = 2, progress: Progress | None = None) -> Measure:
    """``measure_units`` by the terms of ``rulebook`` in this process; ``progress`` hears of all rounds together."""
    terms = grading_terms(rulebook)
    told = progress and in_rounds(progress, terms.measurings)
    return lambda plot, grounds: measure_units(
        plot, grounds, least_known=terms.least_surveyed_share, threads=threads, progress=told
    )


def judge_areas(
    units: Units, grounds: Sequence[GradedGround], figures: Figures, rulebook: RuleBook, *, measure: Measure
) -> Grades:
    """As ``grade_areas``, but each area is written when it is asked for, and ``measure`` says who measures the units.

    Units may be measured anywhere and in any parts, for no unit's figures depend on another's; they are compared here.
    They are measured once as zones are drawn, and once for every way their boundaries may lie elsewhere.
    """
    plot = Plot(units.geometry, units.cell_m)
    measured = measure(plot, grounds)
    moved = [
        (shift_m, scores_of(measure(plot, [move_boundaries(ground, shift_m) for ground in grounds])))
        for shift_m in grading_terms(rulebook).shifts_m
    ]
    return compose_grades(units, (grounds, measured), figures, rulebook, moved=moved)


def compose_grades(
    units: Units,
    ground: tuple[Sequence[GradedGround], Sequence[Measured]],
    figures: Figures,
    rulebook: RuleBook,
    *,
    moved: Sequence[tuple[float, Floats]] = (),
) -> Grades:
    """The grades of all ``units`` from what was measured of each: here they are compared with each other.

    ``ground`` are the grounds of the hazards and what ``measure_units`` found of them, over all units in their order;
    ``moved`` the scores (units, hazards) with boundaries so many metres further out.
    """
    terms, (_, measured) = grading_terms(rulebook), ground
    scores = scores_of(measured)
    composite = compose(scores, terms)
    risk = risk_of(composite.weighted, units.geometry, figures, terms)
    return Grades(units, ground, figures, (composite, risk, alternatives_of(scores, moved, terms)), terms, rulebook)


def scores_of(measured: Sequence[Measured]) -> Floats:
    """The scores (units, hazards) of what was measured."""
    return np.column_stack([hazard.score for hazard in measured])


@dataclass(frozen=True, slots=True)
class Grades:
    """The grades of all units; the ``area`` of each is put into words when it is asked for, so that many fit into memory."""

    units: Units
    ground: tuple[Sequence[GradedGround], Sequence[Measured]]
    figures: Figures
    judged: tuple[Composite, Risk, Sequence[Alternative]]
    terms: GradingTerms
    rulebook: RuleBook

    def __len__(self) -> int:
        return len(self.units)

    def __iter__(self) -> Iterator[AreaGrade]:
        return (self.area(unit) for unit in range(len(self)))

    def area(self, unit: int) -> AreaGrade:
        """The grade of one unit, by its number, with its reasons."""
        composite, _, doubts = self.judged
        rank = int(composite.rank[unit])
        contested = contested_by(unit, rank, doubts) if rank else []
        return AreaGrade(
            key=self.units.key[unit],
            name=self.units.name[unit],
            **self._grade(rank),
            score=_number(composite.weighted[unit]),
            maximum=_number(composite.maximum[unit]),
            stability=(CONTESTED if contested else STABLE) if rank else None,
            contested_by=[self._doubt(doubt, unit) for doubt in contested],
            contributions=self._contributions(unit),
            measurements=self._measurements(unit),
            risk=self._risk(unit),
            data_gaps=[ground.hazard for ground, one in zip(*self.ground, strict=True) if np.isnan(one.score[unit])],
        )

    def _grade(self, rank: int) -> dict[str, Any]:
        if not rank:
            return {"grade": None, "grade_rank": None, "grade_scheme": None}
        grade = self.rulebook.grade(self.terms.scheme, rank)
        return {"grade": grade.name, "grade_rank": rank, "grade_scheme": grade.scheme}

    def _doubt(self, doubt: Alternative, unit: int) -> dict[str, Any]:
        rank = int(doubt.rank[unit])
        name = self.rulebook.grade(self.terms.scheme, rank).name
        return {"by": doubt.by, "hazard": doubt.hazard, "change": doubt.change, "grade": name, "grade_rank": rank}

    def _contributions(self, unit: int) -> list[dict[str, Any]]:
        (grounds, measured), counted = self.ground, self.judged[0].counted[unit]
        parts = [score * weight for score, weight in zip(counted, self.terms.weights, strict=True)]
        whole = float(np.nansum(parts)) if self.judged[0].rank[unit] else 0.0
        return [
            {
                "hazard": ground.hazard,
                "product": ground.product,
                "value": _number(one.score[unit]),
                "weight": round(terms.weight, 12),
                "weighted": _number(part),
                "share": _number(part / whole) if whole > 0 else None,
                "mandatory": terms.mandatory,
                **({"raised_to": _number(score)} if score > one.score[unit] else {}),
            }
            for ground, one, terms, part, score in zip(
                grounds, measured, self.terms.hazards, parts, counted, strict=True
            )
        ]

    def _measurements(self, unit: int) -> dict[str, Any]:
        area_m2 = float(shapely.area(self.units.geometry[unit]))
        figures, (composite, *_) = self.figures, self.judged
        return {
            "area_m2": round(area_m2, DIGITS),
            "population": _people(figures.population[unit]),
            "population_method": figures.population_method[unit] if figures.population_method else None,
            "building_m2": _number(figures.building_m2[unit], DIGITS),
            "fragile_m2": _number(figures.fragile_m2[unit], DIGITS),
            "shelter_places": _whole(figures.shelter_places[unit]),
            "composite": {
                "by_weighted": self._grade(int(composite.by_weighted[unit]))["grade"],
                "by_maximum": self._grade(int(composite.by_maximum[unit]))["grade"],
            },
            "hazards": {
                ground.hazard: self._by_grade(ground, one, unit) for ground, one in zip(*self.ground, strict=True)
            },
        }

    def _by_grade(self, ground: GradedGround, one: Measured, unit: int) -> dict[str, Any]:
        rows = [
            {
                "grade": level.grade and level.grade.name,
                "grade_rank": level.grade and level.grade.rank,
                "grade_scheme": level.grade and level.grade.scheme,
                "score": round(level.score, 12),
                "area_m2": round(float(area), DIGITS),
            }
            for level, area in zip(ground.levels, one.area_m2[unit], strict=True)
            if round(float(area), DIGITS) > 0
        ]
        return {"surveyed_share": _number(one.known[unit]), "by_grade": rows}

    def _risk(self, unit: int) -> dict[str, Any]:
        _, risk, _ = self.judged
        return {
            **self._grade(int(risk.rank[unit])),
            "score": _number(risk.score[unit]),
            "exposure": _number(risk.exposure[unit]),
            "vulnerability": _number(risk.vulnerability[unit]),
            "capacity": _number(risk.capacity[unit]),
            "indicators": {key: _number(values[unit]) for key, values in risk.indicators.items()},
            "data_gaps": list(risk.gaps[unit]),
        }


def _silent(_share: float) -> None:
    """Nobody asked how far the work is."""


def _number(value: Any, digits: int = 12) -> float | None:
    return None if math.isnan(value) else round(float(value), digits)


def _people(value: Any) -> float | None:
    """Counted people are whole; people spread over ground keep two decimals, so that small units add up."""
    if np.isnan(value):
        return None
    return int(value) if value == int(value) else round(float(value), 2)


def _whole(value: Any) -> int | None:
    return None if math.isnan(value) else round(float(value))
