"""Editions put in force once more: what stood in an old one, as proposals of a draft that is then published as any other."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.stores.staged_zones import ATTRIBUTES


def stage_edition(session: Session, draft_id: int, number: int) -> int:
    """Propose in a draft whatever makes the next edition equal to the edition ``number``; returns how many changes that is.

    Geometry, attributes and digests are copied by the database, so nothing of them can change on the way. Layers that are
    no longer in force come back as rows of their own, with their ground.
    """
    values = {"draft": draft_id, "edition": number}
    layers = len(session.execute(text(_LAYERS_AGAIN), values).fetchall())
    session.execute(text(_GROUND_AGAIN), values)
    changes = sum(len(session.execute(text(one), values).fetchall()) for one in (_CHANGED, _GONE))
    return layers + changes + len(layers_to_retire(session, number))


def layers_to_retire(session: Session, number: int) -> list[int]:
    """The layers in force that were not in force in the edition ``number``."""
    return list(session.scalars(text(_LAYERS_BEYOND), {"edition": number}))


def retire_layers(session: Session, layers: list[int], edition: int) -> None:
    """Take layers out of force with ``edition``."""
    values = {"layers": layers, "edition": edition}
    session.execute(text("UPDATE surveyed_layers SET to_edition = :edition WHERE id = ANY(:layers)"), values)


_ROOT = "coalesce(l.restored_from, l.id)"
_LAYERS_THEN = f"""
    SELECT l.*, {_ROOT} AS root FROM surveyed_layers l
    WHERE l.from_edition <= :edition AND (l.to_edition IS NULL OR l.to_edition > :edition)
"""
_LAYERS_NOW = f"""
    SELECT l.id, {_ROOT} AS root FROM surveyed_layers l WHERE l.from_edition IS NOT NULL AND l.to_edition IS NULL
"""
_LAYERS_BEYOND = f"""
SELECT now.id FROM ({_LAYERS_NOW}) now WHERE now.root NOT IN (SELECT root FROM ({_LAYERS_THEN}) before)
"""
_LAYERS_AGAIN = f"""
INSERT INTO surveyed_layers (draft_id, hazard, product, name, source, survey_date, scale, office, valid_until, max_age_days,
                             extent_kind, extent, replaces, report, restored_from)
SELECT :draft, hazard, product, name, source, survey_date, scale, office, valid_until, max_age_days,
       extent_kind, extent, false, report, root
FROM ({_LAYERS_THEN}) before WHERE root NOT IN (SELECT root FROM ({_LAYERS_NOW}) now) ORDER BY id RETURNING id
"""
_GROUND_AGAIN = f"""
INSERT INTO surveyed_ground (layer_id, geom)
SELECT again.id, piece.geom FROM surveyed_layers again
JOIN ({_LAYERS_THEN}) before ON before.root = again.restored_from
JOIN surveyed_ground piece ON piece.layer_id = before.id
WHERE again.draft_id = :draft ORDER BY again.id, piece.id
"""
_LAYER_OF = f"""
    SELECT root, id FROM ({_LAYERS_NOW}) now
    UNION ALL SELECT restored_from, id FROM surveyed_layers WHERE draft_id = :draft
"""
_COPIED = ", ".join(f"{{0}}.{name}" for name in [*ATTRIBUTES, "zone_id", "digest", "geom"])
_INTO = ", ".join([*ATTRIBUTES, "zone_id", "digest", "geom"])
_CHANGED = f"""
INSERT INTO draft_zones ({_INTO}, layer_id, draft_id, op, base_version)
SELECT {_COPIED.format("t")}, layer.id, :draft, CASE WHEN now.zone_id IS NULL THEN 'create' ELSE 'update' END,
       (SELECT max(version) FROM zone_versions every WHERE every.zone_id = t.zone_id)
FROM zone_versions t
JOIN ({_LAYERS_THEN}) before ON before.id = t.layer_id
JOIN ({_LAYER_OF}) layer ON layer.root = before.root
LEFT JOIN zone_versions now ON now.zone_id = t.zone_id AND now.to_edition IS NULL
WHERE t.from_edition <= :edition AND (t.to_edition IS NULL OR t.to_edition > :edition)
  AND (now.zone_id IS NULL OR now.digest <> t.digest OR now.layer_id <> layer.id)
RETURNING zone_id
"""
_GONE = f"""
INSERT INTO draft_zones ({_INTO}, layer_id, draft_id, op, base_version)
SELECT {_COPIED.format("now")}, now.layer_id, :draft, 'delete', now.version FROM zone_versions now
WHERE now.to_edition IS NULL AND NOT EXISTS (
    SELECT FROM zone_versions t WHERE t.zone_id = now.zone_id
    AND t.from_edition <= :edition AND (t.to_edition IS NULL OR t.to_edition > :edition))
RETURNING zone_id
"""
