"""What a register is asked for in the address: words, filters, order, page, and one row that decides the page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from app.platform.clock import CHINA, today
from app.registers.register_views import RegisterView, limits_of
from gis_layers.stores.lists import ListQuery


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Query of a register in the address."""

    q: str
    kind: str
    ability: str
    lapse: str
    village: str
    sort: str
    down: bool
    page: int
    row: str
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether rows are left out."""
        return any((self.q, self.kind, self.ability, self.lapse, self.village, self.since, self.until))

    @property
    def told(self) -> dict[str, str]:
        """What narrows the rows, as the address holds it."""
        days = {name: day.isoformat() if day else "" for name, day in (("since", self.since), ("until", self.until))}
        words = {"q": self.q, "kind": self.kind, "ability": self.ability, "lapse": self.lapse, "village": self.village}
        return words | days

    def query(self, sheet: RegisterView, *, limit: int, offset: int = 0) -> ListQuery:
        """The rows of ``sheet`` that are asked for; what it is not filtered or ordered by is left out."""
        columns = ((sheet.kind, self.kind), (sheet.ability, self.ability))
        only = {column.key: value for column, value in columns if column and value}
        if self.village:
            only["village_code"] = self.village
        sortable = self.sort in {column.key for column in sheet.columns if column.sortable}
        before = limits_of(sheet, self.lapse, today())
        order = self.sort if sortable else ""
        return ListQuery(self.q, only, before, self._between(sheet), order, self.down, limit, offset)

    def _between(self, sheet: RegisterView) -> dict[str, tuple[datetime.datetime | None, datetime.datetime | None]]:
        """The moments between which rows lie: whole days in Beijing, the last one included."""
        if sheet.period is None or not (self.since or self.until):
            return {}
        begin = None if self.since is None else _midnight(self.since)
        end = None if self.until is None else _midnight(self.until) + datetime.timedelta(days=1)
        return {sheet.period.key: (begin, end)}


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), CHINA)


def _day(written: str) -> datetime.date | None:
    """A day of the address; None where none stands there that the calendar has, and a day more."""
    try:
        day = datetime.date.fromisoformat(written)
    except ValueError:
        return None
    return day if day < datetime.date.max else None


def asked(
    q: Annotated[str, Query(max_length=100)] = "",
    kind: Annotated[str, Query(max_length=60)] = "",
    ability: Annotated[str, Query(max_length=60)] = "",
    lapse: Annotated[str, Query(max_length=20)] = "",
    village: Annotated[str, Query(max_length=60)] = "",
    sort: Annotated[str, Query(max_length=40)] = "",
    down: bool = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    row: Annotated[str, Query(max_length=60, pattern="^[^\\x00]*$", description="a key, or code: and a code")] = "",
    since: Annotated[str, Query(max_length=20)] = "",
    until: Annotated[str, Query(max_length=20)] = "",
) -> RegisterFilter:
    """The words, filters, order and page of a request; a ``row`` it names decides the page."""
    return RegisterFilter(q.strip(), kind, ability, lapse, village, sort, down, page, row, _day(since), _day(until))


AskedOf = Annotated[RegisterFilter, Depends(asked)]
