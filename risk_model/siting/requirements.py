"""Demands of each zone on a project of one class on one day, before anyone asks where the project lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.operators import COMPARISONS, NEVER, Avoidance, Bilingual, including
from risk_model.rulebook import RuleBook
from risk_model.rulebook.rules import LegalBasis, Rule
from risk_model.vocabulary import ProjectClass, SeismicClass, Verdict, ZoneSet

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Members = npt.NDArray[np.intp]
Mark = tuple[str, str, str, int]
"""Hazard, product, scheme and rank of a zone: what rules tell zones apart by, before they ask for more."""

OVERLAP: Final = np.nan
"""A reach that means: only an overlap counts."""

LINE_TOUCH_M: Final = 1e-5
"""A line has no area, so under an overlap rule it is met where it comes this near: where it crosses."""


class RuleState(Enum):
    """Standing of the rulebook towards a zone."""

    RULED = auto()
    STUDY = auto()
    EXEMPT = auto()
    NOT_READ = auto()
    UNKNOWN_GRADE = auto()
    UNKNOWN_HAZARD = auto()


UNREADABLE: Final = frozenset({RuleState.UNKNOWN_GRADE, RuleState.UNKNOWN_HAZARD})
"""What no rule can read: unknown, and unknown is never clear."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Consequence of a zone's demand being met; ``exemption`` says why a fault asks for no distance."""

    standing: RuleState
    verdict: Verdict
    rule: Rule | None = None
    ground: LegalBasis | None = None
    exemption: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Demands:
    """Demands as arrays of shape (layers, zones): a zone several rules read stands in several layers.

    ``outcome`` indexes ``outcomes`` (-1: no demand in this layer), ``severity`` is the verdict's, ``reach_m`` the
    distance below which the demand is met (OVERLAP: by overlapping, -inf: never), ``listed_m`` the distance below
    which the zone is shown as a finding although nothing objects.
    """

    outcomes: tuple[Outcome, ...]
    outcome: Integers
    severity: Integers
    reach_m: Floats
    listed_m: Floats

    def search_m(self, shift_m: float) -> Floats:
        """Distance from a site to look for each zone in, in metres, if boundaries may move by ``shift_m``."""
        reach = np.fmax(np.fmax(self.reach_m, self.listed_m), 0.0)
        return np.asarray(reach.max(axis=0, initial=0.0) + shift_m)


@dataclass(frozen=True, slots=True)
class ProjectProfile:
    """For whom and when the zones are read."""

    project_class: ProjectClass
    seismic_class: SeismicClass
    on: date
    building_type: str | None = None


def read_demands(zones: ZoneSet, rulebook: RuleBook, askers: Sequence[ProjectProfile]) -> list[Demands]:
    """Demands of every zone of ``zones`` on the projects of each of ``askers``; nothing unknown is passed over in silence."""
    by_overlap = np.where(shapely.get_dimensions(zones.geometry) < 2, LINE_TOUCH_M, OVERLAP)
    groups = _by_mark(zones)
    return [_demands_of(_Reading(zones, rulebook, asker, by_overlap, groups)) for asker in askers]


def _by_mark(zones: ZoneSet) -> dict[Mark, Members]:
    """The numbers of the zones of each hazard, product, scheme and rank."""
    groups: dict[Mark, list[int]] = defaultdict(list)
    marks = (zones.hazard.tolist(), zones.product.tolist(), zones.scheme.tolist(), zones.rank.tolist())
    for number, mark in enumerate(zip(*marks, strict=True)):
        groups[mark].append(number)
    return {mark: np.array(numbers) for mark, numbers in groups.items()}


def _demands_of(reading: _Reading) -> Demands:
    numbers: dict[Outcome, int] = {}
    layers = [_Layer.empty(len(reading.zones))]
    for demand in reading.demands():
        _place(layers, demand, numbers.setdefault(demand.outcome, len(numbers)))
    columns = zip(*((layer.outcome, layer.severity, layer.reach_m, layer.listed_m) for layer in layers), strict=True)
    return Demands(tuple(numbers), *(np.stack(column) for column in columns))


@dataclass(frozen=True, slots=True)
class _Demand:
    """One outcome for some zones; the reaches are one number for all of them or one for each."""

    outcome: Outcome
    members: Members
    reach_m: Floats | float
    listed_m: Floats | float


@dataclass(frozen=True, slots=True)
class _Layer:
    outcome: Integers
    severity: Integers
    reach_m: Floats
    listed_m: Floats

    @classmethod
    def empty(cls, size: int) -> _Layer:
        return cls(np.full(size, -1), np.zeros(size, np.int64), np.full(size, NEVER), np.full(size, NEVER))

    def take(self, demand: _Demand, number: int) -> None:
        members = demand.members
        self.outcome[members] = number
        self.severity[members] = demand.outcome.verdict.severity
        self.reach_m[members] = demand.reach_m
        self.listed_m[members] = demand.listed_m


def _place(layers: list[_Layer], demand: _Demand, number: int) -> None:
    """Write a demand into the first layer in which all its zones are free, opening one where there is none."""
    free = (layer for layer in layers if (layer.outcome[demand.members] < 0).all())
    layer = next(free, None)
    if layer is None:
        layer = _Layer.empty(len(layers[0].outcome))
        layers.append(layer)
    layer.take(demand, number)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of a set of zones for one asker; ``by_overlap`` is each zone's reach where it must overlap, ``groups`` are alike."""

    zones: ZoneSet
    rulebook: RuleBook
    asker: ProjectProfile
    by_overlap: Floats
    groups: Mapping[Mark, Members]

    def demands(self) -> Iterator[_Demand]:
        themes = self.rulebook.themes
        for (key, product, scheme, rank), members in self.groups.items():
            hazard = themes.get(key)
            if hazard is None:
                outcome = Outcome(RuleState.UNKNOWN_HAZARD, Verdict.INSUFFICIENT_DATA)
                yield self._met_by_overlap(outcome, members)
            elif product not in hazard.products_read:
                yield self._met_by_overlap(Outcome(RuleState.NOT_READ, Verdict.PERMITTED), members)
            else:
                yield from self._ruled(hazard.rules_for(product, self.asker.on), (scheme, rank), members)

    def _ruled(self, rules: tuple[Rule, ...], grade: tuple[str, int], members: Members) -> Iterator[_Demand]:
        unspoken = members
        for rule in rules:
            if rule.knows(*grade) and self._addressed(rule):
                met = self._meeting_conditions(rule, members)
                everyone = len(met) == len(members)
                unspoken = members[:0] if everyone else np.setdiff1d(unspoken, met, assume_unique=True)
                yield from self._asked_by(rule, met)
        if unspoken.size:
            yield self._unknown_grade(rules, unspoken)

    def _addressed(self, rule: Rule) -> bool:
        """Whether the row has something to say to the asker's class and kind of building."""
        return rule.speaks_of(self.asker.building_type) and not rule.silent_for(self.asker.project_class)

    def _meeting_conditions(self, rule: Rule, members: Members) -> Members:
        for condition in rule.conditions:
            values = getattr(self.zones, condition.attribute)[members]
            members = members[COMPARISONS[condition.operator](values, condition.value)]
        if rule.except_fault_ages:
            members = members[~np.isin(self.zones.fault_age[members].astype(str), list(rule.except_fault_ages))]
        if rule.corridor_kinds:
            members = members[np.isin(self.zones.corridor_kinds(members), list(rule.corridor_kinds))]
        return members

    def _asked_by(self, rule: Rule, members: Members) -> Iterator[_Demand]:
        if rule.avoidance is not None:
            for fault in members.tolist():
                yield from self._asked_by_fault(rule, rule.avoidance, fault)
        elif rule.relation == "intersects":
            yield self._met_by_overlap(self._outcome(rule), members)
        else:
            reach = including(rule.metres) if rule.relation == "within_m" else rule.metres
            yield _Demand(self._outcome(rule), members, reach, reach)

    def _asked_by_fault(self, rule: Rule, table: Avoidance, fault: int) -> Iterator[_Demand]:
        """Demands of one fault, from its own intensity, overburden and age: a distance, a study, or both."""
        zones, seismic, members = self.zones, self.asker.seismic_class, np.array([fault])
        known = float(zones.intensity[fault])
        intensity = self.rulebook.terms.intensity if np.isnan(known) else known
        exemption = table.exemption(intensity, float(zones.overburden_m[fault]), zones.fault_age[fault])
        kept_m, study = table.kept_m(intensity, seismic), table.asks_study(intensity, seismic)
        if exemption or (kept_m is None and not study):
            outcome = Outcome(RuleState.EXEMPT, Verdict.PERMITTED, rule, None, exemption or _of_class(seismic))
            yield _Demand(outcome, members, NEVER, max(table.reach_at_least_m(intensity, seismic), LINE_TOUCH_M))
            return
        if kept_m is not None:
            yield _Demand(self._outcome(rule), members, kept_m, kept_m)
        if study:
            outcome = Outcome(RuleState.STUDY, Verdict.RESTRICTED, rule)
            yield _Demand(outcome, members, table.study_reach_m, table.study_reach_m)

    def _unknown_grade(self, rules: tuple[Rule, ...], members: Members) -> _Demand:
        """A grade nobody knows is met as far off as the strictest rule of its hazard would be."""
        asker = self.asker
        reach = max((rule.reach_m(asker.project_class, asker.seismic_class) for rule in rules), default=0.0)
        outcome = Outcome(RuleState.UNKNOWN_GRADE, Verdict.INSUFFICIENT_DATA)
        return _Demand(outcome, members, reach, reach) if reach else self._met_by_overlap(outcome, members)

    def _met_by_overlap(self, outcome: Outcome, members: Members) -> _Demand:
        reach = self.by_overlap[members]
        return _Demand(outcome, members, reach, reach)

    def _outcome(self, rule: Rule) -> Outcome:
        project_class, on = self.asker.project_class, self.asker.on
        verdict = rule.verdicts[project_class].verdict
        return Outcome(RuleState.RULED, verdict, rule, rule.ground(project_class, on))


def _of_class(seismic: SeismicClass) -> Bilingual:
    return Bilingual(f"{seismic}类建筑", f"a building of seismic class {seismic}")
