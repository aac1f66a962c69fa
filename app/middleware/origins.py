"""Origins: whose page sent a request, as far as its browser says; programs say nothing."""

from __future__ import annotations

from starlette.datastructures import URL, Headers
from starlette.types import Scope

READING = frozenset({"GET", "HEAD", "OPTIONS"})
ELSEWHERE = ("cross-site", "same-site")
"""What browsers say of a page of another site, or of another port or sister name of this one."""

USUAL_PORTS = {"http": 80, "https": 443}


def from_elsewhere(scope: Scope) -> bool:
    """Whether another origin's page sent the request for what only our own pages may ask.

    That is every write, and everything read that is no page opened by a person. Whoever shows a bearer token is a
    program: browsers add no such header for a stranger's page.
    """
    headers = Headers(scope=scope)
    if headers.get("authorization", "").lower().startswith("bearer "):
        return False
    elsewhere = headers.get("sec-fetch-site") in ELSEWHERE
    if scope["method"] in READING:
        return elsewhere and not _opened_by_a_person(scope["method"], headers)
    origin = headers.get("origin")
    return elsewhere or (origin is not None and _spelt_out(origin) != _spelt_out(str(URL(scope=scope))))


def _opened_by_a_person(method: str, headers: Headers) -> bool:
    """Whether a link was followed to a whole page; what another page only shows or fetches was not."""
    opened = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return opened and method == "GET"


def _spelt_out(address: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port of an address; None for what has none, as the origin ``null``."""
    try:
        url = URL(address)
        return (url.scheme, url.hostname, url.port or USUAL_PORTS[url.scheme])
    except (ValueError, KeyError):
        return None
