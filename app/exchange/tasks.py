"""Layers that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from app.judgement.tasks import Caller, Task
from app.platform.principals import Role
from app.platform.work import Work
from app.reports.deliveries import read_deliveries


def layers_missing(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of expected layers that were never received."""
    if caller.is_one_of(Role.OFFICER):
        counted = read_deliveries(work, caller.principal).counted
        yield Task("layers_missing", counted["missing"], "/deliveries")
