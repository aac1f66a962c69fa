"""Size an archive may unpack to: told from its directory before a byte of it is unpacked."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.reading_limits import ALWAYS_BYTES, ReadingLimits
from risk_model.message import msg


def check_archive(archive: zipfile.ZipFile, path: Path, limits: ReadingLimits) -> None:
    """Pass an archive by that stays within ``limits`` and holds only files. Raises UnreadableFile."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > limits.members:
        raise UnreadableFile(
            msg("{name} 里的文件多于 {most} 个；请减少后重新提交", name=path.name, most=limits.members)
        )
    if unpacked > most_unpacked(path, limits):
        raise UnreadableFile(
            msg(
                "{name} 解压后超过 {path} 字节；请一次少交几个图层",
                name=path.name,
                path=f"{most_unpacked(path, limits):,}",
            )
        )
    if any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        raise UnreadableFile(msg("{name} 里有指向别处的符号链接，没有打开；请只打包文件本身后重新提交", name=path.name))


def most_unpacked(path: Path, limits: ReadingLimits) -> int:
    """Most bytes an archive of this size may become."""
    return min(limits.unpacked_bytes, max(ALWAYS_BYTES, path.stat().st_size * limits.ratio))
