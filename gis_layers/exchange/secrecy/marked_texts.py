"""Texts searched for marks of secrecy: in whatever encoding they are, or none at all."""

from __future__ import annotations

import html
import re
from typing import Final

from gis_layers.exchange.delivery.handover import Secrecy
from gis_layers.exchange.secrecy.marking import Mark, marks_of_column, marks_of_text
from gis_layers.exchange.secrecy.secrecy_words import CHINESE_WORDS
from risk_model.message import msg

_BEGINNINGS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ENCODINGS: Final = ("utf-8", "gb18030", "big5")
_SEARCHED_IN: Final = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_TITLED: Final = re.compile(r"<(?:Document|Folder|NetworkLink)\b[^>]*>\s*<name>(.*?)</name>", re.DOTALL)
_VALUED: Final = re.compile(r"""<(?:Simple)?Data\s+name=["']([^"']*)["'][^>]*>\s*(?:<value>)?([^<]*)""")
_ESCAPED: Final = re.compile(r"\\U\+([0-9a-fA-F]{4})")
"""How drawings write what is not ASCII."""


def marks_of_strings(text: str, name: str) -> list[Mark]:
    """The marks among the strings of a drawing or a map file."""
    whole = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    where = msg("{name} 的成员", name=name)
    marks = [mark for title in _TITLED.findall(whole) for mark in marks_of_text(title, "title", where)]
    marks += [mark for heading, value in _VALUED.findall(whole) for mark in marks_of_column(heading, [value])]
    alone = {string.strip() for string in re.split(r"<[^>]*>|\n", whole) if "密" in string}
    return marks + [Mark(mark.secrecy, mark.kind, where) for mark in marks_of_column("", alone)]


def read_text(content: bytes) -> str:
    """The bytes as text: by the mark they begin with, else in the first encoding they fit, XML entities written out.

    Zero bytes in every other place are UTF-16 without a mark; what fits nothing is read as UTF-8 with gaps.
    """
    named = next((encoding for beginning, encoding in _BEGINNINGS if content.startswith(beginning)), None)
    wide = content[1:40:2].count(0) > len(content[1:40:2]) // 2
    for encoding in (named,) if named else (("utf-16-le", *_ENCODINGS) if wide and content[:1] else _ENCODINGS):
        try:
            return html.unescape(content.decode(str(encoding)))
        except UnicodeDecodeError:
            continue
    return html.unescape(content.decode("utf-8", errors="replace"))


def any_word_in(content: bytes) -> Secrecy | None:
    """The most secret level whose word stands anywhere in these bytes."""
    for word, level in CHINESE_WORDS.items():
        if any(word.encode(encoding) in content for encoding in _SEARCHED_IN):
            return level
    return None
