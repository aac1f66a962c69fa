"""Compression of answers: text is packed for whoever unpacks it, what is packed already is left alone."""

from __future__ import annotations

from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

LEAST_BYTES: Final = 1000
"""Below this an answer travels in one packet anyway."""
LEVEL: Final = 6
"""A sixth fewer bytes than the quickest level for some milliseconds of work: a village line is slower than a processor."""
PACKED: Final = (
    "application/geopackage+sqlite3",
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
    "font/woff",
    "font/woff2",
    "image/jpeg",
    "image/png",
    "image/webp",
)
"""Answers that hold compressed content, or are kept as files and ought to tell how long they are."""


def compressing(app: ASGIApp) -> ASGIApp:
    """``app`` with its answers compressed by Starlette's own middleware."""
    return GZipMiddleware(app, LEAST_BYTES, LEVEL, exclude_content_types=PACKED)
