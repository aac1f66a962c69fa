"""Contents of a request as words and numbers that can be kept: asked of every request that needs a role."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from app.platform.errors import BadParameter
from gis_layers.plain_text import LARGEST_WHOLE, has_unstorable
from risk_model.message import Message, msg

UNSTORABLE = msg("含有空字符或半个字符，不能保存；请删去后重试")
NO_NUMBER = msg("不是有限的数（NaN、Infinity 或超出范围）；请改成数字，不知道时不填")
TOO_LARGE = msg("整数太大，超出能精确保存的范围")

EXPLAINED = frozenset({("/api/places/aliases", "body.alias")})
"""Fields of which the service itself says more: what may stand in a name, and of which place."""

_SUSPICIOUS = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]|NaN|Infinity|\d[eE]\+?\d{3}|\d{16}|[\xed\x00]")
"""What a body in JSON looks like that could hold one of these; all others need not be walked through."""

Trouble = tuple[str, Message]


async def legible(request: Request) -> None:
    """Nothing, for a request whose every word and number can be kept.

    Raises BadParameter naming each field that holds a NUL, half a character, a number that is none or too large a one.
    """
    found = _troubles(request, await _json_of(request))
    troubles = [(field, why) for field, why in found if (request.url.path, field) not in EXPLAINED]
    if troubles:
        errors = [{"field": field, "message": why} for field, why in troubles]
        where = [field for field, _ in troubles]
        raise BadParameter(msg("请改正这些字段后重试：{fields}", fields=where), code="storable", errors=errors)


async def _json_of(request: Request) -> object:
    """The body where it was read as JSON and could hold what nothing keeps; it is not parsed for this."""
    if "_json" not in vars(request) or not _SUSPICIOUS.search(await request.body()):
        return None
    read: object = await request.json()
    return read


def _troubles(request: Request, body: object) -> Iterator[Trouble]:
    for name, value in request.path_params.items():
        if has_unstorable(str(value)):
            yield f"path.{name}", UNSTORABLE
    for name, value in request.query_params.multi_items():
        if has_unstorable(name) or has_unstorable(value):
            yield f"query.{_shown(name)}", UNSTORABLE
    yield from _of_form(vars(request).get("_form"))
    yield from _of_json(body)


def _of_form(form: FormData | None) -> Iterator[Trouble]:
    for name, value in form.multi_items() if form is not None else ():
        text = (value.filename or "") if isinstance(value, UploadFile) else str(value)
        if has_unstorable(name) or has_unstorable(text):
            yield f"body.{_shown(name)}", UNSTORABLE


def _of_json(body: object) -> Iterator[Trouble]:
    """Every trouble in a document, however deep it goes."""
    waiting: list[tuple[str, object]] = [("body", body)]
    while waiting:
        at, value = waiting.pop()
        match value:
            case str() if has_unstorable(value):
                yield at, UNSTORABLE
            case float() if not math.isfinite(value):
                yield at, NO_NUMBER
            case int() if abs(value) > LARGEST_WHOLE:
                yield at, TOO_LARGE
            case list():
                waiting += [(f"{at}.{place}", one) for place, one in enumerate(value)]
            case dict():
                waiting += [(f"{at}.{_shown(name)}", one) for name, one in value.items()]
                if any(has_unstorable(name) for name in value):
                    yield at, UNSTORABLE


def _shown(name: str) -> str:
    """A field's name as it can be told."""
    return name.encode("utf-8", "replace").decode().replace("\0", "?")
