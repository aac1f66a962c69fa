"""Zones edited here: those in force as an officer's edit left them, and which of them a new delivery takes the place of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.stores.staged_zones import REPLACED


@dataclass(frozen=True, slots=True)
class DraftLayer:
    """A layer that a draft brings; ``replaces``: it takes the place of what is in force of its hazard and product."""

    id: int
    hazard: str
    product: str
    replaces: bool


def layers_of(session: Session, draft_id: int) -> list[DraftLayer]:
    """The layers a draft brings, oldest first."""
    statement = text("SELECT id, hazard, product, replaces FROM surveyed_layers WHERE draft_id = :draft ORDER BY id")
    return [DraftLayer(*row) for row in session.execute(statement, {"draft": draft_id})]


def themes_of(session: Session, edition: int) -> list[tuple[str, str]]:
    """Hazard and product of what came in force with an edition."""
    statement = text("SELECT DISTINCT hazard, product FROM zone_versions WHERE from_edition = :edition ORDER BY 1, 2")
    return [(hazard, product) for hazard, product in session.execute(statement, {"edition": edition})]


def zones_edited_here(session: Session, draft_id: int) -> list[int]:
    """Zones in force of the layers a draft takes the place of whose content some officer's edit made, in order.

    What is put in force once more with a content that was edited here counts too; what only kept its number, or yielded its
    ground to a zone that was kept over it, does not.
    """
    return list(session.scalars(text(_EDITED_HERE), {"draft": draft_id}))


def undecided_zones(session: Session, draft_id: int) -> list[int]:
    """Those of which the draft proposes nothing."""
    proposed = set(session.scalars(text(_PROPOSED), {"draft": draft_id}))
    return [zone for zone in zones_edited_here(session, draft_id) if zone not in proposed]


_PROPOSED = "SELECT zone_id FROM draft_zones WHERE draft_id = :draft"
_EDITED_HERE = f"""
SELECT v.zone_id FROM zone_versions v
WHERE v.to_edition IS NULL AND v.layer_id IN ({REPLACED}) AND EXISTS (
    SELECT FROM zone_versions alike
    JOIN drafts ON drafts.edition = alike.from_edition
    JOIN draft_edits e ON e.draft_id = drafts.id AND NOT e.undone AND e.op <> 'renumber'
    JOIN draft_edit_zones touched ON touched.edit_id = e.id AND touched.zone_id = alike.zone_id
    WHERE alike.zone_id = v.zone_id AND alike.digest = v.digest
      AND (e.op <> 'settle' OR coalesce(touched.before ->> 'change', 'delete') = 'delete'))
ORDER BY v.zone_id
"""  # noqa: S608 - put together from constants
