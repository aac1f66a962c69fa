"""Geohazard sites (地质灾害隐患点): recognised and struck off by document, whom they threaten, who watches them and what was seen."""

from __future__ import annotations

import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, code_of, geometry_type, is_one_of
from risk_model.decisions import GEOHAZARD_SITE, life_of

_ENDED = is_one_of("state", life_of(GEOHAZARD_SITE).recording("struck_off_on"))


class GeohazardSite(Base):
    """One site. ``households people`` are whom it threatens, None where nobody counted; ``contact_name`` watches it.

    ``told_zone`` is the risk zone it belongs to as its ledger says; in which it lies, geometry says.
    """

    __tablename__ = "geohazard_sites"
    __table_args__ = (
        UniqueConstraint("code"),
        code_of("geohazard_kind", "kind"),
        code_of("geohazard_state", "state"),
        CheckConstraint("length(btrim(name)) > 0", name="name_given"),
        CheckConstraint("length(btrim(code)) > 0", name="code_given"),
        CheckConstraint("households >= 0 AND people >= 0", name="people_counted"),
        CheckConstraint(f"({_ENDED}) = (struck_off_on IS NOT NULL)", name="struck_off_on_a_day"),
        CheckConstraint("(struck_off_on IS NULL) = (struck_off_by IS NULL)", name="struck_off_by_a_document"),
        CheckConstraint("struck_off_on >= recognised_on", name="days_in_order"),
        CheckConstraint("version > 0", name="version_counted"),
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        Index("ix_geohazard_sites_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    village_code: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str]
    recognised_by: Mapped[str | None]
    recognised_on: Mapped[datetime.date | None]
    struck_off_by: Mapped[str | None]
    struck_off_on: Mapped[datetime.date | None]
    households: Mapped[int | None]
    people: Mapped[int | None]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    told_zone: Mapped[str | None]
    remark: Mapped[str | None]
    synthetic: Mapped[Flag]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[CreatedAt]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("POINT"))


class SiteAct(Base):
    """One act on a site (append-only): its entry, a step by document, or a patrol. ``state`` is where it stood afterwards."""

    __tablename__ = "geohazard_site_acts"
    __table_args__ = (
        code_of("site_act", "kind"),
        code_of("geohazard_state", "state"),
        CheckConstraint("(kind = 'step') = (step IS NOT NULL)", name="step_where_taken"),
        CheckConstraint("ordinal > 0", name="ordinal_counted"),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("geohazard_sites.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    kind: Mapped[str]
    step: Mapped[str | None]
    state: Mapped[str]
    taken_by: Mapped[str]
    taken_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    comment: Mapped[str | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
