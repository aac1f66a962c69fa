"""Archives as they arrive: GBK file names, folders inside, and now and then something hostile."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.border import border
from gis_layers.exchange.delivery.reading_limits import CONSOLE, ReadingLimits
from gis_layers.exchange.formats.archive_limits import check_archive, most_unpacked
from gis_layers.exchange.formats.foreign_files import is_left_behind
from gis_layers.sandbox import Cancelled, run_confined
from risk_model.message import msg

_UTF8_NAME = 0x800
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One file of the archive: its name as the sender wrote it and where it was unpacked under a plain name."""

    name: str
    path: Path


@contextmanager
def unpacked(
    path: Path, *, limits: ReadingLimits = CONSOLE, largest: int | None = None, cancelled: Cancelled = None
) -> Iterator[list[ArchiveMember]]:
    """Unpack an archive, in a confined process, into a folder that lives as long as the context.

    Files are written under names of our own making, so no name in the archive can point out of the folder. ``largest``
    takes the place of the most bytes that ``limits`` allow. Raises UnreadableFile for a damaged or encrypted archive,
    one within another, one that holds links, and one of more bytes or files than allowed.
    """
    allowed = limits if largest is None else replace(limits, unpacked_bytes=largest)
    with TemporaryDirectory(prefix="anzhi-unpacked-") as folder:
        yield run_confined(
            unpack_into, path, Path(folder), allowed,
            limits=allowed.of_process(), readable=[path], writable=[Path(folder)], cancelled=cancelled,
        )  # fmt: skip


def unpack_into(path: Path, folder: Path, limits: ReadingLimits) -> list[ArchiveMember]:
    """Unpack the archive ``path`` into ``folder``. Raises UnreadableFile."""
    with border(path):
        try:
            with zipfile.ZipFile(path) as archive:
                check_archive(archive, path, limits)
                return _unpack(archive, folder, most_unpacked(path, limits))
        except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
            raise UnreadableFile(
                msg("{name} 无法解压（{error}）；请重新打包为普通 zip", name=path.name, error=error)
            ) from error


def _unpack(archive: zipfile.ZipFile, folder: Path, largest: int) -> list[ArchiveMember]:
    entries = [(entry, _true_name(entry)) for entry in archive.infolist() if not entry.is_dir()]
    stems: dict[str, str] = {}
    members = []
    left = largest
    for entry, name in entries:
        if is_left_behind(name):
            continue
        if PurePosixPath(name).suffix.lower() == ".zip":
            raise UnreadableFile(msg("{name} 是压缩包里的压缩包；请解压后单独提交其中的文件", name=name))
        target = folder / _plain_name(name, stems)
        if target.exists():
            raise UnreadableFile(
                msg("压缩包里有两个文件都叫 {name}，无法判断用哪一个；请去掉一个后重新打包", name=name)
            )
        left -= _copy(archive, entry, target, left)
        members.append(ArchiveMember(name, target))
    return members


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Unpack one file, counting what really comes out and not what the archive says."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as packed, target.open("wb") as plain:
        while block := packed.read(_BLOCK):
            plain.write(block)
            if plain.tell() > left:
                raise UnreadableFile(msg("压缩包解压出的字节比它所写的多；它已损坏或有恶意"))
        return plain.tell()


def _true_name(entry: zipfile.ZipInfo) -> str:
    """The file name as the sender wrote it: Chinese systems pack GBK bytes without saying so."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    content = entry.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _plain_name(name: str, stems: dict[str, str]) -> str:
    """A name of our own for a file, the same stem for files that belong together; a geodatabase stays a folder."""
    whole = PurePosixPath(name.replace("\\", "/"))
    for folder in (whole, *whole.parents):
        if folder.suffix.lower() == ".gdb" and folder != whole:
            return f"{_stem_of(str(folder), stems)}.gdb/{_letters(whole.name)}"
    first = (
        str(whole.parent / whole.name.split(".")[0]) if whole.suffix.lower() == ".xml" else str(whole.with_suffix(""))
    )
    return f"{_stem_of(first, stems)}{_letters(whole.suffix.lower())}"


def _stem_of(first: str, stems: dict[str, str]) -> str:
    """Files belong together by their stem, whatever the case of its letters: ``Zones.SHP`` and ``zones.dbf``."""
    return stems.setdefault(first.casefold(), f"layer{len(stems)}")


def _letters(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum() or letter in "._-").replace("..", ".")
