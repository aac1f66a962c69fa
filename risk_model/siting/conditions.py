"""Conditions of an opinion: what restricted ground asks for, and which regional assessment closes it.

A regional assessment closes a condition only where it covers the whole site, is in force on the day of judgement and is of
a kind the rulebook lets close it. It changes no verdict: what was assessed for the whole area is not assessed again, but
what that assessment asks of the site still has to be met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely

from risk_model.conditions import AssessmentOverSite, Bearing, Condition
from risk_model.operators import TOLERANCE_M
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.siting.footprints import Footprints
from risk_model.siting.requirements import Outcome, ProjectProfile
from risk_model.tangles import shared_area
from risk_model.vocabulary import AssessmentSet, Site

STRAY_M: Final = 0.01
"""How far a corner of a covered site may lie outside, in metres: what an outline is drawn to."""
DEGREE_M: Final = 111_320.0
"""Metres to a degree, where a corner is measured in the plane it was drawn in."""
_ORDER = list(Bearing)


@dataclass(frozen=True, slots=True)
class Closing:
    """Regional assessments asked about sites of one asker."""

    assessments: AssessmentSet | None
    rulebook: RuleBook
    asker: ProjectProfile
    _open: dict[tuple[int, ...], tuple[Condition, ...]] = field(default_factory=dict)

    def conditions(
        self, number: int, site: Site, footprints: Footprints, restricting: Sequence[Outcome]
    ) -> tuple[Condition, ...]:
        """Conditions to be met before building on site ``number``, each once, in the order of what restricts it."""
        if self.assessments is not None and len(self.assessments):
            return self._closed(number, site, footprints, restricting)
        key = tuple(map(id, restricting))
        if key not in self._open:
            self._open[key] = self._closed(number, site, footprints, restricting)
        return self._open[key]

    def _closed(
        self, number: int, site: Site, footprints: Footprints, restricting: Sequence[Outcome]
    ) -> tuple[Condition, ...]:
        asked: dict[str, tuple[str, list[str]]] = {}
        for procedure, english, rule in _asked_for(restricting):
            rules = asked.setdefault(procedure, (english, []))[1]
            if rule not in rules:
                rules.append(rule)
        meeting: list[tuple[int, float]] | None = None
        conditions = []
        for procedure, (english, rules) in asked.items():
            closable = self.assessments is not None and any(self._kinds_closing(procedure))
            if closable and meeting is None:
                meeting = list(self._meeting(number, site, footprints))
            told = self._told(procedure, meeting or ()) if closable else ()
            conditions.append(Condition(procedure, english, tuple(rules), told))
        return tuple(conditions)

    def _kinds_closing(self, procedure: str) -> Iterator[str]:
        asker = self.asker
        for key, kind in self.rulebook.regional.items():
            if kind.may_close(procedure, asker.project_class, asker.on):
                yield key

    def _meeting(self, number: int, site: Site, footprints: Footprints) -> Iterator[tuple[int, float]]:
        """Every assessment that shares ground with the site, with the share it covers: 1 where it covers all of it."""
        assessments, footprint = self.assessments, footprints.geometry[number]
        if assessments is None or not len(assessments):
            return
        area_m2, noise_m2 = float(footprints.area_m2[number]), TOLERANCE_M * float(footprints.perimeter_m[number])
        for row in np.flatnonzero(shapely.intersects(assessments.geometry, footprint)).tolist():
            share = _share(footprint, assessments.geometry[row])
            whole = _covers(footprint, assessments.geometry[row], share, noise=noise_m2 / area_m2, metres=1.0)
            if not whole and site.drawn is not None and assessments.drawn is not None:
                drawn = _share(site.drawn, assessments.drawn[row])
                whole = _covers(site.drawn, assessments.drawn[row], drawn, noise=noise_m2 / area_m2, metres=DEGREE_M)
            if share > 0 or whole:
                yield row, 1.0 if whole else min(share, 1.0)

    def _told(self, procedure: str, meeting: Sequence[tuple[int, float]]) -> tuple[AssessmentOverSite, ...]:
        found = self.assessments
        kinds = set(self._kinds_closing(procedure))
        if found is None:
            return ()
        told = [
            AssessmentOverSite(
                id=int(found.id[row]),
                number=found.number[row],
                name=found.name[row],
                valid_from=found.valid_from[row],
                valid_to=found.valid_to[row],
                bearing=self._bearing(row, share, found),
                covered_share=share,
            )
            for row, share in meeting
            if kinds & set(found.kinds[row])
        ]
        return tuple(sorted(told, key=lambda one: (_ORDER.index(one.bearing), -one.valid_to.toordinal(), one.number)))

    def _bearing(self, row: int, share: float, found: AssessmentSet) -> Bearing:
        if share < 1.0:
            return Bearing.IN_PART
        if found.valid_to[row] < self.asker.on:
            return Bearing.EXPIRED
        return Bearing.NOT_YET if self.asker.on < found.valid_from[row] else Bearing.CLOSES


def _asked_for(restricting: Sequence[Outcome]) -> Iterator[tuple[str, str, str]]:
    """Every procedure in both languages with the rule that asks for it."""
    for outcome in restricting:
        rule = outcome.rule
        if rule is not None:
            english = (*rule.procedure_en, *rule.procedure[len(rule.procedure_en) :])
            for procedure, told in zip(rule.procedure, english, strict=False):
                yield procedure, told, rule.id


def _share(site: Any, area: Any) -> float:
    return float(shared_area(as_array([area]), as_array([site]))[0]) / float(shapely.area(site))


def _covers(site: Any, area: Any, share: float, *, noise: float, metres: float) -> bool:
    """Whether ``area`` covers all of ``site`` but for ``noise`` (a share), and no corner of it strays outside."""
    if share < 1 - noise:
        return False
    corners = shapely.points(shapely.get_coordinates(site))
    return bool(shapely.distance(corners, area).max() * metres <= STRAY_M)
