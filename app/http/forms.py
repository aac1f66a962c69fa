"""Forms of registers: fields of a page, made of the schema by which the API refuses; nothing of it is written twice.

Which fields there are, which must be filled, their limits and their codes come from the model of the request, what codes
are called from ``codes.toml``, what fields are called from ``fields.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaValue

from risk_model.codes import enumerations
from risk_model.message import Message, bilingual

LONG_TEXT = 501
"""A text that may be this long is written over several lines."""
HANDED_IN_WITH_GEOMETRY = "crs"
"""Of pages that place by map or coordinates: what they hand in is read already."""
KINDS: Mapping[str, str] = {"integer": "whole", "number": "number", "boolean": "flag"}

DAYS: Mapping[object, str] = {"date": "date", "date-time": "moment"}

AMOUNT = {"name", "count"}
"""What each object of a list says that is written a line each."""

Choice = tuple[str, str]
"""A value and what it is called."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field, chosen from ``choices`` where it has some.

    ``kind`` is text, long, number, whole, flag, date, moment, choice, several (of its choices), lines (texts, a line each), amounts (a line
    each: what, and how many) or position; ``shapes`` are those of a position.
    """

    name: str
    kind: str
    title: Message
    hint: Message
    required: bool = False
    least: float | None = None
    most: float | None = None
    length: int | None = None
    choices: tuple[Choice, ...] = ()
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """One form: its fields, where it goes, what stands in it.

    ``address`` is the template of the API's address, filled with ``path``; with ``etag`` it changes what stands there, without
    it is sent there, with what is ``fixed``, by whoever has ``seen`` a state. ``back`` is where the reader goes afterwards, ``{id}`` the number of what was made. ``told_as`` are the names the
    answer has for fields that it calls otherwise.
    """

    fields: tuple[FormField, ...]
    address: str
    back: str
    path: Mapping[str, int] | None = None
    etag: str | None = None
    values: Mapping[str, object] | None = None
    told_as: Mapping[str, str] | None = None
    fixed: Mapping[str, str] | None = None
    seen: str | None = None

    @property
    def position(self) -> FormField | None:
        """The field that places it, None where none does."""
        return next((one for one in self.fields if one.kind == "position"), None)

    def value(self, name: str) -> object:
        """What stands in a field; None where nothing does."""
        return (self.values or {}).get((self.told_as or {}).get(name, name))

    def as_told(self) -> dict[str, object]:
        """What the script of the page needs to know."""
        return {
            "address": self.address,
            "back": self.back,
            "path": dict(self.path or {}),
            "etag": self.etag,
            "seen": self.seen,
            "fixed": dict(self.fixed or {}),
            "fields": [{"name": one.name, "kind": one.kind} for one in self.fields],
            "told_as": dict(self.told_as or {}),
            "values": {one.name: self.value(one.name) for one in self.fields},
        }


def fields_of(
    model: type[BaseModel],
    register: str = "",
    *,
    only: Sequence[str] | None = None,
    but: Collection[str] = (),
    choices: Mapping[str, Sequence[Choice]] | None = None,
) -> tuple[FormField, ...]:
    """The fields of a request's model, in its order, or ``only`` some of them, or all ``but`` some.

    ``choices`` are the values of fields whose words the deployment knows and no schema: villages, enterprises.
    Lists have a field where they hold codes, texts, or how many there are of something; other lists are handed in by file or program.
    """
    schema = model.model_json_schema()
    required, offered = set(schema.get("required", ())), choices or {}
    return tuple(
        _field(name, told, (register, tuple(offered.get(name, ()))), required=name in required)
        for name, told in _told(schema)
        if name != HANDED_IN_WITH_GEOMETRY and name not in but and (only is None or name in only)
    )


def _told(schema: JsonSchemaValue) -> Iterator[tuple[str, JsonSchemaValue]]:
    """What the schema says of each field that is one value, without its being null."""
    for name, written in schema["properties"].items():
        several = [one for one in written.get("anyOf", [written]) if one.get("type") != "null"]
        told = {**written, **several[0]}
        told |= _referred(schema, told)
        if told.get("type") == "array":
            told["items"] = {**told["items"], **_referred(schema, told["items"])}
        if _list_kind(told) if told.get("type") == "array" else told.get("type") != "object":
            yield name, told


def _referred(schema: JsonSchemaValue, told: JsonSchemaValue) -> JsonSchemaValue:
    return schema["$defs"][told["$ref"].rpartition("/")[2]] if "$ref" in told else {}


def _list_kind(told: JsonSchemaValue) -> str:
    """What kind of field a list is, empty where none can hold it."""
    items = told["items"]
    if "enum" in items:
        return "several"
    if items.get("type") == "string" and "maxLength" in items:
        return "lines"
    return "amounts" if set(items.get("properties", ())) == AMOUNT else ""


def _field(name: str, told: JsonSchemaValue, offered: tuple[str, tuple[Choice, ...]], *, required: bool) -> FormField:
    register, choices = offered
    title, hint = field_words(name, register)
    codes = [told["const"]] if "const" in told else told.get("items", told).get("enum", [])
    named = choices or _choices(name, [str(code) for code in codes]) if codes or choices else ()
    return FormField(
        name,
        "choice" if named and told.get("type") not in ("integer", "array") else _kind(told),
        title,
        hint,
        required,
        told.get("minimum"),
        told.get("maximum"),
        told.get("maxLength"),
        named,
        tuple(one["properties"]["type"]["const"] for one in told.get("oneOf", ())),
    )


def _kind(told: JsonSchemaValue) -> str:
    if told.get("type") == "array":
        return _list_kind(told)
    if "oneOf" in told:
        return "position"
    if told.get("format") in DAYS:
        return DAYS[str(told["format"])]
    if told.get("type") == "string" and (told.get("maxLength") or 0) >= LONG_TEXT:
        return "long"
    return KINDS.get(str(told.get("type")), "text")


def _choices(name: str, codes: Sequence[str]) -> tuple[Choice, ...]:
    """Codes with their names: of the enumeration that holds them all, the smallest where several do."""
    holding = [words for words in enumerations().values() if set(codes) <= set(words)]
    if not holding:
        raise LookupError(f"{name}: no enumeration of codes.toml holds {', '.join(codes)}.")
    words = min(holding, key=len)
    return tuple((code, words.name(code)) for code in codes)


def field_words(name: str, register: str = "") -> tuple[Message, Message]:
    """What a field is called, and its hint. Raises KeyError for a field that has no name in ``fields.toml``."""
    words = _words()
    told = words.get(f"{register}.{name}") or words[name]
    return bilingual(told["zh"], told["en"]), bilingual(told.get("hint", ""), told.get("hint_en", ""))


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((resources.files("app") / "http" / "fields.toml").read_text(encoding="utf-8"))
