"""Surveyed layers: one import each, with the ground it speaks for."""

from __future__ import annotations

import datetime
from typing import Any, Final

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, code_of, geometry_type

GREATEST_AGE_DAYS: Final = 36_525
"""The greatest age a survey may be allowed, in days: a hundred years."""


class SurveyedLayer(Base):
    """An imported layer of one hazard and product. In force from ``from_edition`` until before ``to_edition``.

    ``extent_kind`` is ``zones`` (its own polygons are the surveyed ground), ``boundary`` or ``file`` (``extent`` is).
    ``replaces``: on publication it retires what was published of the same hazard and product. ``restored_from`` is the
    layer that a return to an older edition put in force once more in this row. ``office`` is responsible for it,
    ``valid_until`` is the last day it holds, ``max_age_days`` the greatest age of its survey; NULL where nobody said.
    """

    __tablename__ = "surveyed_layers"
    __table_args__ = (
        code_of("extent_kind", "extent_kind"),
        CheckConstraint("(extent_kind = 'zones') = (extent IS NULL)", name="extent_unless_zones"),
        CheckConstraint("extent IS NULL OR (ST_IsValid(extent) AND NOT ST_IsEmpty(extent))", name="extent_sound"),
        CheckConstraint("to_edition > from_edition", name="editions_in_order"),
        CheckConstraint("length(btrim(office)) > 0", name="office_given"),
        CheckConstraint("valid_until >= survey_date", name="valid_after_survey"),
        CheckConstraint(f"max_age_days BETWEEN 1 AND {GREATEST_AGE_DAYS}", name="max_age_in_bounds"),
        Index("ix_surveyed_layers_in_force", "hazard", postgresql_where="to_edition IS NULL"),
    )

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), index=True)
    hazard: Mapped[str]
    product: Mapped[str]
    name: Mapped[str]
    source: Mapped[str | None]
    survey_date: Mapped[datetime.date | None]
    scale: Mapped[int | None]
    office: Mapped[str | None]
    valid_until: Mapped[datetime.date | None]
    max_age_days: Mapped[int | None]
    extent_kind: Mapped[str]
    extent: Mapped[WKBElement | None] = mapped_column(geometry_type("MULTIPOLYGON"))
    replaces: Mapped[Flag]
    report: Mapped[dict[str, Any] | None]
    created_at: Mapped[CreatedAt]
    restored_from: Mapped[int | None] = mapped_column(ForeignKey("surveyed_layers.id"))
    from_edition: Mapped[int | None] = mapped_column(
        ForeignKey("editions.number", deferrable=True, initially="DEFERRED")
    )
    to_edition: Mapped[int | None] = mapped_column(ForeignKey("editions.number", deferrable=True, initially="DEFERRED"))


class SurveyedGround(Base):
    """A layer's extent in small pieces, so that a check near one place reads only what lies there."""

    __tablename__ = "surveyed_ground"
    __table_args__ = (
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        Index("ix_surveyed_ground_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    layer_id: Mapped[int] = mapped_column(ForeignKey("surveyed_layers.id"), index=True)
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POLYGON"))
