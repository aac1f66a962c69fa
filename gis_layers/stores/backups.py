"""Record of the deployment's backups: the last good one."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from gis_layers.stores.records import read_facts

LAST_BACKUP = "last_backup"


def read_last_backup(session: Session) -> dict[str, Any] | None:
    """The last backup proven good, or the one restored since: ``out taken_at edition tables rows`` and more; None before."""
    found = read_facts(session).get(LAST_BACKUP)
    return found if isinstance(found, dict) else None
