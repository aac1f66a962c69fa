"""Grading areas: zones and surveys in, a grade for every unit out, with all that speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from risk_model.grading.composite import Composite, compose
from risk_model.grading.exposure import Figures, Risk, risk_of
from risk_model.grading.ground import GradedGround, Measured, lay_ground, measure_ground
from risk_model.grading.terms import GradingTerms, grading_terms
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet

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
    raw figures in m², people and shares, and the grades that the weighted sum and the worst hazard alone would give; ``risk`` the second product. All are plain JSON values.
    """

    key: str
    name: str
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    score: float | None
    maximum: float | None
    stability: str | None
    contributions: list[dict[str, Any]]
    measurements: dict[str, Any]
    risk: dict[str, Any]
    data_gaps: list[str]


def lay_grounds(zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook) -> list[GradedGround]:
    """The ground of every hazard that enters the grading, in the order of the terms; metric CRS."""
    return [lay_ground(hazard, zones, extents, rulebook) for hazard in grading_terms(rulebook).hazards]


def grade_areas(
    units: Units, grounds: Sequence[GradedGround], figures: Figures, rulebook: RuleBook, *, threads: int = 2
) -> list[GradedArea]:
    """Grade every unit against the ``grounds`` of ``lay_grounds``; the answer does not depend on ``threads``.

    Exposure is normalised over the units given, so a set of units belongs into one call.
    """
    terms = grading_terms(rulebook)
    measured = [
        measure_ground(ground, units.geometry, least_known=terms.least_surveyed_share, threads=threads)
        for ground in grounds
    ]
    composite = compose(np.column_stack([hazard.score for hazard in measured]), terms)
    risk = risk_of(composite.weighted, units.geometry, figures, terms)
    writer = _Writer(units, measured, figures, (composite, risk), terms, rulebook)
    return [writer.area(unit) for unit in range(len(units))]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts what was computed for all units into one value a unit."""

    units: Units
    measured: Sequence[Measured]
    figures: Figures
    judged: tuple[Composite, Risk]
    terms: GradingTerms
    rulebook: RuleBook

    def area(self, unit: int) -> GradedArea:
        composite, _ = self.judged
        rank = int(composite.rank[unit])
        return GradedArea(
            key=self.units.key[unit],
            name=self.units.name[unit],
            **self._grade(rank),
            score=_number(composite.weighted[unit]),
            maximum=_number(composite.maximum[unit]),
            stability=(CONTESTED if composite.contested[unit] else STABLE) if rank else None,
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

    def _contributions(self, unit: int) -> list[dict[str, Any]]:
        counted = self.judged[0].counted[unit]
        parts = [score * weight for score, weight in zip(counted, self.terms.weights, strict=True)]
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
                **({"raised_to": _number(score)} if score > one.score[unit] else {}),
            }
            for one, terms, part, score in zip(self.measured, self.terms.hazards, parts, counted, strict=True)
        ]

    def _measurements(self, unit: int) -> dict[str, Any]:
        area_m2 = float(shapely.area(self.units.geometry[unit]))
        figures, (composite, _) = self.figures, self.judged
        return {
            "area_m2": round(area_m2, DIGITS),
            "population": _whole(figures.population[unit]),
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
        _, risk = self.judged
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


def _whole(value: Any) -> int | None:
    return None if np.isnan(value) else round(float(value))
