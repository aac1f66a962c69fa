"""The terms of the grading as ``rules/grading.toml`` gives them, read and checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from risk_model.message import msg
from risk_model.rulebook import RuleBook
from risk_model.rulebook.chains import SAME, Chains
from risk_model.rulebook.entries import Entry, read_backing
from risk_model.vocabulary import Product
from risk_model.weights import PairwiseWeights, weigh_pairwise

NOT_PRONE, UNKNOWN = "not_prone", "unknown"
EXPOSURE, VULNERABILITY = "exposure", "vulnerability"


@dataclass(frozen=True, slots=True)
class HazardTerms:
    """Terms of one hazard: the products it may be read from in order, its ``weight`` of the whole.

    ``not_prone`` says that surveyed ground outside its zones scores 0; else such ground counts as not surveyed.
    """

    key: str
    criterion: str
    weight: float
    products: tuple[str, ...]
    not_prone: bool
    mandatory: bool


@dataclass(frozen=True, slots=True)
class IndicatorTerms:
    """One figure of exposure or vulnerability and its weight within that part.

    ``by_range`` says that it is normalised over the units of a run; else it is 0–1 by itself.
    """

    key: str
    name_zh: str
    name_en: str
    part: str
    by_range: bool
    weight: float


@dataclass(frozen=True, slots=True)
class SetOff:
    """A hazard (its number among those graded) that raises another on the same ground to ``share`` of its own score."""

    cause: int
    effect: int
    share: float


@dataclass(frozen=True, slots=True)
class GradingTerms:
    """All of ``grading.toml``; shares, scores and weights 0–1. ``judged`` are the weights of the criteria.

    ``set_off`` is what hazard chains add, empty unless ``chains.toml`` says that chains count.
    """

    version: str
    scheme: str
    ease_steps: int
    lower_bounds: tuple[float, ...]
    least_surveyed_share: float
    swing: float
    shift_m: float
    not_lived_in: frozenset[str]
    criteria: tuple[str, ...]
    judged: PairwiseWeights
    hazards: tuple[HazardTerms, ...]
    geometric: bool
    least_exposure: float
    relief: float
    places_per_person: float
    indicators: tuple[IndicatorTerms, ...]
    fragility: Mapping[str, float]
    set_off: tuple[SetOff, ...] = ()

    @property
    def shifts_m(self) -> tuple[float, ...]:
        """Distances boundaries are moved by to see whether a grade stands, inward first."""
        return (-self.shift_m, self.shift_m) if self.shift_m else ()

    @property
    def measurings(self) -> int:
        """Number of times units are measured: as drawn, and for every shift."""
        return 1 + len(self.shifts_m)

    @property
    def weights(self) -> tuple[float, ...]:
        """The weights of the hazards, in their order; they sum to 1."""
        return tuple(hazard.weight for hazard in self.hazards)

    def of_part(self, part: str) -> tuple[IndicatorTerms, ...]:
        """The indicators of exposure or of vulnerability."""
        return tuple(indicator for indicator in self.indicators if indicator.part == part)


@lru_cache(maxsize=8)
def grading_terms(rulebook: RuleBook) -> GradingTerms:
    """The terms of ``rulebook``; InvalidRule names the entry and the mend, UnsoundWeights contradictory judgements."""
    entry = Entry("grading.toml", "grading", rulebook.documents.get("grading"))
    composite, breaks = _backed(entry, "composite"), _backed(entry, "breaks")
    coverage, stability, risk = _backed(entry, "coverage"), _backed(entry, "stability"), _backed(entry, "risk")
    weights, fragility, people = (_backed(entry, key) for key in ("weights", "fragility", "people"))
    weights.one_of("method", ("ahp",))
    breaks.one_of("kind", ("fixed",))
    criteria = weights.words("criteria")
    judged = _read_judgements(weights, len(criteria))
    scheme = composite.one_of("scheme", rulebook.schemes)
    hazards = _read_hazards(entry, rulebook, dict(zip(criteria, judged.weights, strict=True)))
    terms = GradingTerms(
        version=entry.text("version"),
        scheme=scheme,
        ease_steps=int(composite.number("ease_steps")),
        lower_bounds=_read_bounds(breaks, len(rulebook.scheme(scheme))),
        least_surveyed_share=_share(coverage, "least_surveyed_share"),
        swing=_share(stability, "swing"),
        shift_m=stability.number("shift_m"),
        not_lived_in=frozenset(people.words("not_lived_in")),
        criteria=criteria,
        judged=judged,
        hazards=hazards,
        geometric=risk.one_of("joining", ("geometric_mean", "product")) == "geometric_mean",
        least_exposure=_share(risk, "least_exposure"),
        relief=_share(risk, "relief"),
        places_per_person=risk.number("places_per_person"),
        indicators=tuple(_read_indicator(row) for row in entry.list_of("indicators")),
        fragility=_read_fragility(fragility.inner("words")),
        set_off=_set_off(rulebook.chains, [hazard.key for hazard in hazards]),
    )
    for table in (composite, breaks, coverage, stability, risk, weights, fragility, people, entry):
        table.close()
    return terms


def _backed(entry: Entry, key: str) -> Entry:
    table = entry.inner(key)
    read_backing(table)
    return table


def _share(entry: Entry, key: str) -> float:
    share = entry.number(key)
    if share > 1:
        raise entry.wrong(msg("'{key}' 是份额，不能超过 1", key=key))
    return share


def _read_judgements(entry: Entry, size: int) -> PairwiseWeights:
    rows = entry.value("judgements")
    try:
        matrix = [[float(Fraction(cell)) for cell in row] for row in rows]
    except (TypeError, ValueError, ZeroDivisionError) as trouble:
        raise entry.wrong(msg('\'judgements\' 应为整数和写在引号里的分数，如 "3"、"1/3"')) from trouble
    if len(matrix) != size:
        raise entry.wrong(msg("'judgements' 应为 {size} 项准则各给一行", size=size))
    return weigh_pairwise(matrix)


def _read_bounds(entry: Entry, classes: int) -> tuple[float, ...]:
    bounds = entry.value("lower_bounds")
    numbers = isinstance(bounds, list) and all(isinstance(bound, int | float) and 0 < bound < 1 for bound in bounds)
    if not numbers or len(bounds) != classes - 1 or bounds != sorted(set(bounds), reverse=True):
        raise entry.wrong(msg("'lower_bounds' 应为 {classes} 个介于 0 和 1 之间的递减分值", classes=classes - 1))
    return tuple(map(float, bounds))


def _read_hazards(entry: Entry, rulebook: RuleBook, judged: Mapping[str, float]) -> tuple[HazardTerms, ...]:
    rows = entry.list_of("hazards")
    hazards = tuple(_read_hazard(row, rulebook, judged) for row in rows)
    if len({hazard.key for hazard in hazards}) < len(hazards):
        raise entry.wrong(msg("每个灾种只能写一次"))
    for criterion, weight in judged.items():
        given = sum(hazard.weight for hazard in hazards if hazard.criterion == criterion)
        if abs(given - weight) > 1e-9:
            raise entry.wrong(msg("准则 '{criterion}' 各灾种的份额之和应为 1", criterion=criterion))
    return hazards


def _read_hazard(row: Entry, rulebook: RuleBook, judged: Mapping[str, float]) -> HazardTerms:
    criterion = row.one_of("criterion", judged)
    hazard = HazardTerms(
        key=row.one_of("key", rulebook.hazards),
        criterion=criterion,
        weight=judged[criterion] * _share(row, "share"),
        products=row.some_of("products", list(Product)),
        not_prone=row.one_of("without_zone", (NOT_PRONE, UNKNOWN)) == NOT_PRONE,
        mandatory=row.flag("mandatory"),
    )
    row.close()
    return hazard


def _read_indicator(row: Entry) -> IndicatorTerms:
    indicator = IndicatorTerms(
        key=row.one_of("key", ("population_density", "building_share", "fragile_share")),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        part=row.one_of("part", (EXPOSURE, VULNERABILITY)),
        by_range=row.one_of("scale", ("by_range", "as_is")) == "by_range",
        weight=row.number("weight"),
    )
    row.close()
    return indicator


def _read_fragility(entry: Entry) -> dict[str, float]:
    return {word: _share(entry, word) for word in entry}


def _set_off(chains: Chains, hazards: list[str]) -> tuple[SetOff, ...]:
    """Links that stay on the same ground, between two graded hazards, from one that stands for no other event."""
    events = chains.events
    sole = Counter(event.hazard for event in events.values())
    pairs = [(events[link.cause].hazard, events[link.effect].hazard, link) for link in chains.links]
    return tuple(
        SetOff(hazards.index(cause), hazards.index(effect), chains.shares[link.probability])
        for cause, effect, link in pairs
        if chains.counts and link.spread.rule == SAME and cause in hazards and effect in hazards and sole[cause] == 1
    )
