"""Turns of the calendar that failed."""

from __future__ import annotations

from collections.abc import Iterator

from app.jobs.calendar import list_scheduled
from app.judgement.tasks import Caller, Task
from app.platform.work import Work
from gis_layers.stores.jobs import FAILED


def turns_failed(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of entries whose last run failed; the administrator's alone."""
    if caller.is_one_of():
        failed = [one for one in list_scheduled(work, caller.now) if one.last and one.last.state == FAILED]
        yield Task("turns_failed", len(failed), "/calendar")
