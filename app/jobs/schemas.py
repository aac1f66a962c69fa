"""Answers of the routes of the calendar."""

from __future__ import annotations

import datetime

from pydantic import BaseModel

from gis_layers.stores.jobs import JobState


class CalendarRun(BaseModel):
    """A job of the calendar; ``turn`` is null where it was started by hand, ``retry`` how often the turn had failed before."""

    job: int
    state: JobState
    turn: datetime.datetime | None
    retry: int
    created_by: str
    created_at: datetime.datetime
    ended_at: datetime.datetime | None
    error: str | None


class CalendarItem(BaseModel):
    """An entry of the calendar: ``when`` in Beijing time, its ``last`` run and its ``next`` turn, null where turned off.

    ``again`` is the moment at which a turn that failed is begun again, null where it is not.
    """

    id: str
    name: str
    when: str
    next: datetime.datetime | None
    again: datetime.datetime | None
    last: CalendarRun | None
