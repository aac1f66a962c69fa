"""Who works on which zones of which draft: told to others for some minutes, never in their way."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis_layers.tables.draft_edits import DraftPresence
from gis_layers.tables.editions import Draft

MOST = 200
"""People told of at once."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody at work: on these ``zones`` of a draft, last at ``seen_at``."""

    draft: int
    draft_name: str
    by: str
    zones: tuple[int, ...]
    seen_at: datetime.datetime


def record_presence(session: Session, draft_id: int, by: str, zones: Collection[int], now: datetime.datetime) -> None:
    """Keep what an account works on in a draft, in place of what it did before; no zones: nothing any more."""
    told = {"draft": draft_id, "by": by, "zones": sorted(set(zones)), "now": now}
    session.execute(text(_KEEP if told["zones"] else _FORGET), told)


def read_presences(session: Session, since: datetime.datetime, *, but: str) -> list[Presence]:
    """Everybody but one account who worked in any draft since then, the latest first."""
    asked = (
        select(DraftPresence, Draft.name)
        .join(Draft, Draft.id == DraftPresence.draft_id)
        .where(DraftPresence.seen_at > since, DraftPresence.account != but)
        .order_by(DraftPresence.seen_at.desc(), DraftPresence.draft_id)
        .limit(MOST)
        .execution_options(populate_existing=True)
    )
    return [
        Presence(row.draft_id, name, row.account, tuple(row.zones), row.seen_at) for row, name in session.execute(asked)
    ]


_KEEP = """
INSERT INTO draft_presences (draft_id, account, zones, seen_at) VALUES (:draft, :by, CAST(:zones AS bigint[]), :now)
ON CONFLICT (draft_id, account) DO UPDATE SET zones = excluded.zones, seen_at = excluded.seen_at
"""
_FORGET = "DELETE FROM draft_presences WHERE draft_id = :draft AND account = :by"
