"""What a register is asked for in the address: words, filters, order, page, and one row that decides the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from app.platform.clock import today
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

    def query(self, sheet: RegisterView, *, limit: int, offset: int = 0) -> ListQuery:
        """The rows of ``sheet`` that are asked for; what it is not filtered or ordered by is left out."""
        columns = ((sheet.kind, self.kind), (sheet.ability, self.ability))
        only = {column.key: value for column, value in columns if column and value}
        if self.village:
            only["village_code"] = self.village
        sortable = self.sort in {column.key for column in sheet.columns if column.sortable}
        before = limits_of(sheet, self.lapse, today())
        return ListQuery(self.q, only, before, self.sort if sortable else "", self.down, limit, offset)


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
) -> RegisterFilter:
    """The words, filters, order and page of a request; a ``row`` it names decides the page."""
    return RegisterFilter(q.strip(), kind, ability, lapse, village, sort, down, page, row)


AskedOf = Annotated[RegisterFilter, Depends(asked)]
