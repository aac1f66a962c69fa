"""Writes that change a stored thing say which state of it they saw."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

from app.platform.errors import PreconditionMissing, Stale
from risk_model.message import msg

IfMatch = Annotated[str | None, Header(alias="If-Match", description="the ETag of the last answer")]


def etag_of(version: int) -> str:
    """The tag of one state of a stored thing."""
    return f'"{version}"'


def require_if_match(if_match: str | None, version: int) -> None:
    """Raises PreconditionMissing without a tag, Stale where the stored thing has moved on."""
    if if_match is None:
        raise PreconditionMissing("请带上 If-Match（上次应答的 ETag），以免覆盖别人的修改")
    if if_match.strip() not in (etag_of(version), "*"):
        raise Stale(msg("内容已被别人修改（现在是第 {version} 版）；请重新读取后再改", version=version))
