"""Registered objects and land set aside by kind and number, as they stand in opinions: their shapes as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.tables.base import Base
from gis_layers.tables.constraints import ConstraintArea
from gis_layers.tables.places import Road
from gis_layers.tables.town import Building, Facility

REGISTERS: Final[dict[str, type[Base]]] = {"roads": Road, "facilities": Facility, "buildings": Building}
"""Registers by the kind their objects go by; every other kind is land set aside."""

Mark = tuple[str, int]
"""Kind and number of an object."""


def read_object_shapes(session: Session, marks: Sequence[Mark]) -> dict[Mark, Any]:
    """The shapes (storage CRS) by kind and number, in their order; what is not there any more is left out."""
    found: dict[Mark, Any] = {}
    for kind in sorted({kind for kind, _ in marks}):
        table: Any = REGISTERS.get(kind, ConstraintArea)
        numbers = sorted({number for other, number in marks if other == kind})
        asked = select(table.id, table.geom).where(table.id.in_(numbers)).order_by(table.id)
        if table is ConstraintArea:
            asked = asked.where(table.kind == kind)
        found.update({(kind, number): to_shape(geom) for number, geom in session.execute(asked)})
    return found
