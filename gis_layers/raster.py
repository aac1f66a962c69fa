"""Pictures as PNG: written from pixels and read again, made light for the screen, by Pillow."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, UnidentifiedImageError

Pixels = npt.NDArray[np.uint8]

MOST_PIXELS: Final = 25_000_000
"""A picture that says it has more is not unpacked: a few kilobytes may claim to be gigabytes."""


QUALITIES: Final = (70, 50, 35)
"""Of WebP, the finest first; below the last a smaller picture looks better."""
LEAST_SIDE: Final = 64


def write_png(pixels: Pixels) -> bytes:
    """Pixels of shape (rows, columns) in grey or (rows, columns, 3) in red, green and blue as a PNG file."""
    return _file_of(Image.fromarray(pixels), level=6)


def halved_grey_png(png: bytes, *, shades: int) -> bytes | None:
    """A PNG half as wide and high in so many ``shades`` of grey; None where it is no PNG, damaged, or claims too much."""
    picture = _opened(png)
    if picture is None:
        return None
    columns, rows = (side // 2 * 2 for side in picture.size)
    step = 256 // shades
    grey: Any = picture.convert("L").crop((0, 0, columns, rows)).reduce(2)
    return _file_of(grey.point([min(round(level / step) * step, 255) for level in range(256)]), level=9)


def light_webp(png: bytes, *, most_bytes: int) -> bytes | None:
    """A PNG as WebP of at most so many bytes: the finest that fits, in the end smaller too; None where it is no PNG."""
    picture = _opened(png)
    if picture is None:
        return None
    picture = picture.convert("RGB")
    while True:
        for quality in QUALITIES:
            file = BytesIO()
            picture.save(file, format="WEBP", quality=quality, method=4)
            if file.tell() <= most_bytes or min(picture.size) < LEAST_SIDE:
                return file.getvalue()
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)


def _opened(png: bytes) -> Image.Image | None:
    try:
        picture = Image.open(BytesIO(png), formats=("PNG",))
        if picture.width * picture.height > MOST_PIXELS:
            return None
        # The library of papers lets Pillow fill up what is cut off, for the whole process; a picture that is damaged is none.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        picture.load()
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None
    return picture


def _file_of(picture: Image.Image, *, level: int) -> bytes:
    file = BytesIO()
    picture.save(file, format="PNG", compress_level=level)
    return file.getvalue()
