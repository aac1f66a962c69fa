"""Grading areas: zones and surveys in, a grade for every unit out, with all that speaks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.grading.composite import Composite, compose
from risk_model.grading.exposure import Figures, Risk, risk_of
from risk_model.grading.firmness import Doubt, contested_by, doubts_of, move_boundaries
from risk_model.grading.ground import GradedGround, Measured, lay_ground, measure_ground
from risk_model.grading.terms import GradingTerms, grading_terms
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet

Floats = npt.NDArray[np.float64]

STABLE, CONTESTED = "stable", "contested"
DIGITS: Final = 3
"""Areas are told to the square decimetre."""


@dataclass(frozen=True, slots=True)
class Units:
    """What is graded, as parallel arrays: lasting ``key``, ``name`` for people, ``geometry`` in the metric CRS."""

    key: Sequence[str]
    name: Sequence[str]
    geometry: Geometries

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, slots=True)
class GradedArea:
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


def lay_grounds(zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook) -> list[GradedGround]:
    """The ground of every hazard that enters the grading, in the order of the terms; metric CRS."""
    return [lay_ground(hazard, zones, extents, rulebook) for hazard in grading_terms(rulebook).hazards]


def grade_areas(
    units: Units,
    grounds: Sequence[GradedGround],
    figures: Figures,
    rulebook: RuleBook,
    *,
    threads: int = 2,
    progress: Callable[[float], None] | None = None,
) -> list[GradedArea]:
    """Grade every unit against the ``grounds`` of ``lay_grounds``; the answer does not depend on ``threads``.

    Exposure is normalised over the units given, so a set of units belongs into one call. ``progress`` hears which share
    is done; what it raises ends the grading.
    """
    terms = grading_terms(rulebook)
    step = _steps(progress, len(grounds) * (1 + 2 * bool(terms.shift_m)) + 1)

    def measure_all(shift_m: float) -> list[Measured]:
        return [
            step(
                measure_ground(
                    move_boundaries(ground, shift_m) if shift_m else ground,
                    units.geometry,
                    least_known=terms.least_surveyed_share,
                    threads=threads,
                )
            )
            for ground in grounds
        ]

    measured = measure_all(0.0)
    scores = _scores(measured)
    composite = compose(scores, terms)
    risk = risk_of(composite.weighted, units.geometry, figures, terms)
    shifts = (-terms.shift_m, terms.shift_m) if terms.shift_m else ()
    doubts = doubts_of(scores, [(shift_m, _scores(measure_all(shift_m))) for shift_m in shifts], terms)
    writer = _Writer(units, measured, figures, (composite, risk, doubts), terms, rulebook)
    areas: list[GradedArea] = step([writer.area(unit) for unit in range(len(units))])
    return areas


def _scores(measured: Sequence[Measured]) -> Floats:
    return np.column_stack([hazard.score for hazard in measured])


def _steps(progress: Callable[[float], None] | None, count: int) -> Callable[[Any], Any]:
    """A function to pass what each of ``count`` steps made through; it tells ``progress``."""
    done = iter(range(1, count + 1))

    def step(made: Any) -> Any:
        if progress is not None:
            progress(next(done) / count)
        return made

    return step


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts what was computed for all units into one value a unit."""

    units: Units
    measured: Sequence[Measured]
    figures: Figures
    judged: tuple[Composite, Risk, Sequence[Doubt]]
    terms: GradingTerms
    rulebook: RuleBook

    def area(self, unit: int) -> GradedArea:
        composite, _, doubts = self.judged
        rank = int(composite.rank[unit])
        contested = contested_by(unit, rank, doubts) if rank else []
        return GradedArea(
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
            data_gaps=[one.ground.hazard for one in self.measured if np.isnan(one.score[unit])],
        )

    def _grade(self, rank: int) -> dict[str, Any]:
        if not rank:
            return {"grade": None, "grade_rank": None, "grade_scheme": None}
        grade = self.rulebook.grade(self.terms.scheme, rank)
        return {"grade": grade.name, "grade_rank": rank, "grade_scheme": grade.scheme}

    def _doubt(self, doubt: Doubt, unit: int) -> dict[str, Any]:
        rank = int(doubt.rank[unit])
        name = self.rulebook.grade(self.terms.scheme, rank).name
        return {"by": doubt.by, "hazard": doubt.hazard, "change": doubt.change, "grade": name, "grade_rank": rank}

    def _contributions(self, unit: int) -> list[dict[str, Any]]:
        parts = [one.score[unit] * weight for one, weight in zip(self.measured, self.terms.weights, strict=True)]
        whole = float(np.nansum(parts)) if self.judged[0].rank[unit] else 0.0
        return [
            {
                "hazard": one.ground.hazard,
                "product": one.ground.product,
                "value": _number(one.score[unit]),
                "weight": round(terms.weight, 12),
                "weighted": _number(part),
                "share": _number(part / whole) if whole > 0 else None,
                "mandatory": terms.mandatory,
            }
            for one, terms, part in zip(self.measured, self.terms.hazards, parts, strict=True)
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
            "hazards": {one.ground.hazard: self._by_grade(one, unit) for one in self.measured},
        }

    def _by_grade(self, one: Measured, unit: int) -> dict[str, Any]:
        rows = [
            {
                "grade": level.grade and level.grade.name,
                "grade_rank": level.grade and level.grade.rank,
                "grade_scheme": level.grade and level.grade.scheme,
                "score": round(level.score, 12),
                "area_m2": round(float(area), DIGITS),
            }
            for level, area in zip(one.ground.levels, one.area_m2[unit], strict=True)
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


def _number(value: Any, digits: int = 12) -> float | None:
    return None if np.isnan(value) else round(float(value), digits)


def _people(value: Any) -> float | None:
    """Counted people are whole; people spread over ground keep two decimals, so that small units add up."""
    if np.isnan(value):
        return None
    return int(value) if value == int(value) else round(float(value), 2)


def _whole(value: Any) -> int | None:
    return None if np.isnan(value) else round(float(value))
