"""Pictures of the basemap."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag


class BasemapPicture(Base):
    """A picture laid under the map, its rows and columns even in Web Mercator between ``west south east north`` degrees."""

    __tablename__ = "basemap_pictures"
    __table_args__ = (
        CheckConstraint("west < east AND south < north", name="bounds_ordered"),
        CheckConstraint("width > 0 AND height > 0 AND length(content) > 0", name="not_empty"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    digest: Mapped[str]
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
    width: Mapped[int]
    height: Mapped[int]
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    content: Mapped[bytes] = mapped_column(LargeBinary)
