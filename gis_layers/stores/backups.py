"""Record of the deployment's backups: the last good one."""

from __future__ import annotations

from typing import cast

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from gis_layers.stores.records import read_facts

LAST_BACKUP = "last_backup"


class EditionKept(TypedDict):
    """The edition in force when a backup was taken."""

    number: int
    fingerprint: str


class LastBackup(TypedDict):
    """A backup proven good: its file, when it was taken, and what it holds."""

    out: str
    taken_at: str
    edition: EditionKept | None
    tables: int
    rows: int


def read_last_backup(session: Session) -> LastBackup | None:
    """The last backup proven good, or the one restored since; None before."""
    found = read_facts(session).get(LAST_BACKUP)
    return cast("LastBackup", found) if isinstance(found, dict) else None
