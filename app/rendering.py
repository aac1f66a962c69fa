"""Pages: the Jinja environment, the language of the answer, and the headers that keep a page to this server."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from babel.messages.pofile import read_po
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from app.http.guests import guests_welcome
from app.security import DEMO_ROLES, NOBODY, ROLE_NAMES
from gis_layers.exchange import accepted_suffixes
from risk_model.said import Said

HERE = Path(__file__).parent
VERDICTS = {
    "prohibited": "触发禁止性规则",
    "restricted": "需论证",
    "insufficient_data": "资料不足",
    "permitted": "未触发已加载规则",
}
"""What each verdict is called; translated where it is shown."""
LANGUAGES = {"zh": "zh-CN", "en": "en"}
LANGUAGE_COOKIE = "anzhi_language"
FOR_PROGRAMS = ("/api/", "/tiles/", "/ogc")
"""Paths that answer programs; everything else is a page."""

SENTENCES = frozenset(["advice", "message", "problem", "step"])
"""Members of an answer that hold a whole sentence of the interface."""

A_YEAR_S = 365 * 24 * 3600


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every sentence of the interface in ``language`` by its Chinese text; empty for Chinese itself."""
    path = HERE / "translations" / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}


@cache
def words_script(language: str) -> tuple[bytes, str]:
    """The catalogue as a script that sets ``window.ANZHI.messages``, and the first digits of its SHA-256."""
    script = b"window.ANZHI = { messages: " + orjson.dumps(dict(catalogue(language))) + b" };\n"
    return script, hashlib.sha256(script).hexdigest()[:12]


def _address_of_words(language: str) -> str | None:
    """Where a page finds the words of its scripts; None where their own sentences are the reader's."""
    return f"/words/{language}.js?v={words_script(language)[1]}" if catalogue(language) else None


def chosen_language(request: Request) -> str:
    """``zh`` or ``en``: what ``?lang=`` asks for, else what the cookie remembers, else Chinese.

    Programs, which keep no such cookie, may name the language with ``Accept-Language``; pages do not follow the browser.
    """
    for choice in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if choice in LANGUAGES:
            return choice
    return _accepted_language(request) if request.url.path.startswith(FOR_PROGRAMS) else "zh"


def _accepted_language(request: Request) -> str:
    """The language of ours that ``Accept-Language`` prefers; Chinese where it names neither."""
    named: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag, _, quality = part.replace(" ", "").partition(";q=")
        language = tag.partition("-")[0]
        with suppress(ValueError):
            named += [(float(quality or 1), language)] if language in LANGUAGES else []
    wanted = [(weight, language) for weight, language in named if weight > 0]
    return max(wanted, key=lambda one: one[0], default=(1.0, "zh"))[1]


def translate(text: str, language: str, **values: object) -> str:
    """``text`` in ``language`` with ``%(name)s`` filled in; the Chinese itself where no translation stands."""
    sentence = catalogue(language).get(text, text)
    return sentence % values if values else sentence


def in_language(text: str, language: str) -> str:
    """A message as it is said in ``language``: filled in anew where it was said with values, else looked up."""
    if isinstance(text, Said):
        return text.told(language, lambda template: translate(template, language))
    return translate(text, language)


def answer_in_language(answer: Any, language: str) -> Any:
    """``answer`` with everything said in it, and its ``SENTENCES``, in ``language``; all else as it is."""
    match answer:
        case Said():
            return in_language(answer, language)
        case dict():
            return {
                name: in_language(value, language)
                if name in SENTENCES and isinstance(value, str)
                else answer_in_language(value, language)
                for name, value in answer.items()
            }
        case list() | tuple():
            return [answer_in_language(value, language) for value in answer]
        case _:
            return answer


@pass_context
def _gettext(context: Context, text: str | Exception, **values: object) -> str:
    language = context.get("language", "zh")
    return translate(str(text), language, **values) if values else in_language(str(text), language)


@pass_context
def _said(context: Context, chinese: str, english: str = "") -> str:
    """What the rulebook says in both languages, in the reader's; a single text as the interface translates it."""
    language = context.get("language", "zh")
    return english if english and language == "en" else translate(chinese, language)


def _square_kilometres(area_m2: float | None) -> str:
    return "—" if area_m2 is None else f"{area_m2 / 1e6:.1f}"


def _per_cent(share: float | None) -> str:
    return "—" if share is None else f"{share * 100:.1f}%"


def _thousands(number: int) -> str:
    return f"{number:,}"


def _query(values: Mapping[str, Any]) -> str:
    """The values that are given as a query for an address."""
    return urlencode({name: value for name, value in values.items() if value not in ("", None)})


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = _gettext
    environment.globals["said"] = _said
    environment.globals["file_suffixes"] = lambda: ",".join(accepted_suffixes())
    environment.filters["km2"] = _square_kilometres
    environment.filters["per_cent"] = _per_cent
    environment.filters["thousands"] = _thousands
    environment.filters["query"] = _query
    return environment


templates = _environment()


def render(request: Request, name: str, /, **context: Any) -> HTMLResponse:
    """The template ``name`` as a page in the reader's language, allowed to load from this server alone."""
    language = chosen_language(request)
    nonce = secrets.token_urlsafe(16)
    page = templates.get_template(name).render(
        request=request,
        language=language,
        html_language=LANGUAGES[language],
        words_address=_address_of_words(language),
        nonce=nonce,
        here=request.url.path,
        asking=getattr(request.state, "asking", NOBODY),
        synthetic=getattr(request.app.state, "synthetic", False),
        demo=guests_welcome(request),
        demo_roles=DEMO_ROLES,
        role_names=ROLE_NAMES,
        **context,
    )
    answer = HTMLResponse(page, headers={"Content-Security-Policy": content_policy(nonce), "Vary": "Cookie"})
    if request.query_params.get("lang") in LANGUAGES:
        secure = request.url.scheme == "https"
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=A_YEAR_S, samesite="lax", httponly=True, secure=secure)
    return answer


def content_policy(nonce: str) -> str:
    """What a page may load: files of this server, its own script marked by ``nonce``, pictures made in the page."""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
