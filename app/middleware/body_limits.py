"""The limits of request bodies: how long, how deep and how slow one may be, by route and by what is known of its sender."""

from __future__ import annotations

import json
import re
from typing import Final

import numpy as np
from starlette.datastructures import Headers

from app.middleware.lanes import SIGN_IN, lane_of, pattern_of
from app.platform.errors import BodyTooDeep
from app.platform.principals import SESSION_COOKIE
from risk_model.message import msg

MB: Final = 1024 * 1024
JSON_BYTES: Final = 4 * MB
FORM_BYTES: Final = 1 * MB
DOOR_BYTES: Final = 16 * 1024
"""A name and a password."""
STRANGERS_JSON_BYTES: Final = 1 * MB
"""Of somebody without cookie or token; an outline with 20,000 vertices is no longer."""
STRANGERS_UPLOAD_BYTES: Final = 20 * MB

BESIDE_FILE_BYTES: Final = 64 * 1024
"""What a form with a file holds besides the file: its other fields and the marks between them."""
_UPLOADS: Final = {
    "/api/siting/outline/file": 20 * MB,
    "/api/zones/drafts/{number}/approve-on-paper": 20 * MB,
    "/api/siting/reviews/{number}/documents": 20 * MB,
    "/api/siting/batch": 200 * MB,
    "/api/unit-sets": 100 * MB,
    "/api/imports": 400 * MB,
    "/api/zones/drafts/{number}/file": 100 * MB,
    "/api/zones/packages": 200 * MB,
}
"""The longest file each route takes; it says so itself where a file is only a little longer."""
_PATTERNS: Final = {pattern_of(template): most for template, most in _UPLOADS.items()}

DEEPEST: Final = 64
"""Lists and objects in one another. GeoJSON needs eight; what reads a document goes down it by recursion."""

_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_STEPS: Final = np.zeros(256, dtype=np.int8)
_STEPS[[ord("["), ord("{")]] = 1
_STEPS[[ord("]"), ord("}")]] = -1


def uploads() -> list[str]:
    """The templates of the routes that take files."""
    return [*_UPLOADS]


def most_bytes(path: str, headers: Headers) -> int:
    """Most bytes the body of a request may have."""
    if lane_of(path) is SIGN_IN:
        return DOOR_BYTES
    stranger = "authorization" not in headers and SESSION_COOKIE not in headers.get("cookie", "")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        file = next((most for pattern, most in _PATTERNS.items() if pattern.match(path)), None)
        if file is not None:
            return BESIDE_FILE_BYTES + (min(file, STRANGERS_UPLOAD_BYTES) if stranger else file)
        return FORM_BYTES
    if kind == "application/x-www-form-urlencoded":
        return FORM_BYTES
    return STRANGERS_JSON_BYTES if stranger else JSON_BYTES


def may_be_deep(content: bytes) -> bool:
    """Whether ``content`` has so many opening brackets that it could be nested too deep; quick to tell."""
    return content.count(b"[") + content.count(b"{") > DEEPEST


def check_depth(content: bytes) -> None:
    """Raises BodyTooDeep where lists and objects of a JSON document lie more than ``DEEPEST`` deep in one another."""
    encoding = json.detect_encoding(content)
    if encoding not in ("utf-8", "utf-8-sig"):
        content = content.decode(encoding, "replace").encode()
    without_texts = _TEXT.sub(b"", content)
    depth = np.cumsum(_STEPS[np.frombuffer(without_texts, dtype=np.uint8)], dtype=np.int32)
    if depth.max(initial=0) > DEEPEST:
        raise BodyTooDeep(msg("JSON 的嵌套超过 {most} 层；请去掉多余的层次后重试", most=DEEPEST))
