"""Inspections of an enterprise: when one is due, and by which documents it is judged."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from risk_model.deadlines import days_late
from risk_model.enterprises.terms import UNASSESSED, Criteria, EnterpriseTerms
from risk_model.vocabulary import Colour


@dataclass(frozen=True, slots=True)
class InspectionState:
    """``due`` is None for an enterprise never inspected, which is due at once; ``overdue_days`` counts from the day after."""

    months: int
    last: date | None
    due: date | None
    overdue: bool
    overdue_days: int


def next_inspection(colour: Colour | None, last: date | None, on: date, terms: EnterpriseTerms) -> InspectionState:
    """State of inspection: when the next is due by the ``colour`` in force, and whether overdue on day ``on``.

    The due day itself is not overdue. An enterprise nobody assessed has the interval of ``unassessed``.
    """
    months = terms.months[colour.value if colour else UNASSESSED]
    if last is None:
        return InspectionState(months, None, None, overdue=True, overdue_days=0)
    due = add_months(last, months)
    late = days_late(due, on)
    return InspectionState(months, last, due, overdue=late > 0, overdue_days=late)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def criteria_of(sector: str, chosen: str | None, on: date, terms: EnterpriseTerms) -> tuple[Criteria, ...]:
    """The document ``chosen`` for an enterprise, else every one in force on ``on`` that is for its sector."""
    if chosen is not None:
        return tuple(one for one in terms.criteria if one.id == chosen)
    return tuple(one for one in terms.criteria if sector in one.sectors and one.in_force(on))
