"""Files that are taken away: each leaves an entry in the audit, who took which."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

from app.platform.errands import heed
from app.platform.principals import Principal
from gis_layers.canonical import digest_of_bytes
from gis_layers.stores.records import TAKEN, record_audit

HTML = "text/html; charset=utf-8"


def attachment(
    session: Session,
    principal: Principal,
    name: str,
    content: bytes | str,
    *,
    media_type: str,
    check: str | None = None,
) -> Response:
    """``content`` as a file called ``name`` (ASCII, no quotes) for a browser to keep; never kept by caches between.

    Its digest is on record with the number of the ``check`` it tells of, so that whoever holds it can have it verified.
    """
    heed()
    written = content.encode() if isinstance(content, str) else content
    detail = {"size": len(content), "sha256": digest_of_bytes(written)} | ({} if check is None else {"check": check})
    record_audit(session, actor=principal.name, action=TAKEN, subject=name, detail=detail)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
