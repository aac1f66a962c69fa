"""Zones as a draft sees them: what it proposes, over what is in force; each proposal a value that can be put back exactly."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, Bounds
from gis_layers.stores.frames import WHOLE_NUMBERS, append_rows, ewkb_of, geometries_of, plain_value
from gis_layers.stores.staged_zones import ATTRIBUTES, REPLACED, digest_of_zone
from gis_layers.tables.zones import DraftZone
from risk_model.shapes import as_array

CREATE: Final = "create"
UPDATE: Final = "update"
DELETE: Final = "delete"


@dataclass(frozen=True, slots=True)
class SeenZone:
    """A zone as a draft sees it.

    ``version`` is the version in force it is or was made from, None for a new zone; ``change`` what the draft proposes
    (None: nothing). ``geometry`` in the storage CRS, exact.
    """

    zone: int
    version: int | None
    change: str | None
    layer: int
    attributes: Mapping[str, Any]
    geometry: BaseGeometry

    @property
    def theme(self) -> tuple[str, str]:
        """Hazard and product."""
        return self.attributes["hazard"], self.attributes["product"]


@dataclass(frozen=True, slots=True)
class ZonesAsked:
    """Which zones of a draft are asked for; None means: any. ``window`` in the storage CRS.

    ``near``: those whose box meets one of these.
    """

    zones: Collection[int] | None = None
    hazard: str | None = None
    product: str | None = None
    window: Bounds | None = None
    near: Sequence[Bounds] | None = None


def read_draft_zones(session: Session, draft_id: int, asked: ZonesAsked) -> dict[int, SeenZone]:
    """Zones by number as the draft would leave them; those it deletes are not among them."""
    found = _read(session, _SEEN.format(proposed=_where(asked), published=_where_published(asked)), draft_id, asked)
    return {one.zone: one for one in found}


def read_proposals(session: Session, draft_id: int, zones: Collection[int] | None = None) -> dict[int, SeenZone]:
    """What the draft proposes, by zone, deletions with it."""
    asked = ZonesAsked(zones=zones)
    return {one.zone: one for one in _read(session, _PROPOSED.format(where=_where(asked)), draft_id, asked)}


def read_in_force(
    session: Session, zones: Collection[int] | None, asked: ZonesAsked | None = None
) -> dict[int, SeenZone]:
    """The versions in force of ``zones``, or of what is ``asked``, by number; what is no longer in force is not among them."""
    asked = asked or ZonesAsked(zones=zones)
    return {one.zone: one for one in _read(session, _IN_FORCE.format(where=_where_published(asked)), 0, asked)}


def count_in_force(session: Session, asked: ZonesAsked) -> int:
    """Number of zones in force of what is ``asked``."""
    statement = text(f"SELECT count(*) FROM zone_versions t WHERE t.to_edition IS NULL AND {_where(asked)}")
    return session.scalar(statement, _values(0, asked)) or 0


def read_versions(session: Session, versions: Mapping[int, int]) -> dict[int, SeenZone]:
    """Published versions, in force or not, one of each zone."""
    asked = ZonesAsked(zones=list(versions))
    every = _read(session, _PUBLISHED.format(where=_where(asked)), 0, asked)
    return {one.zone: one for one in every if one.version == versions[one.zone]}


def read_every_version(session: Session, zone: int) -> dict[int, SeenZone]:
    """Published versions of one zone, in force or not, by their number."""
    asked = ZonesAsked(zones=[zone])
    every = _read(session, _PUBLISHED.format(where=_where(asked)), 0, asked)
    return {one.version: one for one in every if one.version is not None}


def read_edition_zones(session: Session, edition: int, asked: ZonesAsked) -> list[SeenZone]:
    """Zones of an edition as they stood in it, by number."""
    within = f"{_where(asked)} AND t.from_edition <= {int(edition)} AND (t.to_edition IS NULL OR t.to_edition > {int(edition)})"
    return list(_read(session, _PUBLISHED.format(where=within), 0, asked))


def put_proposals(session: Session, draft_id: int, proposals: Mapping[int, SeenZone | None]) -> None:
    """Replace what the draft proposes for each of these zones; None takes the proposal back."""
    gone = text("DELETE FROM draft_zones WHERE draft_id = :draft AND zone_id = ANY(:zones)")
    session.execute(gone, {"draft": draft_id, "zones": list(proposals)})
    kept = [one for one in proposals.values() if one is not None]
    if not kept:
        return
    shapes = as_array([one.geometry for one in kept])
    exact, told = shapely.to_wkb(shapes, byte_order=1), ewkb_of(shapes)
    rows = [_row(draft_id, *each) for each in zip(kept, exact, told, strict=True)]
    table: Any = DraftZone.__table__
    append_rows(
        session, table, (*ATTRIBUTES, "digest", "draft_id", "zone_id", "layer_id", "op", "base_version", "geom"), rows
    )


def _row(draft_id: int, one: SeenZone, exact: bytes, told: str) -> list[Any]:
    attributes = [one.attributes.get(name) for name in ATTRIBUTES]
    plain = [
        plain_value(value, whole=name in WHOLE_NUMBERS) for name, value in zip(ATTRIBUTES, attributes, strict=True)
    ]
    return [*plain, digest_of_zone(attributes, exact), draft_id, one.zone, one.layer, one.change, one.version, told]


def last_versions(session: Session, zones: Collection[int]) -> dict[int, int]:
    """The newest version each of ``zones`` ever had."""
    statement = text("SELECT zone_id, max(version) FROM zone_versions WHERE zone_id = ANY(:zones) GROUP BY 1")
    rows = session.execute(statement, {"zones": list(zones)})
    return {row.zone_id: row.max for row in rows}


def count_proposals(session: Session, drafts: Collection[int]) -> dict[int, dict[str, int]]:
    """Number of proposals of each kind of change, by draft."""
    statement = text("SELECT draft_id, op, count(*) FROM draft_zones WHERE draft_id = ANY(:drafts) GROUP BY 1, 2")
    found: dict[int, dict[str, int]] = {number: {} for number in drafts}
    for draft, change, count in session.execute(statement, {"drafts": list(drafts)}):
        found[draft][change] = count
    return found


def layers_in_force(session: Session, hazard: str, product: str) -> list[int]:
    """The layers in force of a theme, newest first."""
    statement = text("""
        SELECT id FROM surveyed_layers WHERE hazard = :hazard AND product = :product
        AND from_edition IS NOT NULL AND to_edition IS NULL ORDER BY id DESC
    """)
    return list(session.scalars(statement, {"hazard": hazard, "product": product}))


def layers_of_draft(session: Session, draft_id: int, hazard: str, product: str) -> list[int]:
    """The layers a draft brings of a theme."""
    statement = text(
        "SELECT id FROM surveyed_layers WHERE draft_id = :draft AND hazard = :hazard AND product = :product"
    )
    return list(session.scalars(statement, {"draft": draft_id, "hazard": hazard, "product": product}))


def as_document(one: SeenZone) -> dict[str, Any]:
    """A proposal as JSON, without its geometry."""
    return {
        "change": one.change,
        "version": one.version,
        "layer": one.layer,
        "attributes": {name: _plain(value) for name, value in one.attributes.items()},
    }


def of_document(zone: int, document: Mapping[str, Any], wkb: bytes) -> SeenZone:
    """A proposal as it was written by ``as_document`` and ``wkb_of``."""
    attributes = dict(document["attributes"])
    if attributes.get("survey_date"):
        attributes["survey_date"] = datetime.date.fromisoformat(attributes["survey_date"])
    (shape,) = geometries_of([wkb])
    return SeenZone(zone, document["version"], document["change"], document["layer"], attributes, shape)


def wkb_of(geometry: BaseGeometry) -> bytes:
    """Exact bytes of a geometry."""
    found: bytes = shapely.to_wkb(geometry, byte_order=1)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _read(session: Session, statement: str, draft_id: int, asked: ZonesAsked) -> Iterable[SeenZone]:
    rows = session.execute(text(statement), _values(draft_id, asked)).fetchall()
    shapes = geometries_of([row[-1] for row in rows])
    for row, shape in zip(rows, shapes, strict=True):
        zone, version, change, layer, *attributes, _ = row
        yield SeenZone(zone, version, change, layer, dict(zip(ATTRIBUTES, attributes, strict=True)), shape)


def _values(draft_id: int, asked: ZonesAsked) -> dict[str, Any]:
    values: dict[str, Any] = {"draft": draft_id, "hazard": asked.hazard, "product": asked.product}
    if asked.zones is not None:
        values["zones"] = list(asked.zones)
    if asked.window is not None:
        values |= dict(zip(("w", "s", "e", "n"), asked.window, strict=True)) | {"srid": STORAGE_SRID}
    if asked.near is not None:
        sides = zip(*asked.near, strict=True) if asked.near else ((),) * 4
        values |= {name: list(side) for name, side in zip(("ws", "ss", "es", "ns"), sides, strict=True)}
        values["srid"] = STORAGE_SRID
    return values


def _where(asked: ZonesAsked) -> str:
    told = []
    if asked.zones is not None:
        told.append("t.zone_id = ANY(:zones)")
    if asked.hazard is not None:
        told.append("t.hazard = :hazard")
    if asked.product is not None:
        told.append("t.product = :product")
    if asked.window is not None:
        told.append("t.geom && ST_MakeEnvelope(:w, :s, :e, :n, :srid)")
    if asked.near is not None:
        told.append(_PROPOSED_NEAR)
    return " AND ".join(told) or "true"


def _where_published(asked: ZonesAsked) -> str:
    """The same of published zones: each window is looked through by the index of those in force."""
    few = replace(asked, near=None)
    return _where(few) if asked.near is None else f"{_where(few)} AND {_IN_FORCE_NEAR}"


_NEAR = """t.id = ANY(ARRAY(
    SELECT DISTINCT z.id
    FROM unnest(CAST(:ws AS float8[]), CAST(:ss AS float8[]), CAST(:es AS float8[]), CAST(:ns AS float8[])) AS b (w, s, e, n)
    CROSS JOIN LATERAL (
        SELECT v.id FROM {table} v WHERE {of} AND v.geom && ST_MakeEnvelope(b.w, b.s, b.e, b.n, :srid) OFFSET 0
    ) z))"""
"""Window after window by the index of places, however many: held against each other the planner would read all zones.

As an array they are looked through once. Joined, they were once for every proposal of a draft the planner had not counted yet.
"""
_PROPOSED_NEAR = _NEAR.format(table="draft_zones", of="v.draft_id + 0 = :draft")
_IN_FORCE_NEAR = _NEAR.format(table="zone_versions", of="v.to_edition IS NULL")


_COLUMNS = ", ".join(f"t.{name}" for name in ATTRIBUTES)
_PROPOSED = f"""
SELECT t.zone_id, t.base_version, t.op, t.layer_id, {_COLUMNS}, ST_AsBinary(t.geom)
FROM draft_zones t WHERE t.draft_id = :draft AND {{where}} ORDER BY t.zone_id
"""
_IN_FORCE = f"""
SELECT t.zone_id, t.version, NULL, t.layer_id, {_COLUMNS}, ST_AsBinary(t.geom)
FROM zone_versions t WHERE t.to_edition IS NULL AND {{where}} ORDER BY t.zone_id
"""
_PUBLISHED = f"""
SELECT t.zone_id, t.version, NULL, t.layer_id, {_COLUMNS}, ST_AsBinary(t.geom)
FROM zone_versions t WHERE {{where}} ORDER BY t.zone_id, t.version
"""
_SEEN = f"""
SELECT t.zone_id, t.base_version, t.op, t.layer_id, {_COLUMNS}, ST_AsBinary(t.geom)
FROM draft_zones t WHERE t.draft_id = :draft AND t.op <> 'delete' AND {{proposed}}
UNION ALL
SELECT t.zone_id, t.version, NULL, t.layer_id, {_COLUMNS}, ST_AsBinary(t.geom)
FROM zone_versions t WHERE t.to_edition IS NULL AND {{published}}
    AND NOT EXISTS (SELECT FROM draft_zones d WHERE d.draft_id = :draft AND d.zone_id = t.zone_id)
    AND t.layer_id NOT IN ({REPLACED})
ORDER BY 1
"""
