"""Compression of answers: text is packed for whoever unpacks it, what is packed already is left alone."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware, GZipResponder
from starlette.types import ASGIApp, Receive, Scope, Send

LEAST_BYTES: Final = 1000
"""Below this an answer travels in one packet anyway."""
LEVEL: Final = 6
"""A sixth fewer bytes than the quickest level for some milliseconds of work: a village line is slower than a processor."""
LARGE_BYTES: Final = 1_000_000
QUICKEST: Final = 1
"""The level of an answer of ``LARGE_BYTES``: a tenth more of them, a quarter of the time, and whoever asks for so much is near."""
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


class _Packer(GZipResponder):
    """Starlette's own, which packs a large answer told at once by the quickest level."""

    async def apply_compression(self, body: bytes, *, more_body: bool) -> bytes:
        if not more_body and len(body) >= LARGE_BYTES:
            self.compresslevel = QUICKEST
        return await super().apply_compression(body, more_body=more_body)


class Compression(GZipMiddleware):
    """Starlette's own middleware with that packer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, packed for whoever unpacks it."""
        if scope["type"] != "http" or "gzip" not in Headers(scope=scope).get("Accept-Encoding", ""):
            return await super().__call__(scope, receive, send)
        packer = _Packer(
            self.app, self.minimum_size, self.compresslevel, exclude_content_types=self.exclude_content_types
        )
        return await packer(scope, receive, send)


def compressing(app: ASGIApp) -> ASGIApp:
    """``app`` with its answers compressed."""
    return Compression(app, LEAST_BYTES, LEVEL, exclude_content_types=PACKED)
