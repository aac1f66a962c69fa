"""Closures of roads: what nobody drives, or drives slowly, until somebody lifts it."""

from __future__ import annotations

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, Moment, code_of, geometry_type
from gis_layers.tables.places import SOUND


class Closure(Base):
    """A closure of every road along a line or within an area; ``share_left`` of the speed remains where it is slowed.

    Past ``review_at`` it stays, and is asked about. ``on_foot``: people walk through where nobody drives.
    """

    __tablename__ = "closures"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        code_of("closure_kind", "kind"),
        CheckConstraint(
            "CASE kind WHEN 'closed' THEN share_left IS NULL ELSE coalesce(share_left > 0 AND share_left < 1, false) END",
            name="share_left_where_slowed",
        ),
        CheckConstraint("btrim(reason) <> ''", name="reason_given"),
        CheckConstraint("btrim(reporter) <> ''", name="reporter_given"),
        CheckConstraint("review_at > opened_at", name="review_after_opening"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody"),
        CheckConstraint("version > 0", name="version_counted"),
        Index("ix_closures_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    share_left: Mapped[float | None]
    on_foot: Mapped[Flag]
    reason: Mapped[str]
    reporter: Mapped[str]
    opened_at: Mapped[Moment]
    review_at: Mapped[Moment]
    created_by: Mapped[str]
    created_at: Mapped[CreatedAt]
    lifted_at: Mapped[Moment | None]
    lifted_by: Mapped[str | None]
    lift_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    geom: Mapped[WKBElement] = mapped_column(geometry_type("GEOMETRY"))
