"""The life of something decided: its states and the steps between them, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from risk_model.message import Message, bilingual


@dataclass(frozen=True, slots=True)
class LifeState:
    """A state of a life. An ``end`` has no way out.

    ``awaits`` are the steps this state waits for, of anybody who may take them or, where ``awaits_of`` names a party, of
    those persons alone. ``due`` names the day by which it is left; None where no day is set. ``level`` is how grave the
    matter is by then (None: nobody proved it yet), ``records`` are the days on record in it, ``entry`` whether something
    may come to a register in it, ``passed`` whether the matter may go on to what follows it.
    """

    key: str
    end: bool = False
    awaits: tuple[str, ...] = ()
    awaits_of: str | None = None
    due: str | None = None
    level: str | None = None
    records: tuple[str, ...] = ()
    entry: bool = False
    passed: bool = False


@dataclass(frozen=True, slots=True)
class LifeStep:
    """A step from one of the states ``leaves`` (none: it begins a life) to ``to``, for people of one of ``roles``.

    ``only`` are the parties of which whoever takes it must be one, ``never`` those of which nobody may. ``needs`` must
    be on record before; ``asks`` comes with the step itself, and ``records`` of it is on record afterwards. A step that
    ``opens`` something leaves it to be settled by one that ``settles`` it, which puts on record what the opening brought.
    """

    key: str
    names: tuple[str, str]
    leaves: frozenset[str]
    to: str
    roles: tuple[str, ...]
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    opens: str | None = None
    settles: str | None = None

    @property
    def name(self) -> Message:
        """What the step is called."""
        return bilingual(*self.names)


@dataclass(frozen=True, slots=True)
class Life:
    """A life: states and steps by key; ``parties`` are the persons who took one of the named steps."""

    key: str
    states: Mapping[str, LifeState]
    steps: Mapping[str, LifeStep]
    parties: Mapping[str, tuple[str, ...]]

    @property
    def beginnings(self) -> tuple[LifeStep, ...]:
        """The steps a life begins with."""
        return tuple(step for step in self.steps.values() if not step.leaves)

    @property
    def ends(self) -> tuple[str, ...]:
        """The states without a way out."""
        return tuple(state.key for state in self.states.values() if state.end)

    def due_by(self, day: str) -> tuple[str, ...]:
        """The states that are to be left by the day of this name."""
        return tuple(state.key for state in self.states.values() if state.due == day)

    def of_level(self, level: str) -> tuple[str, ...]:
        """The states in which the matter is of this level."""
        return tuple(state.key for state in self.states.values() if state.level == level)

    def recording(self, day: str) -> tuple[str, ...]:
        """The states in which the day of this name is on record."""
        return tuple(state.key for state in self.states.values() if day in state.records)

    @property
    def passed(self) -> tuple[str, ...]:
        """The states from which the matter may go on to what follows it."""
        return tuple(state.key for state in self.states.values() if state.passed)

    @property
    def entries(self) -> tuple[str, ...]:
        """The states in which something may come to a register."""
        return tuple(state.key for state in self.states.values() if state.entry)

    def reached_without(self, party: str) -> tuple[str, ...]:
        """The states that nobody of this party leads to."""
        reached = {step.to for step in self.steps.values() if party in step.never}
        return tuple(state for state in self.states if state in reached)

    def reached_by(self, party: str) -> tuple[str, ...]:
        """The states that only this party leads to."""
        reached = {step.to for step in self.steps.values() if party in step.only}
        return tuple(state for state in self.states if state in reached)

    def leaving(self, state: str) -> tuple[LifeStep, ...]:
        """The steps out of a state, in the order of the data."""
        return tuple(step for step in self.steps.values() if state in step.leaves)
