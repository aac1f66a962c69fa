"""Content of a cell before anybody knows what its column means: nothing, a word, a number, or no value at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

import numpy as np

from gis_layers.exchange.text.cell_kinds import Formula, Listed, Nested, Overflow, Shown
from gis_layers.exchange.text.plain_text import plain
from gis_layers.plain_text import invisible_signs, visible
from risk_model.message import Message, msg

T = TypeVar("T")

NOTHING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "未知", "不详", "未填", "null", "none", "nan", "n/a", "<null>", "(null)"}
)  # fmt: skip
"""Words that say there is no value."""
_UNKNOWN = frozenset({"未知", "不详"})
_ERRORS = frozenset({
    "#N/A", "#N/A!", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
    "#GETTING_DATA", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#名称?", "#值!", "#引用!",
})  # fmt: skip
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_BARE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Understood(Generic[T]):
    """A value that was read otherwise than it was written, and how: each of ``notes`` goes into the report."""

    value: T
    notes: tuple[Message, ...]


def otherwise(value: object, read: object, why: Message) -> Message:
    """The note that something was read otherwise than it was written."""
    return msg("写作「{written}」，读作「{read}」（{why}）", written=as_written(value), read=read, why=why)


def as_written(value: object) -> str:
    """A cell as a message shows it."""
    return str(value).strip(_BARE)


def is_nothing(value: object) -> bool:
    """Whether a cell says that there is no value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, str) and not isinstance(value, Formula) and plain(value).lower() in NOTHING


def is_blank(value: object) -> bool:
    """Whether a cell leaves open what others may settle: 未知 does not, for nobody knows what would have to be asked there."""
    return is_nothing(value) and (not isinstance(value, str) or plain(value) not in _UNKNOWN)


def word_of_nothing(value: object) -> str | None:
    """The word by which a person said that there is no value, None where the cell is simply empty."""
    if not isinstance(value, str) or not is_nothing(value) or not plain(value):
        return None
    return as_written(value)


def value_of(cell: object) -> Any:
    """Value of a cell as its reader is given it: Understood where signs were left out.

    Raises ValueError for what is no value: an error of a spreadsheet, a formula nobody worked out.
    """
    if isinstance(cell, np.generic):
        return cell.item()
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    if isinstance(cell, Formula):
        raise ValueError(msg("是公式 {formula}，文件里没有存它的结果", formula=str(cell)))  # noqa: TRY004
    if isinstance(cell, Overflow):
        raise ValueError(msg("是「{value}」：没有填写，或数字在字段里放不下", value=str(cell)))  # noqa: TRY004
    if isinstance(cell, Nested):
        raise ValueError(msg("里面是一组值，不是一个值：{value}", value=as_written(cell)))  # noqa: TRY004
    if not isinstance(cell, str) or isinstance(cell, Shown | Listed):
        return cell
    if plain(cell).upper() in _ERRORS:
        raise ValueError(msg("是表格软件的错误值：{value}", value=as_written(cell)))
    return _without_guard(cell)


def _without_guard(cell: str) -> Any:
    """Text without the apostrophe that tells a spreadsheet that it is text, and without what nobody sees."""
    notes: list[Message] = []
    text = visible(cell)
    if text != cell:
        signs = invisible_signs(cell)
        notes.append(msg("写作「{written}」，含看不见的字符 {signs}，去掉后读取", written=text.strip(), signs=signs))
    if text.startswith("'") and text[1:].startswith(_FORMULA_SIGNS):
        notes.append(otherwise(cell, text[1:], msg("开头的撇号是表格软件的文本标记")))
        text = text[1:]
    return Understood(text, tuple(notes)) if notes else cell
