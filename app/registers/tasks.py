"""Rows of the registers that cannot be relied upon any more, counted as their lists count them."""

from __future__ import annotations

from collections.abc import Iterator

from app.judgement.tasks import Caller, Task
from app.platform.principals import Role
from app.platform.work import Work
from app.registers.register_page import narrowed
from app.registers.register_views import SHEETS, limits_of, stored_as
from gis_layers.stores.lists import ListQuery, count_list

WATCHED = {
    "dangers_overdue": ("hidden-dangers", "overdue", (Role.OFFICER, Role.APPROVER)),
    "agreements_expired": ("forces", "expired", (Role.DISPATCHER,)),
    "forces_stale": ("forces", "stale", (Role.DISPATCHER,)),
    "forces_unverified": ("forces", "unverified", (Role.DISPATCHER,)),
    "stations_stale": ("stations", "stale", (Role.DISPATCHER,)),
    "shelters_stale": ("shelters", "stale", (Role.DISPATCHER, Role.OFFICER)),
    "assessments_expired": ("regional-assessments", "expired", (Role.PLANNER,)),
}
"""Which lapse of which register is whose to see to, by the code of its task."""


def lapses_to_see_to(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of rows of each watched register with its lapse."""
    for key, (layer, lapse, roles) in WATCHED.items():
        if caller.is_one_of(*roles):
            sheet = SHEETS[layer]
            query = narrowed(sheet, ListQuery(before=limits_of(sheet, lapse, caller.today)))
            count = count_list(work.session, stored_as(layer), query)
            yield Task(key, count, f"/registers/{layer}?lapse={lapse}")
