"""Languages: which one a request is answered in, and how messages are said in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import orjson
from babel.messages.catalog import Message as BabelMessage
from babel.messages.pofile import read_po

from risk_model.codes import Code, enumerations
from risk_model.message import Message
from risk_model.readiness import lapses

if TYPE_CHECKING:  # the console speaks too, and loads no web framework for it
    from fastapi import Request

Answer = TypeVar("Answer")

ROOM = Path(__file__).parents[1]
"""Where templates and translations lie."""

LANGUAGES = {"zh": "zh-CN", "en": "en"}


LANGUAGE_COOKIE = "anzhi_language"


FOR_PROGRAMS = ("/api/", "/tiles/", "/ogc")
"""Paths that answer programs; everything else is a page."""


SENTENCES = frozenset(["advice", "message", "problem", "step"])
"""Members of an answer that hold a whole sentence of the interface."""


COUNTED = frozenset([
    "all", "areas", "count", "days", "first", "flipped", "found", "hours", "last", "loaded", "milder", "months", "n", "of",
    "patches", "refused", "rows", "same", "seconds", "shown", "sites", "steps", "tables", "total", "worse",
])  # fmt: skip
"""Places of sentences in which a count stands; by the first of them a sentence is singular or plural."""
_PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every sentence of the interface in ``language`` by its Chinese text, of several; empty for Chinese itself."""
    return {_first(message.id): _last(message.string) for message in _messages(language)}


@cache
def singulars(language: str) -> Mapping[str, str]:
    """The sentences that are said otherwise of one, by their Chinese text."""
    return {
        _first(message.id): _first(message.string)
        for message in _messages(language)
        if isinstance(message.string, tuple | list)
    }


def _messages(language: str) -> list[BabelMessage]:
    path = ROOM / "translations" / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id and message.string]


def _first(text: object) -> str:
    return str(text[0] if isinstance(text, tuple | list) else text)


def _last(text: object) -> str:
    return str(text[-1] if isinstance(text, tuple | list) else text)


def counted_place(sentence: str) -> str | None:
    """The place of a sentence by whose number it is singular or plural."""
    names = (python or page for page, python in _PLACE.findall(sentence))
    return next((name for name in names if name in COUNTED), None)


@cache
def words_script(language: str) -> tuple[bytes, str]:
    """The catalogue, the codes and how long dates hold as a script that sets ``window.ANZHI``, and the first digits of its SHA-256."""
    told = {
        "messages": dict(catalogue(language)),
        "counts": told_counts(language),
        "codes": told_codes(language),
        "lapses": told_lapses(),
    }
    script = b"window.ANZHI = " + orjson.dumps(told) + b";\n"
    return script, hashlib.sha256(script).hexdigest()[:12]


def told_counts(language: str) -> dict[str, object]:
    """What scripts need to count as pages do: ``singulars`` by their Chinese text, and the places that are ``counted``."""
    return {"singulars": dict(singulars(language)), "counted": sorted(COUNTED)}


def told_lapses() -> dict[str, dict[str, object]]:
    """What may befall a date of a register, by its code: the columns it may befall, after how many days."""
    return {code: {"columns": sorted(one.columns), "days": one.days} for code, one in lapses().items()}


def told_codes(language: str) -> dict[str, dict[str, dict[str, str]]]:
    """Every code by its enumeration: ``name`` in ``language``, ``short`` and ``sign`` where they are other words."""
    return {
        key: {code.code: _told_code(code, language) for code in codes.values()} for key, codes in enumerations().items()
    }


def _told_code(code: Code, language: str) -> dict[str, str]:
    told = {part: in_language(getattr(code, part), language) for part in ("name", "short", "sign")}
    return {part: words for part, words in told.items() if part == "name" or words != told["name"]}


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
    sentence = _form(text, language, values)
    return sentence % values if values else sentence


def _form(text: str, language: str, values: Mapping[str, object]) -> str:
    """The sentence in ``language``, singular where it counts one."""
    one = singulars(language).get(text)
    if one is not None and str(values.get(counted_place(text) or "")) == "1":
        return one
    return catalogue(language).get(text, text)


def tell_in(text: str, language: str, **values: object) -> str:
    """Words in ``language``: names of codes and messages as they are said, else as ``translate``."""
    return translate(text, language, **values) if values else in_language(text, language)


def in_language(text: str, language: str) -> str:
    """A message as it is said in ``language``: filled in anew where it was said with values, else looked up."""
    if isinstance(text, Message):
        return text.told(language, lambda template, values: _form(template, language, values))
    return translate(text, language)


def answer_in_language(answer: Answer, language: str) -> Answer:
    """``answer`` with everything said in it, and its ``SENTENCES``, in ``language``; all else as it is."""
    return cast("Answer", _in_language(answer, language))


def _in_language(answer: object, language: str) -> object:
    match answer:
        case Message():
            return in_language(answer, language)
        case dict():
            return {
                name: in_language(value, language)
                if name in SENTENCES and isinstance(value, str)
                else _in_language(value, language)
                for name, value in answer.items()
            }
        case list() | tuple():
            return [_in_language(value, language) for value in answer]
        case _:
            return answer
