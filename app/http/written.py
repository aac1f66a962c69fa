"""Words that must say something: refused where they are blank, and described so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.config import JsonDict, JsonValue

from risk_model.codes import enumeration
from risk_model.message import msg

NOT_BLANK: JsonDict = {"pattern": r"[^\s\u0085\u001c-\u001f]"}
"""For ``json_schema_extra``: what is asked for besides a length.

The blanks of ``str.strip``: by the dialect of JSON Schema ``\\s`` alone leaves out the separators of old terminals.
"""


def filled(text: str) -> str:
    """Raises ValueError for what holds nothing but blanks."""
    if not text.strip():
        raise ValueError(msg("不能空着，也不能只有空格"))
    return text


Filled = Annotated[str, AfterValidator(filled), Field(min_length=1, max_length=2000, json_schema_extra=NOT_BLANK)]


def code_in(key: str) -> Callable[[str], str]:
    """For ``AfterValidator``: raises ValueError for what is no code of the enumeration ``key``."""

    def known(code: str) -> str:
        if code not in enumeration(key):
            raise ValueError(msg("应为其中之一：{expected}", expected=[*enumeration(key)]))
        return code

    return known


def codes_of(key: str) -> JsonDict:
    """For ``json_schema_extra``: the codes of the enumeration ``key``."""
    return {"enum": [*enumeration(key)]}


def either(*alternatives: JsonDict, word: str = "oneOf") -> JsonDict:
    """For ``json_schema_extra``: fields that only make sense together, each alternative by what its fields must be."""
    told: list[JsonValue] = [
        {"required": [name for name, schema in one.items() if schema != ABSENT], "properties": one}
        for one in alternatives
    ]
    return {word: told}


ABSENT: JsonDict = {"type": "null"}
"""A field that is not given, or null."""
