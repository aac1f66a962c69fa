"""The order in which forces are named: who meets the card, then who meets part of it, each by when they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from risk_model.dispatch.forces import ForceOnRecord
from risk_model.dispatch.run_cards import RunCard


@dataclass(frozen=True, slots=True)
class Arrival:
    """A force and the seconds until it is there; None where it cannot come, for ``unreachable`` (a code)."""

    force: ForceOnRecord
    seconds: float | None
    unreachable: str | None = None


def ranked(arrivals: Sequence[Arrival], card: RunCard) -> list[Arrival]:
    """The arrivals in the order they are named; whoever cannot come stands last, and ties go by key."""
    return sorted(arrivals, key=lambda arrival: _place(arrival, card))


def _place(arrival: Arrival, card: RunCard) -> tuple[bool, int, float, str]:
    met = len(card.met_by(arrival.force.capabilities))
    part = 0 if met == len(card.needs) else 1 if met else 2
    cannot = arrival.seconds is None
    return cannot, part, 0.0 if arrival.seconds is None else arrival.seconds, arrival.force.key


def lacking(arrivals: Sequence[Arrival], card: RunCard) -> dict[str, int]:
    """How many forces with each capability the card calls for beyond those that can come; none where all are there."""
    coming = [arrival.force.capabilities for arrival in arrivals if arrival.seconds is not None]
    there = {word: sum(word in capabilities for capabilities in coming) for word in card.needs}
    return {word: count - there[word] for word, count in card.needs.items() if there[word] < count}
