"""What the deployment remembers of its backups: the last good one, and what it was last restored from."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from gis_layers.stores.records import read_facts

LAST_BACKUP = "last_backup"
LAST_RESTORE = "last_restore"


def read_last_backup(session: Session) -> dict[str, Any] | None:
    """The last backup that was proven good: ``at out bytes sha256 taken_at edition tables rows``; None before the first."""
    found = read_facts(session).get(LAST_BACKUP)
    return found if isinstance(found, dict) else None
