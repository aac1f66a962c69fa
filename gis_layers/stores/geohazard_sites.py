"""The register of geohazard sites, their acts, and the risk zones they lie in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
from geoalchemy2.shape import from_shape
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID
from gis_layers.tables.geohazard_sites import GeohazardSite, SiteAct

__all__ = [
    "ENTRY", "KEPT", "PATROL", "STEP", "NewSiteAct", "SiteAct", "SiteZone", "add_site_act", "change_site", "keep_sites",
    "known_sites", "lock_site", "read_site_acts", "zones_at_sites",
]  # fmt: skip

ENTRY, STEP, PATROL = "entry", "step", "patrol"
KEPT = (
    "code", "name", "kind", "village_code", "state", "recognised_by", "recognised_on", "struck_off_by", "struck_off_on",
    "households", "people", "contact_name", "contact_phone", "told_zone", "remark", "synthetic",
)  # fmt: skip
"""The columns a delivery or a form may fill."""


@dataclass(frozen=True, slots=True)
class NewSiteAct:
    """An act to be added: by whom, where the site stands afterwards; without a step its entry or a patrol."""

    by: str
    state: str
    kind: str = STEP
    step: str | None = None
    comment: str | None = None
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteZone:
    """A zone in force a site lies in."""

    zone: int
    hazard: str
    product: str
    grade: str | None
    name: str | None


def keep_sites(session: Session, frame: gpd.GeoDataFrame, *, by: str, begun: Sequence[NewSiteAct] = ()) -> list[int]:
    """Add sites (columns of ``KEPT`` and ``geometry``, points in the storage CRS); their ids in order.

    Each begins with the acts ``begun``; without them it enters in its state, with its past elsewhere.
    """
    ids = []
    for row in frame.to_dict("records"):
        values = {name: row[name] for name in KEPT if name in row and not pd.isna(row[name])}
        statement = insert(GeohazardSite).values(**values, geom=from_shape(row["geometry"], srid=STORAGE_SRID))
        number = session.execute(statement.returning(GeohazardSite.id)).scalar_one()
        for act in begun or [NewSiteAct(by, values["state"], ENTRY)]:
            add_site_act(session, number, act)
        ids.append(number)
    session.flush()
    return ids


def lock_site(session: Session, number: int) -> int | None:
    """The version of a site, its row held until the transaction ends; None where there is none."""
    return session.scalar(select(GeohazardSite.version).where(GeohazardSite.id == number).with_for_update())


def change_site(session: Session, number: int, values: Mapping[str, Any], geometry: Any | None = None) -> None:
    """Set columns of a site and, where given, its place; its version grows by one."""
    place = {} if geometry is None else {"geom": from_shape(geometry, srid=STORAGE_SRID)}
    statement = update(GeohazardSite).where(GeohazardSite.id == number)
    session.execute(statement.values(**values, **place, version=GeohazardSite.version + 1))


def known_sites(session: Session, codes: Collection[str]) -> set[str]:
    """Those of ``codes`` that are registered."""
    return set(session.scalars(select(GeohazardSite.code).where(GeohazardSite.code.in_(codes))))


def add_site_act(session: Session, number: int, new: NewSiteAct) -> None:
    """Add an act to a site whose row is held, or was added in this transaction."""
    last = select(func.coalesce(func.max(SiteAct.ordinal), 0) + 1).where(SiteAct.site_id == number)
    row = {"site_id": number, "kind": new.kind, "step": new.step, "state": new.state, "taken_by": new.by}
    told = {"comment": new.comment, "content": dict(new.content)}
    session.execute(insert(SiteAct).values(**row, **told, ordinal=last.scalar_subquery()))


def read_site_acts(session: Session, number: int) -> Sequence[SiteAct]:
    """Every act on a site, in order."""
    return session.scalars(select(SiteAct).where(SiteAct.site_id == number).order_by(SiteAct.ordinal)).all()


def zones_at_sites(session: Session, numbers: Collection[int], hazards: Collection[str]) -> dict[int, list[SiteZone]]:
    """The zones in force of these hazards in which each site lies, its border counted, the worst first."""
    found: dict[int, list[SiteZone]] = {number: [] for number in numbers}
    rows = session.execute(_ZONES_AT, {"sites": list(numbers), "hazards": list(hazards)})
    for site, zone, hazard, product, grade, name in rows:
        found[site].append(SiteZone(zone, hazard, product, grade, name))
    return found


_ZONES_AT = text("""
SELECT s.id, z.zone_id, z.hazard, z.product, z.grade, z.name
FROM geohazard_sites s JOIN zone_versions z ON z.to_edition IS NULL AND z.hazard = ANY(:hazards)
    AND ST_Intersects(z.geom, s.geom)
WHERE s.id = ANY(:sites)
ORDER BY s.id, z.hazard, z.product, z.grade_rank NULLS LAST, z.zone_id
""")
