"""Joint reviews that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from app.judgement.tasks import Caller, Task
from app.platform.principals import Role
from app.platform.work import Work
from app.siting.review_acts import department_of
from app.siting.reviews import OPEN
from gis_layers.stores.review_notices import OPEN as OPEN_NOTICE
from gis_layers.stores.review_notices import NoticeQuery, count_notices
from gis_layers.stores.reviews import ReviewQuery, count_reviews


def reviews_waiting(work: Work, caller: Caller) -> Iterator[Task]:
    """Number of reviews on which everybody was heard and nothing is decided, of notices on decided ones, of opinions one's department owes."""
    if caller.is_one_of(Role.PLANNER, Role.APPROVER):
        heard = count_reviews(work.session, ReviewQuery(OPEN, heard=True))
        yield Task("reviews_waiting", heard, "/reviews?heard=true")
        told = count_notices(work.session, NoticeQuery((OPEN_NOTICE,)))
        yield Task("review_notices", told, "/reviews?judged_anew=true")
    department = department_of(caller.principal)
    if department is not None:
        owed = count_reviews(work.session, ReviewQuery(OPEN, owed_by=department))
        yield Task("opinions_owed", owed, f"/reviews?owed_by={department}")
