"""Sentences said to people: Chinese as they stand, with what they were made of, so that a door can say them otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

JOINTS = {"zh": "、", "en": ", "}
"""What stands between the items of a list, by language."""

Translate = Callable[[str, Mapping[str, object]], str]
"""A template in another language, with the same ``{names}``, as it is said of these values."""


class Message(str):
    """A Chinese sentence that remembers the ``template`` with ``{names}`` and the ``values`` it was made of.

    It is the sentence wherever a text is wanted. ``str()`` of it is itself, and so is ``str()`` of an exception raised
    with it: a message can be handed on without losing what it was made of.
    """

    __slots__ = ("english", "template", "values")

    template: str
    values: Mapping[str, object]
    english: str

    def __new__(cls, template: str, values: Mapping[str, object], english: str = "") -> Self:
        """The sentence of a template; ``english`` where whoever says it knows that too."""
        kept = {name: _as_kept(value) for name, value in values.items()}
        made = super().__new__(cls, _filled(template, kept, "zh", _as_it_stands))
        made.template, made.values, made.english = template, kept, english
        return made

    def __str__(self) -> str:
        return self

    def __getnewargs__(self) -> tuple[str, Mapping[str, object], str]:  # type: ignore[override]
        return self.template, self.values, self.english

    def told(self, language: str, translate: Translate) -> str:
        """The sentence in ``language``, every template in it passed through ``translate`` with its values."""
        if self.english and language == "en":
            return self.english
        return _filled(translate(self.template, self.values), self.values, language, translate)


def msg(template: str, /, **values: object) -> Message:
    """Say ``template`` with ``values`` in the place of its ``{names}``: texts, numbers, errors, lists, things said."""
    return Message(template, values)


def bilingual(chinese: str, english: str) -> Message:
    """Words of the rules themselves, in both languages."""
    return Message("{chinese}", {"chinese": chinese}, english)


def as_plain(value: Any) -> Any:
    """``value`` in plain JSON, where a thing said is an object of its template and values."""
    match value:
        case Message():
            return {"said": value.template, "values": as_plain(dict(value.values)), "english": value.english}
        case dict():
            return {name: as_plain(one) for name, one in value.items()}
        case list() | tuple():
            return [as_plain(one) for one in value]
        case _:
            return value


def from_plain(value: Any) -> Any:
    """The reverse of ``as_plain``."""
    match value:
        case {"said": str(template), "values": dict(values), "english": str(english)}:
            return Message(template, from_plain(values), english)
        case dict():
            return {name: from_plain(one) for name, one in value.items()}
        case list():
            return [from_plain(one) for one in value]
        case _:
            return value


def _as_it_stands(template: str, values: Mapping[str, object]) -> str:  # noqa: ARG001 - no value changes Chinese
    return template


def _as_kept(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_as_kept(one) for one in value]
    if isinstance(value, Exception):
        return _message_of(value)
    return value if isinstance(value, int | float) else str(value)


def _message_of(error: Exception) -> Message:
    """Message of an error; one without values is its own template."""
    message = str(error)
    return message if isinstance(message, Message) else Message(message.replace("{", "{{").replace("}", "}}"), {})


def _filled(template: str, values: Mapping[str, object], language: str, translate: Translate) -> str:
    def words(value: object) -> str:
        if isinstance(value, Message):
            return value.told(language, translate)
        return JOINTS[language].join(map(words, value)) if isinstance(value, list) else str(value)

    return template.format_map({name: words(value) for name, value in values.items()})
