"""Drafts of zones that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from app.judgement.tasks import Caller, Task
from app.platform.work import Work
from app.zones import drafts


def drafts_waiting(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of drafts that wait for this person's step."""
    yield Task("zone_drafts", len(drafts.waiting_for(work.session, caller.principal, caller.today)), "/zones/drafts")
