"""Requests that were passed on: who did it, who is behind them, and which came straight from this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from app.middleware.hosts import bare, host_of, is_loopback

FORWARDING = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "x-original-host", "true-client-ip"}
)
"""What only those write who pass requests on, beside everything that begins with ``x-forwarded-``."""


def tells_of_forwarding(name: str) -> bool:
    """Whether a header of this name (small letters) tells that a request was passed on."""
    return name in FORWARDING or name.startswith("x-forwarded-")


def peer_of(scope: Scope) -> str:
    """The address at the other end of the connection; an IPv4 address is never told as an IPv6 one."""
    client = scope.get("client")
    return bare(client[0]) if client else "unknown"


def came_straight(scope: Scope) -> bool:
    """Whether a program on this machine asked under a loopback name, and nobody passed the request on.

    A proxy need not say that it is one: some speak HTTP/1.0, which no browser does, and a page seen through one names
    a referrer that its browser takes for its own, while the host asked for is another.
    """
    headers = Headers(scope=scope)
    host = host_of(headers.get("host", ""))
    return (
        is_loopback(peer_of(scope))
        and host is not None
        and is_loopback(host)
        and scope.get("http_version") != "1.0"
        and not any(map(tells_of_forwarding, headers.keys()))
        and not _seen_under_another_name(headers)
    )


def without_forwarding(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The headers without those that tell of forwarding, so that nothing behind the entrance can believe them."""
    return [(name, value) for name, value in scope["headers"] if not tells_of_forwarding(name.decode("latin-1"))]


def _seen_under_another_name(headers: Headers) -> bool:
    """Whether the browser took a page of another host for this service's own, as it does behind a proxy."""
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return False
    try:
        shown = urlsplit(headers.get("referer", "")).netloc
    except ValueError:  # no address at all
        shown = ""
    return bool(shown) and not is_loopback(host_of(shown) or "")
