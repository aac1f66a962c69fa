"""Reading a table of a rule file entry by entry, so that a wrong one is named with its file, its rule and the mend."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from risk_model.errors import InvalidRule
from risk_model.message import msg
from risk_model.vocabulary import BasisKind

Word = TypeVar("Word", bound=StrEnum)

_REQUIRED: Any = object()
CONFIDENCES = ("high", "medium", "low")


class Entry:
    """One table of a rule file; every key must be asked for, and ``close`` complains of those that never were."""

    def __init__(self, file: str, name: str, table: object) -> None:
        self.file, self.name = file, name
        if not isinstance(table, Mapping):
            raise InvalidRule(msg("{file}：{name} 应为由名称和值组成的表", file=file, name=name))
        self._table: Mapping[str, Any] = table
        self._read: set[str] = set()

    def wrong(self, mend: str) -> InvalidRule:
        """The error for this entry, ready to raise."""
        return InvalidRule(msg("{file}: {name}: {mend}", file=self.file, name=self.name, mend=mend))

    def value(self, key: str, default: Any = _REQUIRED) -> Any:
        """The raw value of ``key``; InvalidRule when it is missing and has no default."""
        self._read.add(key)
        if key not in self._table:
            if default is _REQUIRED:
                raise self.wrong(msg("请补上缺少的 '{key}'", key=key))
            return default
        return self._table[key]

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def __iter__(self) -> Iterator[str]:
        """The keys that stand in the table, in file order."""
        return iter(self._table)

    def text(self, key: str, default: Any = _REQUIRED) -> str:
        """A string; InvalidRule otherwise."""
        value = self.value(key, default)
        if not isinstance(value, str):
            raise self.wrong(msg("'{key}' 应为引号中的文字，不能是 {value}", key=key, value=value))
        return value

    def flag(self, key: str, default: Any = _REQUIRED) -> bool:
        """A true or false; InvalidRule otherwise."""
        value = self.value(key, default)
        if not isinstance(value, bool):
            raise self.wrong(msg("'{key}' 应为 true 或 false，不能是 {value}", key=key, value=value))
        return value

    def number(self, key: str, default: Any = _REQUIRED) -> float:
        """A finite number not below zero; InvalidRule otherwise."""
        value = self.value(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
            raise self.wrong(msg("'{key}' 应为不小于 0 的数，不能是 {value}", key=key, value=value))
        return float(value)

    def day(self, key: str, default: Any = _REQUIRED) -> date | None:
        """A date, or the given default; InvalidRule otherwise."""
        value = self.value(key, default)
        if value is not None and type(value) is not date:
            raise self.wrong(msg("'{key}' 应为 2024-01-01 这样的日期，不能是 {value}", key=key, value=value))
        return value

    def words(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        """A list of strings; InvalidRule otherwise."""
        value = self.value(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
            raise self.wrong(msg("'{key}' 应为文字列表，不能是 {value}", key=key, value=value))
        return tuple(value)

    def one_of(self, key: str, allowed: Iterable[str]) -> str:
        """A string out of ``allowed``; InvalidRule otherwise."""
        return self.check_word(key, self.text(key), allowed)

    def some_of(self, key: str, allowed: Iterable[str], default: Any = _REQUIRED) -> tuple[str, ...]:
        """A list of strings, each out of ``allowed``; InvalidRule otherwise."""
        choices = tuple(allowed)
        return tuple(self.check_word(key, word, choices) for word in self.words(key, default))

    def check_word(self, key: str, word: str, allowed: Iterable[str]) -> str:
        """``word`` itself when it is allowed under ``key``; InvalidRule otherwise."""
        choices = tuple(allowed)
        if word not in choices:
            raise self.wrong(msg("'{word}' 不能用作 '{key}'；可用：{choices}", word=word, key=key, choices=[*choices]))
        return word

    def inner(self, key: str) -> Entry:
        """The table under ``key`` as an entry of its own."""
        return Entry(self.file, msg("{name}.{key}", name=self.name, key=key), self.value(key))

    def list_of(self, key: str, default: Any = _REQUIRED) -> tuple[Entry, ...]:
        """The list of tables under ``key``, each as an entry of its own, named by its id where it has one."""
        rows = self.value(key, default)
        if not isinstance(rows, list | tuple):
            raise self.wrong(msg("'{key}' 应为表的列表", key=key))
        return tuple(Entry(self.file, self._row_name(key, number, row), row) for number, row in enumerate(rows, 1))

    def close(self) -> None:
        """InvalidRule for a key nobody reads: most often a typing error that would silently switch a rule off."""
        strangers = sorted(set(self._table) - self._read)
        if strangers:
            raise self.wrong(msg("请去掉或改正不认识的 '{strangers}'", strangers=strangers[0]))

    def _row_name(self, key: str, number: int, row: object) -> str:
        mark = row.get("id") if isinstance(row, Mapping) else None
        if isinstance(mark, str):
            return msg("规则 {rule}", rule=mark)
        return msg("{name}.{key}[{number}]", name=self.name, key=key, number=number)


def read_backing(entry: Entry) -> dict[str, Any]:
    """The five keys every threshold carries: basis, basis_kind, source, confidence, valid_from.

    With ``valid_to``, and ``basis_en`` and ``source_en`` for readers of English, where they stand.
    """
    return {
        "basis": entry.text("basis"),
        "basis_kind": BasisKind(entry.one_of("basis_kind", list(BasisKind))),
        "source": entry.text("source"),
        "basis_en": entry.text("basis_en", ""),
        "source_en": entry.text("source_en", ""),
        "confidence": entry.one_of("confidence", CONFIDENCES),
        "valid_from": entry.day("valid_from"),
        "valid_to": entry.day("valid_to", None),
    }
