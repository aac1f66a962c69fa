"""Equipment of the forces as a list of its own: a view, so that it says what the forces' entries say."""

from __future__ import annotations

import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gis_layers.tables.base import Base, geometry_type


class View(DeclarativeBase):
    """What the database reads from its tables, and nobody writes: apart from the tables migrations make."""

    metadata = MetaData()
    type_annotation_map = Base.type_annotation_map


class Equipment(View):
    """Tools of one name that a force has, and how many: one row for each entry of its equipment.

    ``id`` is the number of the force and the place of the entry in its list; whom to call, where it stands and whether it
    can come are those of the force.
    """

    __tablename__ = "equipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    force_id: Mapped[int]
    name: Mapped[str]
    count: Mapped[int | None]
    force: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    village_code: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    last_verified: Mapped[datetime.date | None]
    synthetic: Mapped[bool]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POINT"))
