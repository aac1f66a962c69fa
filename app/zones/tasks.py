"""Drafts of zones that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from app.judgement.tasks import Caller, Task
from app.platform.work import Work
from app.zones import drafts
from app.zones.deputies import acting


def drafts_waiting(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of drafts that wait for this person's step."""
    principals = {caller.principal, acting(work.session, caller.principal, caller.today)[0]}
    waiting = [one for who in principals for one in drafts.waiting_for(work.session, who, caller.today)]
    yield Task("zone_drafts", len({one.decision.id for one in waiting}), "/zones/drafts")
