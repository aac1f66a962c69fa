"""The gazetteer: what places are called, in every way they are typed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Id, code_of


class PlaceName(Base):
    """A name of a place. Register rows are made anew from the registers; aliases are entered by people and stay.

    ``kind`` and ``owner`` say which place is meant, never its name: ``owner`` is a village's code, a road's number, else
    the id in its register. An alias has no position of its own. ``words``, ``pinyin`` and ``initials`` are lines of
    words with a space before and after each.
    """

    __tablename__ = "place_names"
    __table_args__ = (
        code_of("place_kind", "kind", but=("coordinates",)),
        code_of("place_source", "source"),
        CheckConstraint("length(trim(name)) > 0", name="name_not_empty"),
        CheckConstraint("words ~ '^ .+ $' AND pinyin ~ '^ .+ $' AND initials ~ '^ .+ $'", name="words_framed"),
        CheckConstraint(
            "num_nulls(lon, lat, west, south, east, north) = CASE source WHEN 'alias' THEN 6 ELSE 0 END",
            name="position_of_the_register",
        ),
        CheckConstraint(
            "west <= lon AND lon <= east AND south <= lat AND lat <= north "
            "AND west >= -180 AND east <= 180 AND south >= -90 AND north <= 90",
            name="position_within_its_box",
        ),
        UniqueConstraint("kind", "owner", "name", "source"),
        Index("ix_place_names_of_the_register", "kind", "owner", unique=True, postgresql_where="source = 'register'"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    owner: Mapped[str]
    owner_id: Mapped[int | None]
    name: Mapped[str]
    source: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    west: Mapped[float | None]
    south: Mapped[float | None]
    east: Mapped[float | None]
    north: Mapped[float | None]
    village: Mapped[str | None]
    detail: Mapped[str] = mapped_column(server_default="")
    words: Mapped[str]
    pinyin: Mapped[str]
    initials: Mapped[str]
    created_by: Mapped[str | None]
    created_at: Mapped[CreatedAt]
