"""Files of a deployment beside its database: the secret key, attachments, report templates.

A restore changes the database in one step and files in others. It lays the files ready first, together with the number
of the database they belong to; whoever opens the deployment next finishes what was begun, or forgets it where the
database was never given its place.
"""

from __future__ import annotations

import datetime
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from gis_layers.backups.archive import FILES, FOLDERS, KEY, Backup
from gis_layers.backups.errors import DamagedBackup
from risk_model.message import msg

READY = "restoring"
_READY_FOR = "database"
BLOCK = 1024 * 1024


def kept_files(data_dir: Path) -> Iterator[tuple[str, Path]]:
    """Attachments and templates with the names they have in a backup.

    Raises DamagedBackup for what could not be restored as it is: links, and names of two lines.
    """
    for folder in FOLDERS:
        for path in sorted((data_dir / folder).rglob("*")):
            name = str(path.relative_to(data_dir))
            if path.is_symlink() or "\n" in name or "\\" in name:
                raise DamagedBackup(msg("{path} 是链接，或名称不能放进归档；请移走后再备份", path=path))
            if path.is_file():
                yield FILES + name, path


def lay_ready(backup: Backup, data_dir: Path, *, database: int) -> None:
    """Unpack what belongs beside the database of this number, without touching what is there."""
    forget(data_dir)
    ready = data_dir / READY
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    ready.mkdir(mode=0o700)
    key = backup.key()
    if key is not None:
        _write(ready / KEY, [key])
    for name in backup.names():
        target = ready / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with backup.file(name) as source:
            _write(target, iter(lambda: source.read(BLOCK), b""))
    _give_to(ready, data_dir)
    _write(ready / _READY_FOR, [str(database).encode()])
    _flush(ready)


def finish(data_dir: Path, *, database: int) -> list[Path]:
    """Put what lies ready for the database of this number into its place; what is for another one is left alone.

    Answers where the replaced files are kept. May be repeated after a kill at any point; two who finish take turns.
    """
    try:
        turn = os.open(data_dir / READY, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return []
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not _is_for(data_dir / READY, database):
            return []
        kept = [kept for name in (KEY, *FOLDERS) if (kept := _put_in_place(data_dir, name)) is not None]
        _flush(data_dir)
        forget(data_dir)
    finally:
        os.close(turn)
    return kept


def _put_in_place(data_dir: Path, name: str) -> Path | None:
    """Put one file or folder in its place; answers where what was there is kept."""
    new, place, kept = data_dir / READY / name, data_dir / name, None
    if not new.exists():
        return None
    if place.exists() and not _same(new, place):
        stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S")
        kept = place.rename(_free_name(data_dir, f"{name}.before_restore_{stamp}"))
    new.rename(place)
    return kept


def forget(data_dir: Path) -> None:
    """Remove what lies ready."""
    shutil.rmtree(data_dir / READY, ignore_errors=True)


def _is_for(ready: Path, database: int) -> bool:
    told = ready / _READY_FOR
    return told.is_file() and told.read_text(encoding="ascii", errors="replace").strip() == str(database)


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def _free_name(folder: Path, wanted: str) -> Path:
    names = [wanted, *(f"{wanted}_{number}" for number in range(2, 1000))]
    return next(folder / name for name in names if not (folder / name).exists())


def _write(path: Path, blocks: Iterator[bytes] | list[bytes]) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def _give_to(ready: Path, data_dir: Path) -> None:
    """Make whoever owns the data folder the owner, where root restores for another account."""
    if os.geteuid() != 0:
        return
    owner = data_dir.stat()
    for path in (ready, *ready.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _flush(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
