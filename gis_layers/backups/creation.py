"""A backup made: one moment of the database written out, restored into a scratch database, compared, and only then named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from gis_layers.backups.addresses import Connection, connect
from gis_layers.backups.archive import BLOCK, DUMP, KEY, MANIFEST, README, Packing, opened_backup
from gis_layers.backups.companions import kept_files
from gis_layers.backups.databases import Workplace, workplace
from gis_layers.backups.dump import write_dump
from gis_layers.backups.manifest import FORMAT, Manifest, read_state
from gis_layers.backups.measures import read_measures
from gis_layers.backups.restoration import clear_away
from gis_layers.backups.target import Target, target_file
from gis_layers.backups.trial_restore import restored, server_lost
from gis_layers.embedded import find_client_binaries
from risk_model.message import msg

ABOUT = "about_this_file.txt"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BackupOrder:
    """Order of a backup and its target: ``url`` leads to the database, ``key`` is the secret key in force.

    ``software`` and ``settings`` are noted for whoever restores it.
    """

    url: str
    data_dir: Path
    out: Path
    software: str
    settings: Mapping[str, str]
    key: bytes | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A good backup: where it lies, how large it is, what it holds."""

    out: Path
    bytes: int
    sha256: str
    manifest: Manifest
    has_key: bool


def make_backup(order: BackupOrder, say: Say) -> MadeBackup:
    """Make a backup and prove that it gives back what it was made of; the service may go on writing meanwhile.

    Raises the errors of ``gis_layers.backups.errors``; then no file is left at ``out`` that was not there before.
    """
    with server_lost(), target_file(order.out, force=order.force) as target, workplace(order.url) as place:
        binaries = find_client_binaries(server_major=place.server_major())
        clear_away(order.data_dir, place)
        place.check_room(place.bytes())
        say(msg("正在导出数据库…"))
        with opened_snapshot(order.url) as (connection, snapshot):
            manifest = _write(order, target, binaries, connection, snapshot)
        target.settle()
        _try(target, place, binaries, say)
        target.publish()
        size, digest = _measure(target.out)
    say(msg("备份完好：{out}", out=target.out))
    return MadeBackup(target.out, size, digest, manifest, order.key is not None)


@contextmanager
def opened_snapshot(url: str) -> Iterator[tuple[Connection, str]]:
    """One moment of the database: a transaction that sees it, and its name for others; no migration runs meanwhile."""
    with closing(connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock_shared(hashtext('anzhi migrate'))")
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        yield connection, snapshot


def _write(order: BackupOrder, target: Target, binaries: Path, connection: Connection, snapshot: str) -> Manifest:
    packing = Packing(target.file)
    packing.add(README, files(__package__).joinpath(ABOUT).read_bytes())
    with packing.adding(DUMP) as member:
        write_dump(binaries, order.url, snapshot, member)
    if order.key is not None:
        packing.add(KEY, order.key)
    for name, path in kept_files(order.data_dir):
        packing.add_file(name, path)
    words = {"format": FORMAT, "software": order.software, "settings": order.settings}
    manifest = Manifest.model_validate({**words, **read_state(connection), "content": read_measures(connection)})
    packing.add(MANIFEST, manifest.model_dump_json(indent=1).encode())
    packing.close()
    return manifest


def _try(target: Target, place: Workplace, binaries: Path, say: Say) -> None:
    """Raises DamagedBackup where the file does not give back what it was made of."""
    say(msg("正在检验：恢复到临时数据库…"))
    with opened_backup(target.unfinished) as backup, restored(backup, place, binaries, say):
        pass


def _measure(path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
        return file.tell(), digest.hexdigest()
