"""The shaded relief small enough to travel inside a single-file map: half as wide and high, in shades of grey."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import numpy.typing as npt

MOST_BYTES = 400_000
SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _GREY, _UP = 2, 0, 2
_BRIGHTNESS = np.array([0.299, 0.587, 0.114])
_SHADES = 64


def inlined_relief(png: bytes) -> str | None:
    """``png`` halved and grey as a ``data:`` address; None where it is not of the service's own making or still too big."""
    pixels = _read_own_png(png)
    if pixels is None:
        return None
    grey = pixels @ _BRIGHTNESS
    rows, columns = grey.shape[0] // 2 * 2, grey.shape[1] // 2 * 2
    halved = grey[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
    step = 256 // _SHADES
    small = _write_grey_png((np.rint(halved / step) * step).clip(0, 255).astype(np.uint8))
    return f"data:image/png;base64,{base64.b64encode(small).decode()}" if len(small) <= MOST_BYTES else None


def _read_own_png(png: bytes) -> npt.NDArray[np.uint8] | None:
    """Pixels (rows, columns, 3) of an 8-bit RGB picture whose rows are differences from the row above."""
    if not png.startswith(SIGNATURE) or png[12:16] != b"IHDR":
        return None
    columns, rows, depth, kind = struct.unpack(">IIBB", png[16:26])
    packed = b"".join(_chunks(png, b"IDAT"))
    if (depth, kind) != (8, _RGB) or not packed:
        return None
    lines = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(rows, 1 + 3 * columns)
    if (lines[:, 0] != _UP).any():
        return None
    return np.cumsum(lines[:, 1:], axis=0, dtype=np.uint8).reshape(rows, columns, 3)


def _chunks(png: bytes, wanted: bytes) -> list[bytes]:
    found, place = [], len(SIGNATURE)
    while place + 8 <= len(png):
        size, kind = struct.unpack(">I4s", png[place : place + 8])
        if kind == wanted:
            found.append(png[place + 8 : place + 8 + size])
        place += 12 + size
    return found


def _write_grey_png(grey: npt.NDArray[np.uint8]) -> bytes:
    rows, columns = grey.shape
    above = np.vstack([np.zeros_like(grey[:1]), grey[:-1]])
    lines = np.hstack([np.full((rows, 1), _UP, dtype=np.uint8), grey - above])
    header = struct.pack(">IIBBBBB", columns, rows, 8, _GREY, 0, 0, 0)
    bodies = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in bodies
    )
