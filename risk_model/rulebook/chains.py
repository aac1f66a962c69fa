"""Hazard chains as ``rules/chains.toml`` gives them: events, the links between them, checked to have no circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from risk_model.message import msg
from risk_model.rulebook.entries import Entry, read_backing
from risk_model.vocabulary import Product

PROBABILITIES: Final = ("unlikely", "possible", "likely")
"""How probable a link is, the least probable first."""

AFFECTED: Final = ("villages", "enterprises", "facilities", "water_supply", "reservoirs", "roads", "canals")
"""What may stand in the way of an event."""

SAME, BUFFER, DOWNSTREAM, WIND = "same", "buffer", "downstream", "wind"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens: on the zones of ``hazard`` no milder than ``least_score``, or (None) wherever it is set off.

    ``at`` names the things of AFFECTED it happens to, and then it happens to those alone; ``words`` in the name of a zone
    tell it from other events of the same hazard.
    """

    key: str
    name_zh: str
    name_en: str
    hazard: str | None
    products: tuple[str, ...]
    least_score: float
    affects: tuple[str, ...]
    at: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventReach:
    """Reach of an event from the ground it begins on; metres and degrees, 0 where the rule has no use for them.

    ``bearing_deg`` is the direction it spreads towards, clockwise from north, ``spread_deg`` wide in all.
    """

    rule: str
    reach_m: float = 0.0
    width_m: float = 0.0
    kinds: tuple[str, ...] = ()
    bearing_deg: float = 0.0
    spread_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """One event sets off another after ``lag`` minutes (least, most); ``backing`` says what that rests on."""

    cause: str
    effect: str
    lag: tuple[float, float]
    spread: EventReach
    probability: str
    backing: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ZoneKind:
    """Facts chains ask of a zone: hazard, product, the score (0-1) of its grade where it has one, its name."""

    hazard: str
    product: str
    score: float | None
    name: str


@dataclass(frozen=True, slots=True)
class Chains:
    """All events and links; ``depth`` is the most links a chain has.

    ``counts`` says whether chains enter the grades of areas, ``shares`` then how much by probability.
    """

    depth: int
    join_m: float
    counts: bool
    shares: Mapping[str, float]
    events: Mapping[str, Event]
    links: tuple[Link, ...]

    def links_from(self, event: str) -> tuple[Link, ...]:
        """Links that ``event`` sets off, in file order."""
        return tuple(link for link in self.links if link.cause == event)

    def begun_by(self, zone: ZoneKind) -> tuple[Event, ...]:
        """The events that such a zone stands for and that set something off; none where its grade is too mild.

        Where no event's words are in the zone's name it may be any event of its hazard.
        """
        causes = {link.cause for link in self.links}
        fitting = [
            event
            for event in self.events.values()
            if event.key in causes
            and event.hazard == zone.hazard
            and zone.product in event.products
            and (zone.score is None or zone.score >= event.least_score)
        ]
        named = [event for event in fitting if any(word in zone.name for word in event.words)]
        return tuple(named or fitting)


NO_CHAINS: Final = Chains(0, 0.0, False, {}, {}, ())
"""A rulebook without the file tells of no chains."""


def read_chains(entry: Entry, hazards: Mapping[str, Any]) -> Chains:
    """The whole of ``chains.toml``; InvalidRule names the entry and the mend, and of a circle every event on it."""
    entry.text("version")
    terms, grading = entry.inner("terms"), entry.inner("grading")
    read_backing(terms)
    read_backing(grading)
    events = _read_events(entry, hazards)
    shares = grading.inner("shares")
    chains = Chains(
        depth=_whole(terms, "depth"),
        join_m=terms.number("join_m"),
        counts=grading.flag("counts"),
        shares={word: _share(shares, word) for word in PROBABILITIES},
        events=events,
        links=tuple(_read_link(row, events) for row in entry.list_of("links")),
    )
    for table in (terms, grading, shares, entry):
        table.close()
    _check_pairs(entry, chains.links)
    circle = find_circle(chains.links)
    if circle:
        names = " → ".join(f"{events[key].name_zh} ({key})" for key in circle)
        raise entry.wrong(msg("链条回到了起点：{names}；请去掉其中一环", names=names))
    return chains


def find_circle(links: Sequence[Link]) -> tuple[str, ...]:
    """The events of one circle, the first repeated at its end; empty where there is none."""
    after: dict[str, list[str]] = {}
    for link in links:
        after.setdefault(link.cause, []).append(link.effect)
    done: set[str] = set()
    for start, effects in after.items():
        path, waiting = [start], [iter(effects)]
        while path:
            effect = next(waiting[-1], None)
            if effect is None:
                done.add(path.pop())
                waiting.pop()
            elif effect in path:
                return (*path[path.index(effect) :], effect)
            elif effect not in done:
                path.append(effect)
                waiting.append(iter(after.get(effect, ())))
    return ()


def _read_events(entry: Entry, hazards: Mapping[str, Any]) -> dict[str, Event]:
    events = [_read_event(row, hazards) for row in entry.list_of("events")]
    if len({event.key for event in events}) < len(events):
        raise entry.wrong(msg("每个事件只能写一次"))
    return {event.key: event for event in events}


def _read_event(row: Entry, hazards: Mapping[str, Any]) -> Event:
    hazard = row.text("hazard", "")
    event = Event(
        key=row.text("key"),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        hazard=row.check_word("hazard", hazard, hazards) if hazard else None,
        products=row.some_of("products", list(Product)) if hazard else (),
        least_score=_share(row, "least_score") if hazard else 0.0,
        affects=row.some_of("affects", AFFECTED),
        at=row.one_of("at", AFFECTED) if "at" in row else None,
        words=row.words("words", ()),
    )
    row.close()
    return event


def _read_link(row: Entry, events: Mapping[str, Event]) -> Link:
    least, most = row.number("lag_min"), row.number("lag_max")
    if most < least:
        raise row.wrong(msg("'lag_max' 不能短于 'lag_min'"))
    link = Link(
        cause=row.one_of("from", events),
        effect=row.one_of("to", events),
        lag=(least, most),
        spread=_read_spread(row.inner("spatial")),
        probability=row.one_of("probability", PROBABILITIES),
        backing=read_backing(row),
    )
    row.close()
    return link


def _read_spread(entry: Entry) -> EventReach:
    rule = entry.one_of("rule", (SAME, BUFFER, DOWNSTREAM, WIND))
    spread = EventReach(rule)
    if rule == BUFFER:
        spread = EventReach(rule, reach_m=entry.number("m"))
    elif rule == DOWNSTREAM:
        spread = EventReach(rule, entry.number("km") * 1000.0, entry.number("width_m"), entry.words("kinds"))
    elif rule == WIND:
        towards, wide = entry.number("bearing_deg"), entry.number("spread_deg")
        if not 0 < wide <= 180:
            raise entry.wrong(msg("'spread_deg' 应大于 0 且不超过 180"))
        spread = EventReach(rule, entry.number("km") * 1000.0, bearing_deg=towards, spread_deg=wide)
    entry.close()
    return spread


def _check_pairs(entry: Entry, links: Sequence[Link]) -> None:
    pairs = [(link.cause, link.effect) for link in links]
    for cause, effect in pairs:
        if pairs.count((cause, effect)) > 1:
            raise entry.wrong(msg("从 {cause} 到 {effect} 只能有一条链环", cause=cause, effect=effect))


def _whole(entry: Entry, key: str) -> int:
    number = entry.number(key)
    if number != int(number) or number < 1:
        raise entry.wrong(msg("'{key}' 应为大于 0 的整数", key=key))
    return int(number)


def _share(entry: Entry, key: str) -> float:
    share = entry.number(key)
    if share > 1:
        raise entry.wrong(msg("'{key}' 是份额，不能超过 1", key=key))
    return share
