"""Difference of two judgements of one site: what a new edition or rulebook changed of the ground a joint review rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from risk_model.vocabulary import Verdict

SAME_M2: Final = 1.0
SAME_M: Final = 1.0
"""Overlaps and distances nearer to each other than this are the same. What is compared is what the review rests on, so nothing adds up."""

GroundKey = tuple[str, str, str, str]
"""Theme, product, the zone's number or the object's kind and number, and the part of the site, empty of one without parts."""


@dataclass(frozen=True, slots=True)
class MetGround:
    """Zone or object as a judgement met it: its ``grade`` as it is said and by ``scheme`` and ``rank`` (1 is the worst), its rules.

    Areas in m², distances in m. ``rules`` holds the verdict of every rule it meets; ``version`` is told and not compared, nor is
    ``part``, the part of the site that meets it.
    """

    name: str
    version: int | None
    grade: str | None
    scheme: str | None
    rank: int | None
    overlap_m2: float
    distance_m: float
    rules: Mapping[str, Verdict]
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Judgement of a site as far as it is compared: verdict, ground that was met, themes nobody surveyed, open conditions."""

    verdict: Verdict
    grounds: Mapping[GroundKey, MetGround]
    gaps: frozenset[str]
    conditions: frozenset[str]


@dataclass(frozen=True, slots=True)
class MetChange:
    """Ground that two judgements met otherwise; None on the side that did not meet it."""

    key: GroundKey
    before: MetGround | None
    now: MetGround | None

    @property
    def grown_m2(self) -> float:
        """Square metres of overlap gained (negative: lost)."""
        return (self.now.overlap_m2 if self.now else 0.0) - (self.before.overlap_m2 if self.before else 0.0)

    @property
    def rules_met(self) -> Mapping[str, Verdict]:
        """Rules met now that were not, or that judge otherwise now."""
        return _beyond(self.now, self.before)

    @property
    def rules_left(self) -> Mapping[str, Verdict]:
        """Rules met before that are not, or that judge otherwise now."""
        return _beyond(self.before, self.now)


@dataclass(frozen=True, slots=True)
class JudgementChange:
    """Change between two judgements of one site."""

    before: Verdict
    now: Verdict
    grounds: tuple[MetChange, ...]
    gaps_opened: frozenset[str]
    gaps_filled: frozenset[str]
    conditions_made: frozenset[str]
    conditions_gone: frozenset[str]

    @property
    def empty(self) -> bool:
        """Whether nothing changed that is compared."""
        sets = (self.gaps_opened, self.gaps_filled, self.conditions_made, self.conditions_gone)
        return self.before is self.now and not self.grounds and not any(sets)


def difference(before: Judgement, now: Judgement) -> JudgementChange:
    """Difference between two judgements; a zone's version alone makes none, for going back to an edition counts versions on."""
    keys = sorted({*before.grounds, *now.grounds})
    pairs = [(key, before.grounds.get(key), now.grounds.get(key)) for key in keys]
    return JudgementChange(
        before.verdict,
        now.verdict,
        tuple(MetChange(*pair) for pair in pairs if not _is_same(*pair[1:])),
        now.gaps - before.gaps,
        before.gaps - now.gaps,
        now.conditions - before.conditions,
        before.conditions - now.conditions,
    )


def saw_no_less(saw: Judgement, now: Judgement) -> bool:
    """Whether whoever spoke on ``saw`` had before them all that ``now`` holds against the site, none of it milder."""
    return (
        saw.verdict.severity >= now.verdict.severity
        and saw.gaps >= now.gaps
        and saw.conditions >= now.conditions
        and all(_is_no_milder(saw.grounds.get(key), met) for key, met in now.grounds.items())
    )


def worst_rules(rules: Iterable[tuple[str, Verdict]]) -> dict[str, Verdict]:
    """Verdict of every rule; of a rule told more than once the worst."""
    found: dict[str, Verdict] = {}
    for rule, verdict in rules:
        found[rule] = Verdict.worst((verdict, found.get(rule, verdict)))
    return found


def _is_same(before: MetGround | None, now: MetGround | None) -> bool:
    if before is None or now is None:
        return before is now
    return (
        (before.scheme, before.rank, before.grade) == (now.scheme, now.rank, now.grade)
        and dict(before.rules) == dict(now.rules)
        and abs(before.overlap_m2 - now.overlap_m2) < SAME_M2
        and abs(before.distance_m - now.distance_m) < SAME_M
    )


def _is_no_milder(saw: MetGround | None, now: MetGround) -> bool:
    if saw is None or not _is_grade_no_milder(saw, now):
        return False
    return (
        saw.overlap_m2 > now.overlap_m2 - SAME_M2
        and saw.distance_m < now.distance_m + SAME_M
        and all(
            rule in saw.rules and saw.rules[rule].severity >= verdict.severity for rule, verdict in now.rules.items()
        )
    )


def _is_grade_no_milder(saw: MetGround, now: MetGround) -> bool:
    if saw.scheme != now.scheme or saw.rank is None or now.rank is None:
        return (saw.scheme, saw.rank, saw.grade) == (now.scheme, now.rank, now.grade)
    return saw.rank <= now.rank


def _beyond(one: MetGround | None, other: MetGround | None) -> Mapping[str, Verdict]:
    others = other.rules if other else {}
    return {rule: verdict for rule, verdict in (one.rules if one else {}).items() if others.get(rule) is not verdict}
