"""Past of zones: whose children they are, and every version that ever lay on a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID


@dataclass(frozen=True, slots=True)
class VersionSpan:
    """Editions in which a version of a zone stands: from ``first`` on, until before ``until`` (None: it is in force)."""

    version: int
    first: int
    until: int | None


def read_spans(session: Session, zone: int) -> list[VersionSpan]:
    """Every published version of a zone with its editions, oldest first."""
    asked = text("SELECT version, from_edition, to_edition FROM zone_versions WHERE zone_id = :zone ORDER BY version")
    return [VersionSpan(*row) for row in session.execute(asked, {"zone": zone})]


def read_lineage(session: Session, zone: int) -> tuple[list[int], list[int]]:
    """Parents and children of a zone."""
    parents = text("SELECT parent_id FROM zone_lineage WHERE child_id = :zone ORDER BY 1")
    children = text("SELECT child_id FROM zone_lineage WHERE parent_id = :zone ORDER BY 1")
    asked = {"zone": zone}
    return list(session.scalars(parents, asked)), list(session.scalars(children, asked))


def read_versions_at(session: Session, lon: float, lat: float) -> list[dict[str, Any]]:
    """Every published version whose ground holds a place (storage CRS), oldest first, with its edition and lineage."""
    asked = {"lon": lon, "lat": lat, "srid": STORAGE_SRID}
    return [dict(row) for row in session.execute(_AT, asked).mappings()]


_AT = text("""
SELECT v.zone_id::text AS zone, v.version, v.hazard, v.product, v.name, v.grade, v.grade_rank, v.grade_scheme,
       v.from_edition, v.to_edition, e.published_at, e.published_by, e.reason,
       ARRAY(SELECT parent_id::text FROM zone_lineage WHERE child_id = v.zone_id ORDER BY parent_id) AS parents,
       ARRAY(SELECT child_id::text FROM zone_lineage WHERE parent_id = v.zone_id ORDER BY child_id) AS children
FROM (
    SELECT * FROM zone_versions
    WHERE to_edition IS NULL AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), :srid))
    UNION ALL
    SELECT * FROM zone_versions
    WHERE to_edition IS NOT NULL AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), :srid))
) v JOIN editions e ON e.number = v.from_edition
ORDER BY v.hazard, v.product, v.from_edition, v.zone_id
""")
