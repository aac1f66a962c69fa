"""Content of an edition, all that its fingerprint covers and what belongs to it: to leave as a package, and to be staged from one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.stores import draft_zones
from gis_layers.stores.draft_zones import CREATE, UPDATE, SeenZone, ZonesAsked
from gis_layers.stores.frames import geometries_of
from gis_layers.stores.surveys import NewLayer, save_layer


@dataclass(frozen=True, slots=True)
class EditionContent:
    """Zones and layers of an edition; ``layers`` by the numbers the zones name them by, in the order the fingerprint has them.

    ``digests`` are those the zones were published with.
    """

    layers: Mapping[int, NewLayer]
    zones: Sequence[SeenZone]
    digests: Mapping[int, str]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content, as the edition that publishes it has it."""
        marks = ",".join(f"{one.zone}:{self.digests[one.zone]}" for one in sorted(self.zones, key=lambda one: one.zone))
        grounds = ",".join(":".join(_ground(layer)) for layer in self.layers.values())
        return hashlib.sha256(f"{marks}|{grounds}".encode()).hexdigest()


def _ground(layer: NewLayer) -> list[str]:
    told = [layer.hazard, layer.product, layer.extent_kind]
    if layer.extent is not None:
        told.append(hashlib.sha256(draft_zones.wkb_of(layer.extent)).hexdigest())
    if layer.valid_until is not None:
        told.append(layer.valid_until.isoformat())
    return told


def read_content(session: Session, edition: int) -> EditionContent:
    """The content of an edition."""
    rows = session.execute(text(_LAYERS), {"edition": edition}).fetchall()
    shapes = geometries_of([row.extent for row in rows if row.extent is not None])
    grounds = iter(shapes)
    layers = {
        row.id: NewLayer(
            row.hazard, row.product, row.name, row.source, row.survey_date, row.scale, row.extent_kind,
            None if row.extent is None else next(grounds), replaces=True,
            office=row.office, valid_until=row.valid_until, max_age_days=row.max_age_days,
        )
        for row in rows
    }  # fmt: skip
    marks = session.execute(text(_DIGESTS), {"edition": edition})
    zones = draft_zones.read_edition_zones(session, edition, ZonesAsked())
    return EditionContent(layers, zones, {row.zone_id: row.digest for row in marks})


def stage_content(session: Session, draft_id: int, content: EditionContent, metric_crs: str) -> None:
    """Propose in a draft, under the numbers the zones have, whatever makes the next edition equal to the content."""
    numbers = {old: save_layer(session, draft_id, layer, metric_crs) for old, layer in content.layers.items()}
    zones = [one.zone for one in content.zones]
    session.execute(text(_IDENTITIES), {"zones": zones})
    session.execute(text("SELECT setval(pg_get_serial_sequence('zones', 'id'), (SELECT max(id) FROM zones))"))
    standing, last = draft_zones.read_in_force(session, zones), draft_zones.last_versions(session, zones)
    draft_zones.put_proposals(
        session,
        draft_id,
        {
            one.zone: SeenZone(
                one.zone,
                last.get(one.zone),
                UPDATE if one.zone in standing else CREATE,
                numbers[one.layer],
                one.attributes,
                one.geometry,
            )
            for one in content.zones
        },
    )
    marks = {"draft": draft_id, "zones": zones, "digests": [content.digests[zone] for zone in zones]}
    session.execute(text(_KEEP_DIGESTS), marks)


def proposed_elsewhere(session: Session, zones: Sequence[int]) -> list[int]:
    """Numbers among ``zones`` that a draft of this deployment has given to zones of its own."""
    return list(session.scalars(text(_PROPOSED), {"zones": list(zones)}))


def themes_in_force(session: Session) -> set[tuple[str, str]]:
    """Hazard and product of every layer in force."""
    rows = session.execute(
        text(
            "SELECT DISTINCT hazard, product FROM surveyed_layers WHERE from_edition IS NOT NULL AND to_edition IS NULL"
        )
    )
    return {(hazard, product) for hazard, product in rows}


_LAYERS = """
SELECT id, hazard, product, name, source, survey_date, scale, office, valid_until, max_age_days, extent_kind,
       ST_AsBinary(extent) AS extent
FROM surveyed_layers WHERE from_edition <= :edition AND (to_edition IS NULL OR to_edition > :edition)
ORDER BY coalesce(restored_from, id)
"""
_DIGESTS = """
SELECT zone_id, digest FROM zone_versions
WHERE from_edition <= :edition AND (to_edition IS NULL OR to_edition > :edition)
"""
_KEEP_DIGESTS = """
UPDATE draft_zones d SET digest = told.digest
FROM unnest(CAST(:zones AS bigint[]), CAST(:digests AS text[])) AS told (zone, digest)
WHERE d.draft_id = :draft AND d.zone_id = told.zone
"""
_IDENTITIES = """
INSERT INTO zones (id, created_at) SELECT unnest(CAST(:zones AS bigint[])), now() ON CONFLICT (id) DO NOTHING
"""
_PROPOSED = """
SELECT zone_id FROM draft_zones WHERE op = 'create' AND zone_id = ANY(:zones) ORDER BY 1
"""
