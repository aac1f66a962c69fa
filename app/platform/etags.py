"""Tags of states: made in one place, and held against the one that whoever changes something has seen."""

from __future__ import annotations

import hashlib

from app.platform.errors import PreconditionMissing, Stale
from risk_model.message import msg

ANY = "*"
"""Seen by whoever means the present state, whatever it is."""


def etag_of(*marks: object) -> str:
    """The tag of one state of a stored thing, by what marks it."""
    return '"' + "-".join(map(str, marks)) + '"'


def digest_tag(content: bytes) -> str:
    """The tag of an answer by what it is made of."""
    return etag_of(hashlib.sha256(content).hexdigest()[:32])


def require_seen(seen: str | None, present: str, stale: Stale) -> None:
    """Raises PreconditionMissing without a tag, ``stale`` where another state was seen than the ``present``."""
    if not seen:
        raise PreconditionMissing(msg("请带上 If-Match（上次应答的 ETag），以免覆盖别人的修改"))
    if seen.strip() != present:
        raise stale
