"""Files that are taken away: each leaves an entry in the audit, who took which."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

from app.platform.errands import heed
from app.platform.principals import Principal
from gis_layers.stores.records import record_audit

HTML = "text/html; charset=utf-8"


def attachment(session: Session, principal: Principal, name: str, content: bytes | str, *, media_type: str) -> Response:
    """``content`` as a file called ``name`` (ASCII, no quotes) for a browser to keep; never kept by caches between."""
    heed()
    record_audit(session, actor=principal.name, action="take away file", subject=name, detail={"size": len(content)})
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
