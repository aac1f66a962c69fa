"""What is run in the sandbox by the tests of the border: readers that stumble, each in its way."""

from __future__ import annotations

import errno
import struct
from pathlib import Path

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.border import border
from risk_model.message import msg


class Unpackable(Exception):
    """An error that can be packed and not unpacked."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


SLIPS: dict[str, Exception] = {
    "key": KeyError("x"),
    "zero": ZeroDivisionError(),
    "recursion": RecursionError(),
    "struct": struct.error("unpack"),
    "decode": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    "assertion": AssertionError(),
    "stop": StopIteration(),
    "os": OSError(errno.EIO, "i/o"),
    "unpackable": Unpackable("a", "b"),
    "memory": OSError(errno.ENOMEM, "out of memory"),
    "refusal": UnreadableFile("as it is"),
    "half a character": UnreadableFile(msg("{name} 无法读取", name="a\udc89\0b")),
}


def stumble(path: Path, slip: str) -> None:
    with border(path):
        raise SLIPS[slip]
