"""The state of the registers: what is measured from them is measured anew whenever a row of them came, changed or went."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Table, Text, cast, func, literal_column, select
from sqlalchemy.orm import Session

from gis_layers.tables.places import Road, Village
from gis_layers.tables.town import Building, Enterprise, Facility

WATCHED: Final = (Village, Road, Building, Enterprise, Facility)


def read_registers_state(session: Session) -> str:
    """A text that changes whenever villages, roads, buildings, enterprises or facilities do.

    Of every table the number of rows and the last transaction that wrote one: a row that came or changed has a new
    one, a row that went is missing.
    """
    wrote = func.max(cast(cast(literal_column("xmin"), Text), BigInteger))
    tables: list[Table] = [one.__table__ for one in WATCHED]  # type: ignore[misc]
    asked = [
        column.scalar_subquery()
        for table in tables
        for column in (select(func.count()).select_from(table), select(wrote).select_from(table))
    ]
    return " ".join(map(str, session.execute(select(*asked)).one()))
