"""Whether a new value of a field is stricter than the old one: decided by the field's direction, never guessed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from risk_model.rulebook.fields import Direction

SEVERITY = {"": 0, "A": 0, "R": 1, "F": 2}
WIDENS = {
    "at_most": Direction.RISING,
    "below": Direction.RISING,
    "at_least": Direction.FALLING,
    "above": Direction.FALLING,
}


class Sense(StrEnum):
    """Effect of a change: nothing, make stricter, make milder, or something no order decides."""

    SAME = "same"
    TIGHTER = "tighter"
    LOOSER = "looser"
    UNORDERED = "unordered"


def sense_of(direction: Direction, old: Any, new: Any) -> Sense:
    """Sense from ``old`` to ``new``; values no order covers are UNORDERED. ``by_operator`` must be resolved first."""
    if direction is Direction.SEVERITY:
        return _rank(_severity(old), _severity(new))
    if old == new and type(old) is type(new):
        return Sense.SAME
    compare = _COMPARED.get(direction)
    return Sense.UNORDERED if compare is None else compare(old, new)


def _severity(cell: Any) -> int | None:
    return SEVERITY.get(str(cell).partition("-")[0])


def _rank(old: float | None, new: float | None) -> Sense:
    if old is None or new is None:
        return Sense.UNORDERED
    if old == new:
        return Sense.SAME
    return Sense.TIGHTER if new > old else Sense.LOOSER


def _rising(old: Any, new: Any) -> Sense:
    return _rank(*(value if is_number(value) else None for value in (old, new)))


def _falling(old: Any, new: Any) -> Sense:
    return _rising(new, old)


def _distance(old: Any, new: Any) -> Sense:
    return _rising(*(0.0 if value == "none" else value for value in (old, new)))


def _more(old: Any, new: Any) -> Sense:
    if not _is_plain_list(old) or not _is_plain_list(new):
        return Sense.UNORDERED
    less, more = set(old), set(new)
    if less == more:
        return Sense.SAME
    return Sense.TIGHTER if less < more else Sense.LOOSER if more < less else Sense.UNORDERED


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str | int | float) for each in value)


def _fewer(old: Any, new: Any) -> Sense:
    return _more(new, old)


def _falling_each(old: Any, new: Any) -> Sense:
    return _rising_each(new, old)


def _rising_each(old: Any, new: Any) -> Sense:
    numbers = isinstance(old, list) and isinstance(new, list) and all(map(is_number, [*old, *new]))
    if not numbers or len(old) != len(new):
        return Sense.UNORDERED
    return _only({_rising(one, other) for one, other in zip(old, new, strict=True)} - {Sense.SAME})


def _yes(old: Any, new: Any) -> Sense:
    return _rank(old, new) if isinstance(old, bool) and isinstance(new, bool) else Sense.UNORDERED


def _only(senses: set[Sense]) -> Sense:
    if not senses:
        return Sense.SAME
    return senses.pop() if len(senses) == 1 else Sense.UNORDERED


def is_number(value: Any) -> bool:
    """Whether ``value`` is a finite number and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_COMPARED: Mapping[Direction, Callable[[Any, Any], Sense]] = {
    Direction.RISING: _rising,
    Direction.FALLING: _falling,
    Direction.FALLING_EACH: _falling_each,
    Direction.RISING_EACH: _rising_each,
    Direction.MORE: _more,
    Direction.FEWER: _fewer,
    Direction.DISTANCE: _distance,
    Direction.YES: _yes,
}
