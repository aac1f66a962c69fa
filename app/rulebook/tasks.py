"""Proposals of rules that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from app.judgement.tasks import Caller, Task
from app.platform.work import Work
from app.rulebook import service


def proposals_waiting(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of proposals that wait for this person's step."""
    waiting = service.waiting_for(work.session, caller.principal, caller.today)
    yield Task("proposals", len(waiting), "/rulebook/proposals")
