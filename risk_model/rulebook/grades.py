"""Grade schemes: their grades worst first, the words deliveries use for them, and how each grade looks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from risk_model.message import msg
from risk_model.rulebook.entries import Entry, read_backing
from risk_model.vocabulary import Grade

PATTERNS = ("cross-hatch", "diagonal", "dots", "light-lines", "plain")
NUMERALS = "ⅠⅡⅢⅣⅤ"


@dataclass(frozen=True, slots=True)
class GradeLook:
    """Look of one grade: fill colour (#rrggbb), pattern name, fill opacity 0–1 and its numeral."""

    rank: int
    name: str
    look: str
    colour: str
    pattern: str
    fill_opacity: float
    numeral: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One grade scheme; ``grades[0]`` is rank 1, the worst. ``words`` maps the words deliveries use to grades.

    The keys of ``words`` are NFKC without blanks, each in small letters and in capitals.
    """

    key: str
    name_zh: str
    name_en: str
    grades: tuple[GradeLook, ...]
    words: Mapping[str, Grade]

    def __len__(self) -> int:
        return len(self.grades)


def fold_word(word: str) -> str:
    """A grade word as it is looked up: NFKC, lower case, no blanks (Ⅰ becomes i, full width becomes half width)."""
    return "".join(unicodedata.normalize("NFKC", word).lower().split())


def read_schemes(entry: Entry) -> tuple[dict[str, Scheme], frozenset[str]]:
    """Schemes by key and the folded words that mean 'not assessed', from ``grades.toml``; InvalidRule when wrong."""
    entry.text("version")
    ground = entry.inner("ground")
    read_backing(ground)
    ground.close()
    looks = _read_looks(entry.inner("looks"))
    ranks = [tuple(words) for words in entry.value("rank_words")]
    table = entry.inner("schemes")
    schemes = {key: _read_scheme(table.inner(key), key, looks, ranks) for key in table}
    unassessed = frozenset(fold_word(word) for word in entry.words("unassessed"))
    entry.close()
    return schemes, unassessed


def _read_looks(entry: Entry) -> dict[str, dict[str, Any]]:
    looks = {}
    for key in entry:
        look = entry.inner(key)
        colour = look.text("colour")
        if not re.fullmatch(r"#[0-9a-f]{6}", colour):
            raise look.wrong(msg("'colour' 应写作 #c8372d 这样，不能是 {colour}", colour=colour))
        opacity = look.number("fill_opacity")
        if opacity > 1:
            raise look.wrong(msg("'fill_opacity' 应介于 0 和 1 之间"))
        looks[key] = {"colour": colour, "pattern": look.one_of("pattern", PATTERNS), "fill_opacity": opacity}
        look.close()
    return looks


def _read_scheme(entry: Entry, key: str, looks: Mapping[str, Any], ranks: list[tuple[str, ...]]) -> Scheme:
    rows = entry.list_of("grades")
    if not 2 <= len(rows) <= len(ranks):
        raise entry.wrong(msg("一个方案有 2 到 {count} 个等级", count=len(ranks)))
    suffixes = ("", *entry.words("suffixes"))
    words: dict[str, Grade] = {}
    grades = []
    for rank, row in enumerate(rows, 1):
        look = row.one_of("look", looks)
        grades.append(GradeLook(rank, row.text("name"), look, **looks[look], **_marks(row, rank)))
        spoken = (row.text("name"), *row.words("words"))
        row.close()
        _add_words(row, words, Grade(key, rank, grades[-1].name), [w + s for w in spoken for s in suffixes])
        _add_words(row, words, Grade(key, rank, grades[-1].name), list(ranks[rank - 1]))
    scheme = Scheme(key, entry.text("name_zh"), entry.text("name_en"), tuple(grades), words)
    entry.close()
    return scheme


def _add_words(row: Entry, words: dict[str, Grade], grade: Grade, spoken: list[str]) -> None:
    folded = [fold_word(word) for word in spoken]
    for word in (*folded, *(word.upper() for word in folded)):
        if words.setdefault(word, grade) != grade:
            raise row.wrong(msg("'{word}' 已表示 {name}；一个词只能表示一个等级", word=word, name=words[word].name))


def _marks(row: Entry, rank: int) -> dict[str, Any]:
    return {"numeral": NUMERALS[rank - 1], "name_en": row.text("name_en", "")}
