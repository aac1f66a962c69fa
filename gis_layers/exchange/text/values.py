"""Reading what people write in cells: text, codes, the age of a fault, what a corridor belongs to."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from gis_layers.exchange.text.cell_kinds import Shown
from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.written import Understood, as_written, otherwise
from gis_layers.plain_text import LAST_DIGIT
from risk_model.codes import enumeration
from risk_model.message import msg
from risk_model.vocabulary import CorridorKind

_BARE = " \t\r\n"
_SHORTENED = re.compile(r"[-+]?\d(?:[.,]\d+)?E\+\d{2,}", re.ASCII | re.IGNORECASE)
"""How a spreadsheet writes a number that is too long for its column."""
_WITH_FRACTION = re.compile(r"(\d+)\.0+", re.ASCII)
_HALF_WIDTH = {0xFF01 + sign: 0x21 + sign for sign in range(94)}
_AGES = enumeration("fault_age")
_CORRIDORS = enumeration("corridor_kind")


def read_text(value: object) -> str | Understood[str]:
    """Text as written, without space around; a whole number stored as 50000.0 without its fraction. Raises ValueError."""
    if isinstance(value, Shown):
        why = msg("单元格这样显示，存的是 {stored}", stored=f"{value.stored:.15g}")
        return Understood(str(value), (otherwise(value, str(value), why),))
    if isinstance(value, str):
        return _bared(value)
    if isinstance(value, bool):
        text = str(value).upper()
        return Understood(text, (otherwise(value, text, msg("单元格是逻辑值，不是文字")),))
    if isinstance(value, float) and abs(value) >= LAST_DIGIT:
        raise ValueError(_digits_lost(value))
    if isinstance(value, int | float):
        return plain(value)
    if isinstance(value, date | time):
        return _of_a_day(value)
    raise ValueError(msg("读不成文字：{value}", value=as_written(value)))


def read_code(value: object) -> str | Understood[str]:
    """A code or number to call, in half-width signs; 13800000000.0 without its fraction. Raises ValueError for lost digits."""
    read = read_text(value)
    if isinstance(read, Understood) and not isinstance(value, str):
        return read
    text = read.value if isinstance(read, Understood) else read
    notes = read.notes if isinstance(read, Understood) else ()
    if _SHORTENED.fullmatch(text):
        raise ValueError(_digits_lost(value))
    half = text.translate(_HALF_WIDTH)
    if half != text:
        notes = (*notes, otherwise(text, half, msg("全角写成半角")))
    found = _WITH_FRACTION.fullmatch(half)
    if found:
        notes = (*notes, otherwise(text, found[1], msg("编码没有小数")))
        half = found[1]
    return Understood(half, notes) if notes else half


def _bared(value: str) -> str | Understood[str]:
    text, bare = value.strip(), value.strip(_BARE)
    if _SHORTENED.fullmatch(text):
        return Understood(text, (_digits_lost(value),))
    if text == bare:
        return text
    return Understood(text, (msg("写作「{written}」，首尾的特殊空格已略去", written=bare),))


def _digits_lost(value: object) -> Any:
    return msg("写作「{value}」：数字被表格软件缩写或存成小数，末几位已丢失", value=as_written(value))


def _of_a_day(value: date | time) -> Understood[str]:
    midnight = isinstance(value, datetime) and value.time() == time()
    text = value.date().isoformat() if isinstance(value, datetime) and midnight else value.isoformat()
    return Understood(
        text, (otherwise(value, text, msg("单元格是日期或时间，不是文字；3-5 一类文字会被表格软件改成日期")),)
    )


def read_fault_age(value: object) -> str:
    """The age of a fault's last movement as Q4h, Q3, Q2, Q1 or pre-Q. Raises ValueError."""
    age = _AGES.find(plain(value).lower().removesuffix("断裂").removesuffix("断层").removesuffix("活动"))
    if age is None:
        raise ValueError(
            msg("不认识的断层时代：{value}（可用：{known} 或其中文名）", value=as_written(value), known=[*_AGES])
        )
    return age


def read_corridor_kind(value: object) -> str:
    """Kind of a control corridor: road, railway, power or pipeline. Raises ValueError."""
    text = plain(value).lower()
    kind = _CORRIDORS.find(text) or _CORRIDORS.find(text.removesuffix("控制区").removesuffix("保护区"))
    if kind is None or kind == CorridorKind.UNKNOWN:
        raise ValueError(
            msg(
                "不认识的管控类型：{value}（可用：{known} 或其中文名）",
                value=as_written(value),
                known=[one for one in _CORRIDORS if one != CorridorKind.UNKNOWN],
            )
        )
    return kind
