"""Codes: every enumerated word with its Chinese, its English, what else is written for it, and its order.

They stand in ``codes.toml`` and nowhere else: checks of the database, the gate's synonyms, pages, files and scripts read
them here. They are no rules: no fingerprint covers them, so what a code is called may be mended without a new rulebook.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from risk_model.message import Message, bilingual

FILE: Final = "codes.toml"
_MEMBERS: Final = frozenset(["zh", "en", "also", "short", "short_en", "sign", "sign_en", "hint", "hint_en"])


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its ``name``, a ``short`` word and a ``sign`` (the name where none is given), and what is ``written`` for it.

    ``hint`` gives examples of what falls under it, empty where none are needed.
    """

    code: str
    name: Message
    short: Message
    sign: Message
    hint: Message
    written: frozenset[str]


class Enumeration(Mapping[str, Code]):
    """One enumeration: its codes in order. Whatever code is asked for has a name, an unknown one its own."""

    def __init__(self, key: str, codes: Mapping[str, Code]) -> None:
        self.key = key
        self._codes = MappingProxyType(dict(codes))

    def __getitem__(self, code: str) -> Code:
        return self._codes[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __hash__(self) -> int:
        return hash(self.key)

    def name(self, code: str) -> Message:
        """Name of a code in both languages; of one the file does not know the code itself."""
        return self._codes[code].name if code in self._codes else bilingual(str(code), str(code))

    def short(self, code: str) -> Message:
        """Short word of a code in both languages, as ``name``."""
        return self._codes[code].short if code in self._codes else bilingual(str(code), str(code))

    def find(self, written: str) -> str | None:
        """The code somebody means by what is written: code, name, short word or synonym; None for anything else."""
        word = folded(written)
        return next((code.code for code in self._codes.values() if word in code.written), None)


def folded(written: str) -> str:
    """A written word as words are compared: half-width, in small letters, no space around."""
    return unicodedata.normalize("NFKC", written).strip().lower()


@cache
def enumerations() -> Mapping[str, Enumeration]:
    """Every enumeration by its key. Raises ValueError for an entry that lacks a language or says what no code has."""
    text = (resources.files("risk_model") / FILE).read_text(encoding="utf-8")
    return MappingProxyType({key: read_enumeration(key, table) for key, table in tomllib.loads(text).items()})


def enumeration(key: str) -> Enumeration:
    """The enumeration ``key``. Raises KeyError where there is none: keys are written by programmers, not by people."""
    return enumerations()[key]


def code_name(key: str, code: str) -> Message:
    """Name of ``code`` of the enumeration ``key`` in both languages; an unknown code is its own name."""
    return enumeration(key).name(code)


def read_enumeration(key: str, table: Mapping[str, Mapping[str, Any]]) -> Enumeration:
    """The enumeration of a table of the file. Raises ValueError for an entry that is not whole, or a word of two codes."""
    codes = {code: _read(f"{key}.{code}", code, entry) for code, entry in table.items()}
    owners: dict[str, str] = {}
    for code in codes.values():
        for word in code.written:
            if owners.setdefault(word, code.code) != code.code:
                raise ValueError(
                    f"{FILE}: {key}: '{word}' means both {owners[word]} and {code.code}; keep one of them."
                )
    return Enumeration(key, codes)


def _read(place: str, code: str, entry: Mapping[str, Any]) -> Code:
    if not (entry.get("zh") and entry.get("en")) or set(entry) - _MEMBERS:
        raise ValueError(f"{FILE}: {place}: needs zh and en and may have {', '.join(sorted(_MEMBERS))}.")
    zh, en = str(entry["zh"]), str(entry["en"])
    short = str(entry.get("short", zh))
    sign = str(entry.get("sign", short))
    return Code(
        code,
        bilingual(zh, en),
        bilingual(short, str(entry.get("short_en", short if "short" in entry else en))),
        bilingual(sign, str(entry.get("sign_en", sign))),
        bilingual(str(entry.get("hint", "")), str(entry.get("hint_en", ""))),
        frozenset(map(folded, [code, zh, en, short, *entry.get("also", ())])),
    )
