"""Checks that lacked data and can be made again."""

from __future__ import annotations

from collections.abc import Iterator

from app.archive.service import in_force
from app.judgement.tasks import Caller, Task
from app.platform.work import Work
from gis_layers.stores.checks import count_checks


def checks_lacking(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of one's own checks that lacked data under zones or rules that have changed since."""
    count = count_checks(work.session, caller.principal.name, in_force(work))
    yield Task("checks_lacking", count, "/checks?lacking=true")
