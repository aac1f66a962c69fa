"""Requests and answers on who is at work."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from app.http.changes import Closed
from app.platform.iso import IsoMoment
from app.zones.draft_schemas import MANY, ZoneNumber


class PresenceBody(Closed):
    """The zones somebody works on now; none: no longer any."""

    zones: Annotated[list[ZoneNumber], Field(max_length=MANY)]


class PresenceItem(TypedDict):
    """Somebody who worked on these zones of a draft in the last minutes."""

    draft: int
    draft_name: str
    by: str
    zones: list[str]
    seen_at: IsoMoment


class PresenceList(TypedDict):
    """Everybody else at work in any draft, the latest first; after ``released_after_s`` without a touch nobody is told any more."""

    items: list[PresenceItem]
    released_after_s: int
