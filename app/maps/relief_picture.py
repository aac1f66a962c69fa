"""The shaded relief small enough to travel inside a single-file map: half as wide and high, in shades of grey."""

from __future__ import annotations

import base64
from typing import Final

from gis_layers.raster import halved_grey_png

MOST_BYTES: Final = 400_000
SHADES: Final = 64


def inlined_relief(png: bytes) -> str | None:
    """``png`` halved and grey as a ``data:`` address; None where it cannot be read or is still too big."""
    small = halved_grey_png(png, shades=SHADES)
    if small is None or len(small) > MOST_BYTES:
        return None
    return f"data:image/png;base64,{base64.b64encode(small).decode()}"
