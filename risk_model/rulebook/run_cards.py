"""Run cards as rules: what an incident calls for by its kind, its place, the time and its rescue level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Any, Final

from risk_model.incidents import Capability, IncidentKind, IncidentPlace, RescueLevel, RoadClass, TimeOfDay
from risk_model.message import msg
from risk_model.rulebook.entries import Entry, read_backing
from risk_model.vocabulary import BasisKind

FILE: Final = "run_cards"
TERMS: Final = "terms"
MOST_FORCES: Final = 99
HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class RunCardRule:
    """Rule of what a kind of incident calls for; ``needs`` are forces with a capability at each level, the lightest first.

    Without ``places`` or ``times`` it is for all of them; ``ordinary`` is the level where nobody tells one.
    """

    key: str
    kind: IncidentKind
    places: frozenset[IncidentPlace]
    times: frozenset[TimeOfDay]
    ordinary: RescueLevel
    needs: Mapping[str, tuple[int, ...]]
    basis: str
    basis_en: str
    source: str
    source_en: str
    basis_kind: BasisKind

    @property
    def rank(self) -> tuple[bool, bool]:
        """How special it is: place and time before place, that before time, that before neither."""
        return bool(self.places), bool(self.times)

    def fits(self, kind: str, place: str | None, time: str) -> bool:
        """Whether it is for such an incident; of a place nobody knows only what is for every place is."""
        return (
            self.kind == kind and (not self.places or place in self.places) and (not self.times or time in self.times)
        )

    def calls_for(self, level: RescueLevel) -> dict[str, int]:
        """Forces with each capability at a level, without those it calls for none of."""
        at = list(RescueLevel).index(level)
        return {word: counts[at] for word, counts in self.needs.items() if counts[at]}

    def meets(self, other: RunCardRule) -> bool:
        """Whether one incident may fit both with nothing to tell which counts."""
        apart = (self.places and self.places.isdisjoint(other.places)) or (
            self.times and self.times.isdisjoint(other.times)
        )
        return self.kind == other.kind and self.rank == other.rank and not apart


@dataclass(frozen=True, slots=True)
class RunCards:
    """The run cards of a rulebook by their keys, and how place and time are told.

    ``reach_m`` are metres from a point; ``road_classes`` those of roads that count; ``night_from`` and ``night_to`` hours of the clock.
    """

    rules: Mapping[str, RunCardRule]
    reach_m: Mapping[IncidentPlace, float]
    road_classes: frozenset[str]
    night_from: int
    night_to: int

    def rule(self, kind: str, place: str | None, time: str) -> RunCardRule:
        """The one card for such an incident: the most special that fits; every kind has one without conditions."""
        fitting = (rule for rule in self.rules.values() if rule.fits(kind, place, time))
        return max(fitting, key=lambda rule: rule.rank)

    def place(self, away_m: Mapping[IncidentPlace, float]) -> IncidentPlace | None:
        """What a place is, by the metres to the nearest of each; None where nothing on record is near enough."""
        near = (one for one in IncidentPlace if one in away_m and away_m[one] <= self.reach_m[one])
        return next(near, None)

    def time(self, hour: int) -> TimeOfDay:
        """Day or night at an hour (0 to 23) of the local clock."""
        since_dusk, long = (hour - self.night_from) % HOURS, (self.night_to - self.night_from) % HOURS
        return TimeOfDay.NIGHT if since_dusk < long else TimeOfDay.DAY


def read_run_cards(documents: Mapping[str, Any]) -> RunCards | None:
    """The run cards of the file; None in books from before it. InvalidRule names the card and the mend."""
    if FILE not in documents:
        return None
    entry = Entry(f"{FILE}.toml", FILE, documents[FILE])
    entry.text("version")
    cards = [_read_card(key, entry.inner(key)) for key in entry if key not in ("version", TERMS)]
    rules = {card.key: card for card in sorted(cards, key=lambda card: card.key)}
    _check_choice(entry, rules.values())
    terms = entry.inner(TERMS)
    read_backing(terms)
    run_cards = RunCards(
        rules=MappingProxyType(rules),
        reach_m=MappingProxyType({one: terms.number(f"{one}_m") for one in IncidentPlace}),
        road_classes=frozenset(terms.some_of("road_classes", list(RoadClass))),
        night_from=_hour(terms, "night_from"),
        night_to=_hour(terms, "night_to"),
    )
    terms.close()
    entry.close()
    return run_cards


def _read_card(key: str, entry: Entry) -> RunCardRule:
    backing, needs = read_backing(entry), entry.inner("needs")
    rule = RunCardRule(
        key=key,
        kind=IncidentKind(entry.one_of("kind", list(IncidentKind))),
        places=frozenset(map(IncidentPlace, entry.some_of("places", list(IncidentPlace), ()))),
        times=frozenset(map(TimeOfDay, entry.some_of("times", list(TimeOfDay), ()))),
        ordinary=RescueLevel(entry.one_of("ordinary", list(RescueLevel))),
        needs=MappingProxyType(
            {needs.check_word("needs", word, list(Capability)): _counts(needs, word) for word in needs}
        ),
        basis=backing["basis"],
        basis_en=backing["basis_en"],
        source=backing["source"],
        source_en=backing["source_en"],
        basis_kind=backing["basis_kind"],
    )
    if not rule.calls_for(RescueLevel.FIRST):
        raise entry.wrong(msg("一级也至少要派一支力量"))
    entry.close()
    return rule


def _counts(needs: Entry, word: str) -> tuple[int, ...]:
    """Forces at each level; a higher level never asks for less."""
    counts = needs.value(word)
    whole = isinstance(counts, list) and all(type(one) is int and 0 <= one <= MOST_FORCES for one in counts)
    if not whole or len(counts) != len(RescueLevel):
        raise needs.wrong(
            msg("'{word}' 应为四个 0 到 {most} 的整数，依次是救援等级一级到四级", word=word, most=MOST_FORCES)
        )
    if counts != sorted(counts):
        raise needs.wrong(msg("'{word}' 在较高的救援等级上不能更少；请按一级到四级不减的次序填写", word=word))
    return tuple(counts)


def _hour(terms: Entry, key: str) -> int:
    hour = terms.number(key)
    if not hour.is_integer() or hour >= HOURS:
        raise terms.wrong(msg("'{key}' 应为 0 到 23 的整点", key=key))
    return int(hour)


def _check_choice(entry: Entry, rules: Iterable[RunCardRule]) -> None:
    """InvalidRule where a kind has no card without conditions, or nothing tells which of two counts."""
    listed = list(rules)
    for kind in IncidentKind:
        if not any(rule.kind is kind and rule.rank == (False, False) for rule in listed):
            raise entry.wrong(msg("事件类型 '{kind}' 缺少一个不限地点和时段的方案", kind=kind))
    for one, other in combinations(listed, 2):
        if one.meets(other):
            raise entry.wrong(
                msg(
                    "'{one}' 与 '{other}' 适用于同样的事件，无法判定用哪一个；请改正地点或时段",
                    one=one.key,
                    other=other.key,
                )
            )
