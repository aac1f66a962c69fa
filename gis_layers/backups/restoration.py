"""A restore: the backup becomes a whole database beside the present one, and takes its name in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gis_layers.backups.addresses import connected, name_of
from gis_layers.backups.archive import Backup, opened_backup
from gis_layers.backups.companions import READY, finish, forget, lay_ready
from gis_layers.backups.databases import Workplace, workplace
from gis_layers.backups.errors import NewerBackup
from gis_layers.backups.losses import Losses, read_losses
from gis_layers.backups.manifest import Manifest
from gis_layers.backups.trial_restore import restored, server_lost
from gis_layers.database import head_revision, migrate
from gis_layers.embedded import find_client_binaries
from gis_layers.errors import GisError
from risk_model.message import msg

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RestoreOrder:
    """Archive to restore, and over which database.

    ``agree`` is asked where something would be lost and ends the restore by raising; ``record`` writes into the new
    database, before it takes its place, that it was restored.
    """

    archive: Path
    url: str
    data_dir: Path
    agree: Callable[[Manifest, Losses], None]
    record: Callable[[str, Manifest], None]
    keep_former: bool = True


@dataclass(frozen=True, slots=True)
class Restored:
    """Result of a restore: the manifest, and where what it replaced is kept."""

    manifest: Manifest
    former: str | None
    kept_files: tuple[Path, ...]
    has_key: bool
    lost: Losses | None


def restore_backup(order: RestoreOrder, say: Say) -> Restored:
    """Replace the database by the backup; killed at any moment it leaves the old one or the new one, whole.

    Raises the errors of ``gis_layers.backups.errors`` and SchemaAhead; then the present database is as it was.
    """
    with server_lost(), opened_backup(order.archive) as backup, workplace(order.url) as place:
        binaries = find_client_binaries(server_major=place.server_major())
        _refuse_newer_server(backup.manifest, place)
        clear_away(order.data_dir, place)
        place.refuse_users()
        worth_keeping, losses = _look_at_present(order.url, backup.manifest, place)
        if losses is not None:
            order.agree(backup.manifest, losses)
        say(
            msg(
                "正在现有数据库旁边恢复 {taken_at}（UTC）的状态…",
                taken_at=f"{backup.manifest.taken_at:%Y-%m-%d %H:%M:%S}",
            )
        )
        with restored(backup, place, binaries, say) as scratch:
            _make_current(scratch, backup.manifest, say)
            order.record(scratch, backup.manifest)
            say(msg("正在替换现有数据库…"))
            former = _take_place(order, backup, place, scratch)
            kept = finish(order.data_dir, database=place.oid_of(place.database))
        if former is not None and not (order.keep_former and worth_keeping):
            place.drop(former)
            former = None
        return Restored(backup.manifest, former, tuple(kept), backup.key() is not None, losses)


def finish_restore(url: str, data_dir: Path) -> None:
    """Put the files of a restore that was killed after its database took its place where they belong, if there are any."""
    if not (data_dir / READY).is_dir():
        return
    with server_lost(), connected(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        finish(data_dir, database=cursor.fetchone()[0])


def clear_away(data_dir: Path, place: Workplace) -> None:
    """Finish what a killed restore began, or forget it where its database never took its place."""
    if place.exists():
        finish(data_dir, database=place.oid_of(place.database))
    forget(data_dir)


def discard_former(url: str) -> list[str]:
    """Remove the databases that restores replaced and kept; answers their names."""
    with server_lost(), workplace(url) as place:
        names = [former.name for former in place.former()]
        for name in names:
            place.drop(name)
    return names


def _refuse_newer_server(manifest: Manifest, place: Workplace) -> None:
    here = place.server_major()
    if manifest.server_major > here:
        raise NewerBackup(
            msg(
                "备份来自 PostgreSQL {server_major}，此处的 PostgreSQL {here} 可能读不了。请安装带 PostGIS 的 PostgreSQL {server_major}，恢复到新的数据文件夹",
                server_major=manifest.server_major,
                here=here,
            )
        )


def _look_at_present(url: str, manifest: Manifest, place: Workplace) -> tuple[bool, Losses | None]:
    """Whether there is anything to keep in the present database, and what of it the backup does not hold."""
    if not place.exists():
        return False, None
    with connected(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.alembic_version') IS NOT NULL")
        return cursor.fetchone()[0], read_losses(connection, manifest)


def _make_current(scratch: str, manifest: Manifest, say: Say) -> None:
    if manifest.schema_revision == head_revision():
        return
    say(
        msg(
            "正在从版本 {schema_revision} 升级到 {value}…",
            schema_revision=manifest.schema_revision,
            value=head_revision(),
        )
    )
    migrate(scratch)


def _take_place(order: RestoreOrder, backup: Backup, place: Workplace, scratch: str) -> str | None:
    place.refuse_users()
    lay_ready(backup, order.data_dir, database=place.oid_of(name_of(scratch)))
    try:
        return place.swap(scratch)
    except GisError:
        forget(order.data_dir)
        raise
