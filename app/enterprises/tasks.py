"""Inspections that are due."""

from __future__ import annotations

from collections.abc import Iterator

from app.enterprises.service import inspections_due
from app.judgement.tasks import Caller, Task
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.stores.enterprises import EnterpriseQuery, count_enterprises


def inspections_waiting(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of enterprises whose inspection is overdue or was never made."""
    if caller.is_one_of(Role.OFFICER):
        query = EnterpriseQuery(due=inspections_due(work, caller.today))
        yield Task("inspections_due", count_enterprises(work.session, query), "/enterprises?due=overdue")
