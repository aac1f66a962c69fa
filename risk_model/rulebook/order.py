"""The order of ground: what is worse, or not known, is never judged milder, whatever a deployment changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise, product

from risk_model.rulebook.grades import Scheme
from risk_model.rulebook.hazards import Hazard
from risk_model.rulebook.rules import Rule
from risk_model.vocabulary import CorridorKind, ProjectClass, Verdict

INTENSE = (None, 5.0, 15.0, 29.0, 30.0, 31.0, 60.0, 1000.0)
"""Minutes until the water comes, the worst first: unknown counts as the earliest."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Ground of one hazard as rules can tell it apart; ``rank`` 0 where it carries no grade."""

    scheme: str = ""
    rank: int = 0
    arrival_min: float | None = None
    corridor_kind: str = CorridorKind.UNKNOWN


@dataclass(frozen=True, slots=True)
class Disorder:
    """A rule on better ground that no rule on worse ground is as strict as."""

    rule: Rule
    project_class: ProjectClass
    worse: Spot
    better: Spot


Demand = tuple[int, float, Rule | None]


def disorders(hazard: Hazard, schemes: dict[str, Scheme]) -> Iterator[Disorder]:
    """Every place where ``hazard``'s rules judge worse ground milder, or a building of unknown kind milder than a known one."""
    buildings = sorted(frozenset[str]().union(*(r.building_types | r.except_building_types for r in hazard.rules)))
    asked = product(sorted(hazard.products_read), ProjectClass, _turns(hazard))
    for what, one, on in asked:
        rules = hazard.rules_for(what, on)
        for worse, better in _pairs(hazard, schemes):
            for building in (None, *buildings):
                yield from _milder(rules, (one, building, building), worse, better)
        for building in buildings:
            for spot in {spot for pair in _pairs(hazard, schemes) for spot in pair} | {Spot()}:
                yield from _milder(rules, (one, None, building), spot, spot)


def _turns(hazard: Hazard) -> list[date]:
    """Every day on which a rule begins, and the day after one ends."""
    begun = {rule.valid_from for rule in hazard.rules}
    return sorted(begun | {rule.valid_to + timedelta(days=1) for rule in hazard.rules if rule.valid_to})


def _pairs(hazard: Hazard, schemes: dict[str, Scheme]) -> Iterator[tuple[Spot, Spot]]:
    """Spots that differ in one thing, the worse one first."""
    for key in hazard.schemes:
        ranks = range(1, len(schemes[key].grades) + 1)
        yield from pairwise(Spot(key, rank) for rank in ranks)
    yield from pairwise(Spot(arrival_min=minutes) for minutes in INTENSE)
    unknown = Spot()
    yield from ((unknown, replace(unknown, corridor_kind=kind)) for kind in CorridorKind)


def _milder(
    rules: Iterable[Rule], asker: tuple[ProjectClass, str | None, str | None], worse: Spot, better: Spot
) -> Iterator[Disorder]:
    one, building_of_worse, building_of_better = asker
    strict = list(_demands(rules, one, building_of_worse, worse))
    for severity, reach_m, rule in _demands(rules, one, building_of_better, better):
        met = any(other >= severity and reach >= reach_m for other, reach, _ in strict)
        if severity and rule is not None and not met:
            yield Disorder(rule, one, worse, better)


def _demands(rules: Iterable[Rule], one: ProjectClass, building: str | None, spot: Spot) -> Iterator[Demand]:
    spoken = False
    for rule in rules:
        if rule.silent_for(one) or not rule.speaks_of(building) or not _fits(rule, spot):
            continue
        spoken = True
        yield rule.verdicts[one].verdict.severity, rule.metres, rule
    if not spoken:
        yield Verdict.INSUFFICIENT_DATA.severity, max((rule.metres for rule in rules), default=0.0), None


def _fits(rule: Rule, spot: Spot) -> bool:
    if not rule.knows(spot.scheme, spot.rank) or (
        rule.corridor_kinds and spot.corridor_kind not in rule.corridor_kinds
    ):
        return False
    arrival = spot.arrival_min
    for condition in rule.conditions:
        if condition.attribute == "arrival_min" and not _holds(condition.operator, arrival, condition.value):
            return False
    return True


def _holds(operator: str, value: float | None, limit: float) -> bool:
    if value is None:
        return operator in ("at_most", "at_least")
    compared = {"at_most": value <= limit, "at_least": value >= limit, "above": value > limit, "below": value < limit}
    return compared[operator]
