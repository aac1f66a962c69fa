"""Pages: the Jinja environment, the language of the answer, and the headers that keep a page to this server."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.http.etags import unless_current
from app.http.figures import (
    amount_words,
    area_words,
    clock_words,
    count_words,
    length_words,
    scale_words,
    share_words,
    tenth_words,
)
from app.http.guests import guests_welcome
from app.http.i18n import (
    COUNTED,
    LANGUAGE_COOKIE,
    LANGUAGES,
    ROOM,
    chosen_language,
    in_language,
    translate,
    words_script,
)
from app.http.masking import telephones_in
from app.http.static_files import asset, preloads, styles
from app.platform.etags import digest_tag
from app.platform.principals import DEMO_ROLES, NOBODY, Principal
from gis_layers.exchange import accepted_suffixes
from risk_model.codes import code_name, enumeration

A_YEAR_S = 365 * 24 * 3600


def _address_of_words(language: str) -> str:
    """Address of the words of a page's scripts."""
    return f"/words/{language}.js?v={words_script(language)[1]}"


@pass_context
def _gettext(context: Context, text: str | Exception, **values: object) -> str:
    language = context.get("language", "zh")
    return translate(str(text), language, **_parted(values)) if values else in_language(str(text), language)


def _parted(values: Mapping[str, object]) -> dict[str, object]:
    """The values, those that count something with their thousands parted; numbers that name something stay as they are."""
    return {
        name: count_words(value) if name in COUNTED and type(value) is int else value for name, value in values.items()
    }


@pass_context
def _said(context: Context, chinese: str, english: str = "") -> str:
    """Text of the rulebook in the reader's language of the two; a single text as the interface translates it."""
    language = context.get("language", "zh")
    return english if english and language == "en" else translate(chinese, language)


@pass_context
def _name_of(context: Context, key: str, code: str) -> str:
    """Name of a code of the enumeration ``key`` in the reader's language."""
    return in_language(code_name(key, code), context.get("language", "zh"))


@pass_context
def _short_of(context: Context, key: str, code: str) -> str:
    return in_language(enumeration(key).short(code), context.get("language", "zh"))


@pass_context
def _sign_of(context: Context, key: str, code: str) -> str:
    return in_language(enumeration(key)[code].sign, context.get("language", "zh"))


@lru_cache(8)
def _patterns(legend: object) -> Markup:
    """Fills of a map's key; written once a key, which is one object for each rulebook."""
    return Markup(templates.get_template("_patterns.svg").render(legend=legend))  # noqa: S704  it escapes by itself


@pass_context
def _area(context: Context, area_m2: float | None) -> str:
    """An area (m²) in words of the reader's language."""
    return in_language(area_words(area_m2), context.get("language", "zh"))


@pass_context
def _scale(context: Context, scale: int | None) -> str:
    """The scale of a survey in words of the reader's language."""
    return in_language(scale_words(scale), context.get("language", "zh"))


def _query(values: Mapping[str, object]) -> str:
    """The values that are given as a query for an address."""
    return urlencode({name: value for name, value in values.items() if value not in ("", None)})


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = _gettext
    environment.globals["said"] = _said
    environment.globals["codes"] = enumeration
    environment.globals["patterns"] = _patterns
    environment.globals["asset"] = asset
    environment.globals["styles"] = styles
    environment.globals["preloads"] = preloads
    environment.globals["name_of"] = _name_of
    environment.globals["short_of"] = _short_of
    environment.globals["sign_of"] = _sign_of
    environment.globals["file_suffixes"] = lambda: ",".join(accepted_suffixes())
    environment.filters["amount"] = amount_words
    environment.filters["area"] = _area
    environment.filters["metres"] = length_words
    environment.filters["moment"] = clock_words
    environment.filters["per_cent"] = share_words
    environment.filters["scale"] = _scale
    environment.filters["tenths"] = tenth_words
    environment.filters["thousands"] = count_words
    environment.filters["query"] = _query
    environment.filters["telephones"] = telephones_in
    return environment


templates = _environment()


def render(request: Request, name: str, /, **context: object) -> HTMLResponse:
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
        principal=_asking(request),
        synthetic=getattr(request.app.state, "synthetic", False),
        demo=guests_welcome(request),
        demo_roles=DEMO_ROLES,
        **context,
    )
    answer = HTMLResponse(page, headers={"Content-Security-Policy": content_policy(nonce), "Vary": "Cookie"})
    if request.query_params.get("lang") in LANGUAGES:
        secure = request.url.scheme == "https"
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=A_YEAR_S, samesite="lax", httponly=True, secure=secure)
    return answer


def _asking(request: Request) -> Principal:
    found: Principal = getattr(request.state, "principal", NOBODY)
    return found


def unless_guest_has(request: Request, page: HTMLResponse) -> Response:
    """``page``; 304 to a guest who has it. Only for pages without a script of their own, which every answer marks anew."""
    if not _asking(request).is_guest:
        return page
    found = unless_current(request, digest_tag(bytes(page.body)), lambda: page)
    found.headers.update({name: page.headers[name] for name in ("Content-Security-Policy", "Vary")})
    return found


def content_policy(nonce: str) -> str:
    """Contents a page may load: files of this server, its script marked by ``nonce``, pictures made in the page."""
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
