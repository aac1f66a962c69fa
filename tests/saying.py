"""What people are told, asked by its template or by its English, so that a test pins no wording it does not speak of."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.http.i18n import catalogue, in_language, singulars
from risk_model.message import Message

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""Chinese letters or Chinese punctuation."""
_PLACE = re.compile(r"\\\{\w+\\\}")
_NAMED = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
"""A place of a template by its name, as Python or as a page fills it."""


def says(text: str, template: str) -> bool:
    """Whether ``text`` is what ``template`` of the catalogue says, in either language, whatever it is filled in with."""
    forms = (template, catalogue("en")[template], singulars("en").get(template, template))
    return any(re.fullmatch(_PLACE.sub(r"[\\s\\S]*", re.escape(form)), text) for form in forms)


def tells(text: str, template: str, **values: object) -> bool:
    """Whether ``text`` holds what ``template`` of the catalogue says, in either language, filled in with ``values``.

    A place that no value is given for may hold anything but a tag. A template that is not in the catalogue is an error.
    """
    forms = (template, catalogue("en")[template], singulars("en").get(template, template))
    return any(re.search(_pattern(form, values), text) for form in forms)


def _pattern(form: str, values: dict[str, object]) -> str:
    between = _NAMED.split(form)
    assert values.keys() <= set(between[1::3]) | set(between[2::3]), f"no such place in {form}"
    said = [re.escape(between[0])]
    for python, page, after in zip(between[2::3], between[1::3], between[3::3], strict=True):
        name = python or page
        said += [rf"(?<!\d){re.escape(str(values[name]))}(?!\d)" if name in values else "[^<]*?", re.escape(after)]
    return "".join(said)


def untold(told: Iterable[object]) -> list[str]:
    """Sentences that one of both languages cannot tell; what they quote is somebody's own and stays as it is."""
    return [sentence for one in told for sentence in _sentences(one) if not _is_of_both(sentence)]


def _sentences(told: object) -> Iterator[str]:
    """The templates a message is made of, however deep; a text that is no message is a sentence by itself."""
    if not isinstance(told, Message):
        yield str(told)
        return
    if not told.english:
        yield told.template
    for value in told.values.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Message) and not _is_quoted(part):
                yield from _sentences(part)


def _is_quoted(part: Message) -> bool:
    """Whether it is what a library said, handed on inside a sentence of ours."""
    return not part.values and not CHINESE.search(part)


def _is_of_both(sentence: str) -> bool:
    words = re.sub(r"\{\w+\}", "", sentence)
    if not re.search(r"\w", words):
        return True
    english = catalogue("en").get(sentence, "")
    return bool(CHINESE.search(words) and english and not CHINESE.search(english))


def messages_in(extra: Any) -> Iterator[object]:
    """The messages about fields that a problem carries; of a field that is quoted alone there is nothing to tell."""
    for error in extra.get("errors", ()):
        if isinstance(error.get("message"), Message):
            yield error["message"]


@contextmanager
def refusing(kind: type[BaseException], *, match: str) -> Iterator[pytest.ExceptionInfo[Any]]:
    """An error of ours is raised, and its English holds ``match``."""
    with pytest.raises(kind) as raised:
        yield raised
    english = in_language(str(raised.value), "en")
    assert re.search(match, english), english
