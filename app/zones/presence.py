"""Soft locks: who works on which zones, with their age. They block nobody and are released by themselves."""

from __future__ import annotations

import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.platform.principals import Principal
from app.zones.presence_schemas import PresenceList
from gis_layers.stores import draft_presence

RELEASED_AFTER: Final = datetime.timedelta(minutes=10)


def tell_presence(session: Session, principal: Principal, now: datetime.datetime) -> PresenceList:
    """Everybody else who worked on zones of any draft a short while ago."""
    present = draft_presence.read_presences(session, now - RELEASED_AFTER, but=principal.name)
    return {
        "items": [
            {
                "draft": one.draft,
                "draft_name": one.draft_name,
                "by": one.by,
                "zones": [str(zone) for zone in one.zones],
                "seen_at": one.seen_at.isoformat(),
            }
            for one in present
        ],
        "released_after_s": int(RELEASED_AFTER.total_seconds()),
    }
