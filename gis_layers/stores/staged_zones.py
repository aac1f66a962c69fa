"""Staged zones: what a draft proposes, kept, and published as immutable versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID
from gis_layers.stores.frames import append_frame
from gis_layers.tables.zones import DraftZone

ATTRIBUTES = [
    "hazard",
    "product",
    "grade",
    "grade_rank",
    "grade_scheme",
    "name",
    "survey_date",
    "scale",
    "intensity",
    "arrival_min",
    "overburden_m",
    "fault_age",
    "source",
    "source_id",
    "corridor_kind",
]


def stage_new_zones(session: Session, draft_id: int, layer_id: int, zones: gpd.GeoDataFrame) -> None:
    """Put new zones (the zone frame, storage CRS) into a draft; each gets its lasting id here."""
    staged = gpd.GeoDataFrame(
        {name: zones[name] if name in zones.columns else None for name in ATTRIBUTES},
        geometry=zones.geometry,
        crs=STORAGE_SRID,
    )
    staged["digest"] = digests(staged)
    staged["draft_id"] = draft_id
    staged["layer_id"] = layer_id
    staged["op"] = "create"
    staged["zone_id"] = new_zone_ids(session, len(staged))
    table: Any = DraftZone.__table__
    append_frame(session, table, staged)


def new_zone_ids(session: Session, count: int) -> list[int]:
    """Lasting ids for so many new zones, in order."""
    statement = text("INSERT INTO zones (created_at) SELECT now() FROM generate_series(1, :count) RETURNING id")
    return sorted(session.scalars(statement, {"count": count}))


def digests(zones: gpd.GeoDataFrame) -> list[str]:
    """A SHA-256 of each zone's attributes and exact geometry: equal content, equal digest."""
    shapes = shapely.to_wkb(zones.geometry.to_numpy(), byte_order=1)
    columns = [zones[name].tolist() for name in ATTRIBUTES]
    rows = zip(*columns, shapes, strict=True)
    return [digest_of_zone(attributes, shape) for *attributes, shape in rows]


def digest_of_zone(attributes: Sequence[Any], shape: bytes) -> str:
    """A SHA-256 of one zone: its values of ``ATTRIBUTES`` and its exact geometry as little-endian WKB."""
    plain = ["" if pd.isna(value) else str(value) for value in attributes]
    # The last came later than zones that are published: one that has none keeps the digest it had.
    plain = plain if plain[-1] else plain[:-1]
    return hashlib.sha256("\x1f".join(plain).encode() + b"\x1e" + shape).hexdigest()


def publish_staged_zones(session: Session, draft_id: int, edition: int) -> None:
    """Make a draft's zones part of ``edition``: retire what they replace, add what they propose."""
    values = {"draft": draft_id, "edition": edition}
    session.execute(text(_RETIRE_CHANGED), values)
    session.execute(text(_RETIRE_REPLACED_ZONES), values)
    session.execute(text(_RETIRE_REPLACED_LAYERS), values)
    session.execute(text("UPDATE surveyed_layers SET from_edition = :edition WHERE draft_id = :draft"), values)
    session.execute(text(_ADD_PROPOSED), values)
    session.execute(text("DELETE FROM draft_zones WHERE draft_id = :draft"), values)


def overtaken_zones(session: Session, draft_id: int) -> list[int]:
    """Zones a draft would change that are no longer in force as they were when it did."""
    return list(session.scalars(text(_OVERTAKEN), {"draft": draft_id}))


def save_descent(session: Session, descent: Iterable[tuple[int, int]], edition: int) -> None:
    """Keep parents and children of an edition."""
    pairs = sorted(descent)
    statement = text("""
        INSERT INTO zone_lineage (parent_id, child_id, edition)
        SELECT parent, child, :edition FROM unnest(CAST(:parents AS bigint[]), CAST(:children AS bigint[])) AS d (parent, child)
        ON CONFLICT DO NOTHING
    """)
    parents, children = [parent for parent, _ in pairs], [child for _, child in pairs]
    session.execute(statement, {"parents": parents, "children": children, "edition": edition})


_OVERTAKEN = """
SELECT d.zone_id FROM draft_zones d
LEFT JOIN zone_versions v ON v.zone_id = d.zone_id AND v.to_edition IS NULL
WHERE d.draft_id = :draft AND d.op IN ('update', 'delete') AND v.version IS DISTINCT FROM d.base_version
ORDER BY d.zone_id
"""


_RETIRE_CHANGED = """
UPDATE zone_versions v SET to_edition = :edition FROM draft_zones d
WHERE d.draft_id = :draft AND d.op IN ('update', 'delete') AND v.zone_id = d.zone_id AND v.to_edition IS NULL
"""


REPLACED = """
    SELECT old.id FROM surveyed_layers old
    JOIN surveyed_layers new ON new.draft_id = :draft AND new.replaces
        AND new.hazard = old.hazard AND new.product = old.product
    WHERE old.from_edition IS NOT NULL AND old.to_edition IS NULL AND old.draft_id IS DISTINCT FROM :draft
"""
"""The layers in force that the layers of a draft take the place of; once it is in force itself its own are none of them."""


_RETIRE_REPLACED_ZONES = f"""
UPDATE zone_versions SET to_edition = :edition WHERE to_edition IS NULL AND layer_id IN ({REPLACED})
"""


_RETIRE_REPLACED_LAYERS = f"UPDATE surveyed_layers SET to_edition = :edition WHERE id IN ({REPLACED})"


_COPIED = ", ".join([*ATTRIBUTES, "zone_id", "layer_id", "digest", "geom"])


_ADD_PROPOSED = f"""
INSERT INTO zone_versions ({_COPIED}, version, from_edition)
SELECT {_COPIED}, coalesce(base_version, 0) + 1, :edition FROM draft_zones
WHERE draft_id = :draft AND op IN ('create', 'update') ORDER BY zone_id
"""
