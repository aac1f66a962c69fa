"""A backup tried: restored into a scratch database of the same server and measured there anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from gis_layers.backups.addresses import connected
from gis_layers.backups.archive import Backup
from gis_layers.backups.databases import Workplace
from gis_layers.backups.dump import load_dump
from gis_layers.backups.errors import DamagedBackup, ServerLost
from gis_layers.backups.measures import differences, read_measures

MOST_TOLD = 5


@contextmanager
def restored(backup: Backup, place: Workplace, binaries: Path, say: Callable[[str], None]) -> Iterator[str]:
    """The address of a scratch database that holds exactly what the backup says; it is gone after the block.

    Raises TooLittleRoom before anything is written, FailedDump, and DamagedBackup where something differs.
    """
    place.check_room(backup.manifest.database_bytes)
    with place.scratch() as url:
        with backup.dump() as source:
            load_dump(binaries, url, source, superuser=place.is_superuser())
        say("comparing rows and content …")
        with connected(url) as connection:
            found = read_measures(connection)
        if wrong := differences(backup.manifest.content, found):
            more = f" and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
            raise DamagedBackup(
                f"the backup does not give back what it says it holds: {'; '.join(wrong[:MOST_TOLD])}{more}. Do not use it"
            )
        yield url


@contextmanager
def server_lost() -> Iterator[None]:
    """Tell what the driver says of a server that went away as ServerLost."""
    try:
        yield
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as trouble:
        raise ServerLost(
            f"the database server hung up: {str(trouble).strip()}. See what `anzhi doctor` says, and start again"
        ) from trouble
