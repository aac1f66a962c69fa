"""Spellings of a name: width and case folded, suffix left out, numerals either way, pinyin and its initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import TypeVar

from risk_model.codes import code_name

_Word = TypeVar("_Word", str, tuple[str, ...])

MOST_READINGS = 16
"""Readings kept of one name: the usual one first, then those in which one or two characters are read otherwise."""

_LONG, _OF_A_LONG_NAME = 6, 3
"""Nobody types a long name's unusual reading to its end."""

_MOST_UNUSUAL = 2
_NOISE = re.compile(r"[\W_]+")
_SUFFIX = re.compile(r"(?<=..)(?:村民委员会|居民委员会|村委会|居委会|社区|村|社|组)$")
_COUNTED = re.compile(r"第?([一二三四五六七八九]?十?[一二三四五六七八九]?|\d+)(社|组|村民小组)$")
_DIGITS = {word: number for number, word in enumerate("一二三四五六七八九", start=1)}
_ROAD_CLASSES = {"g": "national", "s": "provincial", "x": "county", "y": "township", "c": "village"}
_ROAD_WORDS = {letter: str(code_name("road_class", road_class)) for letter, road_class in _ROAD_CLASSES.items()}
_ROAD = re.compile(r"([gsxyc])(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Spelling:
    """Spellings a name answers to. Each field is a line of words with a space before and after every one."""

    words: str
    pinyin: str
    initials: str


def fold(text: str) -> str:
    """Half width, lower case, without space and punctuation: what stays is letters and digits."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


def search_key(text: str) -> str:
    """Spelling a text is looked up by: itself folded, or its bare signs where it has no letters and no digits.

    People write ``***`` or ``？`` for what they do not know or may not say, and it is the name of the place all the same.
    Empty only for what is nothing but space.
    """
    return fold(text) or "".join(unicodedata.normalize("NFKC", text).casefold().split())


def stem(folded: str) -> str:
    """A folded name without 村, 社 or their likes at its end; a name that is nothing else stays."""
    return _SUFFIX.sub("", folded)


def spell(name: str, *others: str) -> Spelling:
    """Every way to type ``name`` and, after it, ``others`` that mean the same; what ``name`` is sought by comes first.

    A name of nothing but space has no spelling: no line of its answer holds a word.
    """
    forms = _distinct(form for text in (name, *others) for form in _forms(text))
    read = _distinct(reading for form in forms for reading in _readings(form))
    return Spelling(_line(forms), _line("".join(reading) for reading in read), _line(_initials(r) for r in read))


def _forms(text: str) -> Iterator[str]:
    whole = search_key(text)
    yield whole
    yield stem(whole)
    counted = _COUNTED.search(whole)
    if counted and counted[1]:
        yield whole[: counted.start()] + _as_digits(counted[1]) + counted[2]
    for part in text.split():
        yield fold(part)
        road = _ROAD.fullmatch(fold(part))
        if road:
            kind, number = _ROAD_WORDS[road[1]], road[2]
            yield from (f"{kind}{number}", f"{number}{kind}")


def _as_digits(numeral: str) -> str:
    if numeral.isdecimal():
        return numeral
    tens, ten, ones = numeral.rpartition("十")
    return str((_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0))


def _readings(form: str) -> Iterable[tuple[str, ...]]:
    """Syllables of ``form``; what is no Chinese character stays one piece."""
    from pypinyin import Style, lazy_pinyin, pinyin  # noqa: PLC0415

    usual = lazy_pinyin(form, style=Style.NORMAL)
    known = pinyin(form, style=Style.NORMAL, heteronym=True)
    others = [[word for word in words if word != said] for said, words in zip(usual, known, strict=True)]
    return islice(_unusual(usual, others), MOST_READINGS if len(usual) <= _LONG else _OF_A_LONG_NAME)


def _unusual(usual: list[str], others: list[list[str]]) -> Iterator[tuple[str, ...]]:
    open_places = [place for place, words in enumerate(others) if words]
    for count in range(_MOST_UNUSUAL + 1):
        for places in combinations(open_places, count):
            for words in product(*(others[place] for place in places)):
                otherwise = dict(zip(places, words, strict=True))
                yield tuple(otherwise.get(place, said) for place, said in enumerate(usual))


def _initials(reading: tuple[str, ...]) -> str:
    return "".join(word if any(letter.isdecimal() for letter in word) else word[:1] for word in reading)


def _distinct(items: Iterable[_Word]) -> list[_Word]:
    return [item for item in dict.fromkeys(items) if item]


def _line(words: Iterable[str]) -> str:
    return f" {' '.join(dict.fromkeys(words))} "
