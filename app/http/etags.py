"""Tags of answers: whoever has the present state need not read it again, and whoever changes it says which one they saw."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Header, Request, Response

from app.platform.errors import Stale
from app.platform.etags import ANY, etag_of, require_seen
from risk_model.message import msg

IfMatch = Annotated[str | None, Header(alias="If-Match", description="the ETag of the last answer")]


def require_if_match(if_match: str | None, version: int) -> None:
    """Raises PreconditionMissing without a tag, Stale where the stored thing has moved on."""
    if if_match is None or if_match.strip() != ANY:
        stale = Stale(msg("内容已被别人修改（现在是第 {version} 版）；请重新读取后再改", version=version))
        require_seen(if_match, etag_of(version), stale)


def is_current(request: Request, tag: str) -> bool:
    """Whether the client says (If-None-Match) that it has the answer of this tag, or any at all.

    Tags are compared weakly (RFC 9110, 13.1.2): a proxy that packs an answer marks its tag with ``W/``.
    """
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or tag.removeprefix("W/") in re.findall(r'"[^"]*"', known)


def unless_current(request: Request, tag: str, answer: Callable[[], Response]) -> Response:
    """``answer`` with its ``tag``; 304 without working it out where the client has it. Kept by clients, asked for each time."""
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    found = Response(status_code=304) if is_current(request, tag) else answer()
    found.headers.update(headers)
    return found
