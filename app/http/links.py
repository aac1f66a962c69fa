"""Links: made from the public address where one is set, else from this service's root, never from what a request named."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import URL


def link(request: Request, url: URL) -> str:
    """The address of ``url`` for whoever asks: whole with a public address, else its path and query."""
    path = url.path + (f"?{url.query}" if url.query else "")
    public = request.app.state.public_url
    return path if public is None else str(public).rstrip("/") + path
