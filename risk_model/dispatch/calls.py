"""Calls to villages (叫应): whether anybody was called, and whether anybody answered; nobody answered until somebody says so."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

NOT_CALLED: Final = "not_called"
NO_ANSWER: Final = "no_answer"
ANSWERED: Final = "answered"
CallWord = Literal["not_called", "no_answer", "answered"]


@dataclass(frozen=True, slots=True)
class VillageCall:
    """A call to somebody of a village, known by ``code`` or, where nobody told one, by ``village``, its name."""

    village: str
    code: str | None
    who: str
    answered: bool
    at: datetime.datetime

    def is_to(self, village: str, code: str | None) -> bool:
        """Whether it went to the village of that name and code; a name alone says nothing where both have codes."""
        return self.code == code if self.code and code else self.village == village


@dataclass(frozen=True, slots=True)
class CallState:
    """Where a village stands: ``attempts`` nobody answered, ``since`` the first call, ``who`` answered or was called last, ``at`` when."""

    state: CallWord
    attempts: int = 0
    since: datetime.datetime | None = None
    who: str | None = None
    at: datetime.datetime | None = None


def call_state(calls: Iterable[VillageCall]) -> CallState:
    """State of one village after all calls to it: one answer is an answer, whoever else was called in vain."""
    made = sorted(calls, key=lambda one: one.at)
    if not made:
        return CallState(NOT_CALLED)
    heard = [one for one in made if one.answered]
    told = heard[-1] if heard else made[-1]
    return CallState(ANSWERED if heard else NO_ANSWER, len(made) - len(heard), made[0].at, told.who, told.at)
