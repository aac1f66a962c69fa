"""Joint reviews that wait for somebody."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Final

from app.judgement.tasks import Caller, Task
from app.platform.principals import Role
from app.platform.work import Work
from app.siting.review_acts import department_of
from app.siting.reviews import OPEN
from gis_layers.stores.review_notices import OPEN as OPEN_NOTICE
from gis_layers.stores.review_notices import NoticeQuery, count_notices, find_standing, list_withdrawals, read_withdrawn
from gis_layers.stores.reviews import ReviewQuery, count_reviews

JUDGED_ANEW: Final = "/reviews?judged_anew=true"
TOLD_FOR: Final = datetime.timedelta(days=14)
"""So long a withdrawal is told: nobody has to settle it."""


def reviews_waiting(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of reviews on which everybody was heard and nothing is decided, of notices on decided ones, of opinions one's department owes."""
    if caller.is_one_of(Role.PLANNER, Role.APPROVER):
        heard = count_reviews(work.session, ReviewQuery(OPEN, heard=True))
        yield Task("reviews_waiting", heard, "/reviews?heard=true")
        told = count_notices(work.session, NoticeQuery((OPEN_NOTICE,)))
        yield Task("review_notices", told, JUDGED_ANEW)
        yield from _withdrawn(work, caller.now)
    department = department_of(caller.principal)
    if department is not None:
        owed = count_reviews(work.session, ReviewQuery(OPEN, owed_by=department))
        yield Task("opinions_owed", owed, f"/reviews?owed_by={department}")


def _withdrawn(work: Work, now: datetime.datetime) -> Iterator[Task]:
    """The newest withdrawal as one, with its cause, as far as its reviews are judged as they were decided still."""
    for newest in list_withdrawals(work.session, limit=1)[0]:
        withdrawn = read_withdrawn(work.session, [newest.id])
        reviews = {review.id for _, review in withdrawn if find_standing(work.session, review.id) is None}
        if reviews and newest.created_at > now - TOLD_FOR:
            yield Task("review_withdrawals", len(reviews), JUDGED_ANEW, tuple(newest.told["cause"]))
