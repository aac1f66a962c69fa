"""Requests and answers of the duty roster, and of whom to call in a village."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field
from typing_extensions import TypedDict

from app.http.changes import Closed
from app.http.written import NOT_BLANK
from app.platform.iso import IsoMoment

Signing = Literal["handing", "taking"]
Person = Annotated[str, Field(min_length=1, max_length=60, json_schema_extra=NOT_BLANK)]
Phone = Annotated[str, Field(max_length=60)]


class DutyShiftAnswer(TypedDict):
    """A shift: its leader and its officer, what is handed over with it, who handed it over and who took it."""

    id: int
    begins_at: IsoMoment
    ends_at: IsoMoment
    leader: str
    leader_phone: str | None
    officer: str
    officer_phone: str | None
    matters: str | None
    handed_by: str | None
    handed_at: IsoMoment | None
    taken_by: str | None
    taken_at: IsoMoment | None
    created_by: str
    version: int


class NewShift(Closed):
    """A shift to be put on the roster; it is signed by whoever hands over and by whoever takes over."""

    begins_at: AwareDatetime
    ends_at: AwareDatetime
    leader: Person
    leader_phone: Phone | None = None
    officer: Person
    officer_phone: Phone | None = None
    matters: Annotated[str | None, Field(max_length=2000)] = None

    def values(self) -> dict[str, Any]:
        """The columns."""
        return self.model_dump()


class SignedShift(Closed):
    """A signature under a shift; ``matters`` are what is handed over, where whoever hands over says so."""

    signing: Signing
    matters: Annotated[str | None, Field(max_length=2000)] = None
