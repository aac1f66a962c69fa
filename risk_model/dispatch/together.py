"""The forces that together meet a run card, and what nobody brings soon enough."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from risk_model.dispatch.order import Arrival, lacking
from risk_model.dispatch.run_cards import RunCard


@dataclass(frozen=True, slots=True)
class Together:
    """Forces in the order they arrive, each with what it brings of the card; none of them can be spared.

    ``complete_s`` is when the last of what is called for is there, None where some of it is ``lacking`` so long.
    """

    members: tuple[tuple[Arrival, tuple[str, ...]], ...]
    complete_s: float | None
    lacking: Mapping[str, int]


def meeting_together(arrivals: Sequence[Arrival], card: RunCard, within_s: float) -> Together:
    """Whoever is there first with something still called for, without those that turn out to be spare."""
    in_time = [one for one in arrivals if one.seconds is not None and one.seconds <= within_s]
    chosen: list[Arrival] = []
    for one in sorted(in_time, key=_moment):
        missing = lacking(chosen, card)
        if any(word in missing for word in one.force.capabilities):
            chosen.append(one)
    missing = lacking(chosen, card)
    for one in reversed(list(chosen)):
        others = [other for other in chosen if other is not one]
        if lacking(others, card) == missing:
            chosen = others
    brings = tuple((one, tuple(card.met_by(one.force.capabilities))) for one in chosen)
    is_complete = bool(card.needs) and not missing
    return Together(brings, max((_moment(one)[0] for one in chosen), default=None) if is_complete else None, missing)


def _moment(one: Arrival) -> tuple[float, str]:
    assert one.seconds is not None, "who does not come is in no set"
    return one.seconds, one.force.key


@cache
def within_s() -> float:
    """The seconds from the call within which a run card is to be met."""
    text = (resources.files("risk_model.dispatch") / "together.toml").read_text(encoding="utf-8")
    return read_within_s(tomllib.loads(text))


def read_within_s(table: Mapping[str, Any]) -> float:
    """The same from its table. Raises ValueError for no time at all."""
    minutes = float(table["within_min"])
    if minutes <= 0:
        raise ValueError("together.toml: nobody is there at once.")
    return minutes * 60
