"""``GET /words/en.js``: the sentences of the interface and the codes for our scripts, fetched once and then kept by the browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from app.http.dependencies import Anyone
from app.http.i18n import LANGUAGES, words_script
from app.platform.errors import NotFound
from risk_model.message import msg

router = APIRouter(include_in_schema=False)

FOR_GOOD = "public, max-age=31536000, immutable"
"""Other words have another address."""


@router.get("/words/{language}.js")
def words(principal: Anyone, language: Annotated[str, Path()], v: Annotated[str, Query()] = "") -> Response:
    """Every sentence by its Chinese text and every code by its enumeration, as ``window.ANZHI``."""
    if language not in LANGUAGES:
        raise NotFound(msg("没有 {language} 语的界面文字", language=language))
    script, digest = words_script(language)
    kept = FOR_GOOD if v == digest else "no-cache"
    return Response(script, media_type="text/javascript", headers={"Cache-Control": kept})
