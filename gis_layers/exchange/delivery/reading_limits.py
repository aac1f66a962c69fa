"""Limits of what a file may ask for before it is refused, by the door it came through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gis_layers.sandbox import Limits

_MIB: Final = 1024**2


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """The most a file may take: seconds of reading, bytes of memory, and what it may hold.

    ``members`` and ``unpacked_bytes`` are of an archive or a workbook (which is one), ``ratio`` how many bytes one
    packed byte may become in it, ``cells`` rows times columns of a table.
    """

    wall_s: float
    memory_bytes: int
    members: int
    unpacked_bytes: int
    ratio: int
    cells: int

    def of_process(self) -> Limits:
        """The limits of the process that reads."""
        return Limits(wall_s=self.wall_s, memory_bytes=self.memory_bytes, file_bytes=self.unpacked_bytes)


CONSOLE: Final = ReadingLimits(3600, 8192 * _MIB, 10_000, 4096 * _MIB, 2000, 100_000_000)
"""Whoever stands at the console answers for the file."""
UPLOAD: Final = ReadingLimits(300, 3072 * _MIB, 2_000, 1024 * _MIB, 200, 10_000_000)
"""A bulk check or a unit set, of at most 200 MB."""
OUTLINE: Final = ReadingLimits(20, 768 * _MIB, 200, 128 * _MIB, 100, 1_000_000)
"""A handful of sites that somebody waits for, of at most 20 MB, where guests may come too."""
ALWAYS_BYTES: Final = 16 * _MIB
"""What may be unpacked whatever the ratio: a short file of blanks is no attack."""
