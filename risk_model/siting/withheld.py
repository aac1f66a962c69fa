"""Withheld ground: where a project given as a point would be judged anything but permitted, and by what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from risk_model.buffers import buffer_m
from risk_model.operators import Bilingual
from risk_model.rulebook import Hazard, RuleBook
from risk_model.shapes import join_shapes
from risk_model.siting.findings import SILENT
from risk_model.siting.neighbours import lay_objects
from risk_model.siting.requirements import Outcome, ProjectProfile, read_demands
from risk_model.surveys import surveyed_ground
from risk_model.vocabulary import ConstraintSet, ExtentSet, ObjectSet, Verdict, ZoneSet

MARGIN_M: Final = 0.2
"""So much more ground is withheld, in metres: what a place told to six decimals of a degree may be off by."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Ground (metric CRS) withheld for one reason: a rule of a hazard, or ``rule`` None and the ``reason`` in words."""

    hazard: str
    rule: str | None
    verdict: Verdict
    reason: Bilingual
    ground: Any


def withheld_ground(
    within: Any,
    zones: ZoneSet,
    extents: ExtentSet,
    rulebook: RuleBook,
    asker: ProjectProfile,
    *,
    objects: ObjectSet | None = None,
    constraints: ConstraintSet | None = None,
) -> list[Withheld]:
    """All ground of ``within`` (metric CRS) where a point project of ``asker`` is not permitted, reason by reason.

    ``zones`` and ``extents`` must reach as far around ``within`` as the rulebook looks. Reasons may lie over each other;
    what none of them covers is judged permitted, for the same demands and surveys are read as by the judgement itself.
    """
    point_m = rulebook.terms.point_m[asker.project_class] + MARGIN_M
    sorts = [zones]
    if objects is not None:
        sorts.append(lay_objects(objects, rulebook, asker).zones)
    if constraints is not None and rulebook.constraints:
        sorts.append(constraints.areas)
    found = [
        *(one for sort in sorts for one in _objecting(sort, rulebook, asker, point_m)),
        *_unsurveyed(within, (zones, extents), rulebook.hazards, (rulebook, asker)),
    ]
    if constraints is not None:
        set_aside = (constraints.areas, constraints.surveys)
        found += _unsurveyed(within, set_aside, rulebook.constraints, (rulebook, asker))
    cut = [Withheld(w.hazard, w.rule, w.verdict, w.reason, shapely.intersection(w.ground, within)) for w in found]
    return [one for one in cut if not shapely.is_empty(one.ground)]


def _objecting(zones: ZoneSet, rulebook: RuleBook, asker: ProjectProfile, point_m: float) -> Iterator[Withheld]:
    (demands,) = read_demands(zones, rulebook, [asker])
    for number, outcome in enumerate(demands.outcomes):
        if outcome.verdict.severity == 0:
            continue
        layer, zone = np.nonzero(demands.outcome == number)
        reach_m = np.nan_to_num(demands.reach_m[layer, zone], nan=0.0)
        hazards = zones.hazard[zone]
        for hazard in sorted(set(hazards.tolist())):
            mine = hazards == hazard
            ground = [
                buffer_m(zones.geometry[zone[mine & (reach_m == reach)]], reach + point_m)
                for reach in np.unique(reach_m[mine]).tolist()
            ]
            rule = outcome.rule.id if outcome.rule else None
            yield Withheld(hazard, rule, outcome.verdict, _reason(outcome), join_shapes(np.concatenate(ground)))


def _reason(outcome: Outcome) -> Bilingual:
    if outcome.ground is not None:
        return Bilingual(outcome.ground.basis, outcome.ground.basis_en)
    if outcome.rule is not None and outcome.rule.avoidance is not None:
        return Bilingual(outcome.rule.avoidance.study_basis, outcome.rule.avoidance.study_basis_en)
    return SILENT[outcome.standing]


def _unsurveyed(
    within: Any,
    ground: tuple[ZoneSet, ExtentSet],
    themes: Mapping[str, Hazard],
    setting: tuple[RuleBook, ProjectProfile],
) -> Iterator[Withheld]:
    """Ground around which a mandatory one of ``themes`` was not surveyed as far as its rules look."""
    rulebook, asker = setting
    mandatory = [key for key in rulebook.mandatory_themes(asker.project_class) if key in themes]
    surveyed = surveyed_ground(*ground, rulebook, asker.on)
    point_m = rulebook.terms.point_m[asker.project_class] + MARGIN_M
    for theme in mandatory:
        looks_m = themes[theme].reach_m(asker.project_class, asker.seismic_class, intensity=rulebook.terms.intensity)
        known = buffer_m(surveyed.whole(theme), -(point_m + looks_m))
        yield Withheld(theme, None, Verdict.INSUFFICIENT_DATA, UNSURVEYED, shapely.difference(within, known))


UNSURVEYED = Bilingual("必查专题没有调查到所需范围", "a mandatory theme was not surveyed as far as its rules look")
