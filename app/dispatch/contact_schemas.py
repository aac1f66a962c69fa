"""Requests and answers of whom to call in a village."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import TypedDict

from app.http.changes import Change
from app.http.written import NOT_BLANK
from app.platform.iso import IsoDay

ContactRole = Literal["village_official", "party_secretary", "disaster_informer"]
ContactLapse = Literal["stale", "unverified"]
Code = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)]
Person = Annotated[str, Field(min_length=1, max_length=60, json_schema_extra=NOT_BLANK)]
Phone = Annotated[str, Field(max_length=60)]


class ContactAnswer(TypedDict):
    """Somebody to call in a village; ``village`` is the number of the village, null where none of its code is on record.

    ``lapse`` tells that the number was not verified for half a year, or never.
    """

    id: int
    village: str | None
    village_code: str
    village_name: str | None
    role: ContactRole
    name: str
    contact_phone: str | None
    satellite_phone: str | None
    last_verified: IsoDay | None
    lapse: ContactLapse | None
    retired: bool
    version: int


class ContactListing(TypedDict):
    """Everybody to call, village by village."""

    items: list[ContactAnswer]


class ContactChange(Change):
    """Changes to somebody to call; what is not given stays, null empties what may be unknown. Who is ``retired`` is called no more."""

    never_empty: ClassVar[frozenset[str]] = frozenset(["name", "role", "village_code", "retired"])

    name: Person | None = None
    role: ContactRole | None = None
    village_code: Code | None = None
    contact_phone: Phone | None = None
    satellite_phone: Phone | None = None
    last_verified: datetime.date | None = None
    retired: bool | None = None


class NewContact(Change):
    """Somebody to call in a village that is on record."""

    name: Person
    role: ContactRole
    village_code: Code
    contact_phone: Phone | None = None
    satellite_phone: Phone | None = None
    last_verified: datetime.date | None = None
