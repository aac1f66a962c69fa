"""The file a backup is: a plain zip that packs nothing tighter, so that any archivist opens it and none can be a bomb."""

from __future__ import annotations

import hashlib
import re
import struct
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from gis_layers.backups.errors import DamagedBackup
from gis_layers.backups.manifest import Manifest, parse_manifest
from risk_model.message import msg

README, MANIFEST, DUMP, KEY, SUMS = "README.txt", "manifest.json", "database.dump", "secret.key", "SHA256SUMS"
FILES = "files/"
FOLDERS = ("attachments", "templates")
"""Folders of the data folder that people's files lie in; they stand below ``files/`` in a backup."""
BLOCK = 1024 * 1024
MOST_MEMBERS = 200_000
LARGEST_TEXT_BYTES = 64 * 1024 * 1024
LARGEST_KEY_BYTES = 64 * 1024
_SUM = re.compile(r"([0-9a-f]{64})  (\S.*)")
_TROUBLE = (zipfile.BadZipFile, RuntimeError, ValueError, EOFError, KeyError, OverflowError, struct.error, OSError)


class Packing:
    """A backup while it is written into an open file; every member's digest is kept for ``SHA256SUMS``."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._sums: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        """Add a small member."""
        with self.adding(name) as member:
            member.write(content)

    def add_file(self, name: str, path: Path) -> None:
        """Add a file of the disk."""
        with path.open("rb") as source, self.adding(name) as member:
            while block := source.read(BLOCK):
                member.write(block)

    @contextmanager
    def adding(self, name: str) -> Iterator[MemberWriter]:
        """Add a member block by block."""
        entry = zipfile.ZipInfo(name, time.localtime()[:6])
        entry.external_attr = 0o100600 << 16
        with self._zip.open(entry, "w", force_zip64=True) as inner:
            member = MemberWriter(inner)
            yield member
        self._sums[name] = member.sum.hexdigest()

    def close(self) -> None:
        """Add the digests and the table of contents."""
        self.add(SUMS, "".join(f"{digest}  {name}\n" for name, digest in self._sums.items()).encode())
        self._zip.close()


class MemberWriter:
    """One member while it is written."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self.sum = hashlib.sha256()

    def write(self, block: bytes, /) -> int:
        """Take one block."""
        self.sum.update(block)
        return self._inner.write(block)


@dataclass(frozen=True)
class Backup:
    """A backup open for reading, every byte of which was found to be as it was written."""

    path: Path
    manifest: Manifest
    zip: zipfile.ZipFile = field(repr=False)

    def names(self) -> list[str]:
        """Attachments and templates by their names within the data folder."""
        return [name.removeprefix(FILES) for name in self.zip.namelist() if name.startswith(FILES)]

    def key(self) -> bytes | None:
        """The secret key, where the deployment had one."""
        return self.zip.read(KEY) if KEY in self.zip.namelist() else None

    @contextmanager
    def dump(self) -> Iterator[IO[bytes]]:
        """The database's dump as a stream."""
        with self.zip.open(DUMP) as source:
            yield source

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """One attachment or template as a stream."""
        with self.zip.open(FILES + name) as source:
            yield source


@contextmanager
def opened_backup(path: Path) -> Iterator[Backup]:
    """The backup in a file, checked from its first byte to its last before anything is done with it.

    Raises DamagedBackup, and what ``parse_manifest`` raises for one this program is too old for.
    """
    try:
        file = path.open("rb")
    except OSError as trouble:
        raise DamagedBackup(
            msg("{path} 无法读取（{reason}）；请给出 `anzhi backup` 生成的文件", path=path, reason=trouble.strerror)
        ) from trouble
    with file:
        try:
            packed = zipfile.ZipFile(file)
            manifest = parse_manifest(_small_member(packed, MANIFEST))
            _check_members(packed, path.stat().st_size)
            _check_sums(packed)
        except _TROUBLE as trouble:
            raise _damaged(path, str(trouble) or type(trouble).__name__) from trouble
        yield Backup(path, manifest, packed)


def _check_members(packed: zipfile.ZipFile, size: int) -> None:
    """Raises ValueError for what no backup holds; sizes are bounded by the file's own, because nothing is compressed."""
    entries = packed.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_MEMBERS or len({*names}) != len(names):
        raise ValueError(msg("其中的成员太多，或有两个同名"))
    if missing := {README, MANIFEST, DUMP, SUMS} - {*names}:
        raise ValueError(msg("其中没有 {missing}", missing=[*sorted(missing)]))
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 or entry.file_size != entry.compress_size:
            raise ValueError(msg("其成员「{filename}」被压缩或加密了", filename=entry.filename))
        if not _is_plain(entry.filename):
            raise ValueError(msg("其中有「{filename}」", filename=entry.filename))
    if sum(entry.file_size for entry in entries) > size:
        raise ValueError(msg("各成员合计比文件本身还大"))
    if KEY in names:
        _small_member(packed, KEY, LARGEST_KEY_BYTES)


def _small_member(packed: zipfile.ZipFile, name: str, largest: int = LARGEST_TEXT_BYTES) -> bytes:
    entry = packed.getinfo(name)
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > largest:
        raise ValueError(msg("其成员 {name} 被压缩或太大", name=name))
    return packed.read(entry)


def _is_plain(name: str) -> bool:
    """Whether a name is one of ours, or leads to a file in one of ``FOLDERS`` and nowhere else."""
    if name in (README, MANIFEST, DUMP, KEY, SUMS):
        return True
    parts = PurePosixPath(name).parts
    plain = "\\" not in name and "\0" not in name and ".." not in parts and "/".join(parts) == name
    return plain and name.startswith(FILES) and len(parts) > 2 and parts[1] in FOLDERS


def _check_sums(packed: zipfile.ZipFile) -> None:
    lines = _small_member(packed, SUMS).decode().splitlines()
    told = {found[2]: found[1] for found in map(_SUM.fullmatch, lines) if found}
    if {*told} | {SUMS} != {*packed.namelist()}:
        raise ValueError(msg("{sums} 与实际内容不符", sums=SUMS))
    for name, digest in told.items():
        found = hashlib.sha256()
        with packed.open(name) as source:
            while block := source.read(BLOCK):
                found.update(block)
        if found.hexdigest() != digest:
            raise ValueError(msg("{name} 被改动过", name=name))


def _damaged(path: Path, why: str) -> DamagedBackup:
    return DamagedBackup(msg("{path} 已损坏或不是备份：{why}。没有作任何改动；请换一个备份", path=path, why=why))
