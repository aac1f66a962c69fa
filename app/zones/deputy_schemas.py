"""Requests and answers on deputies."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from app.http.changes import Closed
from app.platform.iso import IsoDay, IsoMoment

Username = Annotated[str, Field(min_length=2, max_length=40, pattern=r"^[^\s:]+$")]


class DeputyBody(Closed):
    """A deputy to be appointed: usernames, first and last day."""

    deputy: Username
    in_place_of: Username
    from_on: datetime.date
    to_on: datetime.date


class DeputyItem(TypedDict):
    """An appointment; ``acts_today`` where the deputy may decide today."""

    id: int
    deputy: str
    in_place_of: str
    from_on: IsoDay
    to_on: IsoDay
    appointed_by: str
    appointed_at: IsoMoment
    ended_at: IsoMoment | None
    acts_today: bool


class DeputyList(TypedDict):
    """Appointments, the latest first."""

    items: list[DeputyItem]
