"""What waits for somebody who signs in: each counted by the feature that lists it, at the address of that list.

Features tell it as a ``Teller``; the table of contents of the service (``app.main``) gathers them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.platform.principals import Principal, Role
from app.platform.work import Work


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: what it is (a code of ``task``), how many of it, the list that shows exactly these, and its causes in sentences."""

    key: str
    count: int
    address: str
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody on a day, at a moment: whose tasks are asked for."""

    principal: Principal
    now: datetime.datetime
    today: datetime.date

    def is_one_of(self, *roles: Role) -> bool:
        """Whether this is a role the task is for; an admin sees those of all."""
        return self.principal.role in (*roles, Role.ADMIN)


Teller = Callable[[Work, Caller], Iterable[Task]]


def tasks_of(work: Work, caller: Caller, tellers: Iterable[Teller]) -> list[Task]:
    """Everything that waits for a person, in the order of the enumeration; a guest has no tasks."""
    return [] if caller.principal.visit is None else list(_told(work, caller, tellers))


def _told(work: Work, caller: Caller, tellers: Iterable[Teller]) -> Iterator[Task]:
    for tell in tellers:
        yield from (task for task in tell(work, caller) if task.count)
