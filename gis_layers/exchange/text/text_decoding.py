"""From raw bytes to a table of readable text, with every value that could not be read named."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis_layers.exchange.delivery.raw import BYTE_TRANSPARENT, RawLayer, UndecodedTable, parse_wkb
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.text.text_encoding import Claims, Decided, RawText, decide_encoding, decode
from risk_model.message import msg

_NAME_BYTES = 10
_UNDECIDABLE = msg("文字编码无法判定：既不是 UTF-8 也不是 GB18030")


def decode_table(table: UndecodedTable, claims: Claims, *, widths: Sequence[int] = ()) -> RawLayer:
    """Decode field names and text values; a value that cannot be decoded is None and a problem of its feature.

    ``widths`` are the widths of the fields in bytes where the format cuts text to them.
    """
    texts = [_texts(column, width) for column, width in zip(table.columns, _padded(widths, table), strict=True)]
    names = [RawText(_bytes(name), full=bool(widths) and len(name) >= _NAME_BYTES) for name in table.fields]
    foreign = {text for text in chain(names, *texts) if text and not text.content.isascii()}
    decided = decide_encoding(foreign, claims)
    attributes, problems = _decoded(table, texts, names, decided)
    geometries, broken, traces = parse_wkb(table.wkb)
    if decided.note:
        problems.insert(
            0, Problem(None, decided.note, None, msg("核对几条名称；不对则用 --encoding 指明编码后重新导入"))
        )
    return RawLayer(
        format="",
        layer="",
        geometries=geometries,
        attributes=attributes,
        encoding=decided.name,
        declared=table.crs,
        broken=broken,
        traces=traces,
        problems=tuple(problems),
        undecidable=None if decided.name else _UNDECIDABLE,
    )


def unique_names(names: Sequence[str]) -> list[str]:
    """Make names that became equal (cut at ten bytes) different again: 等级, 等级_2."""
    taken: dict[str, int] = {}
    unique = []
    for name in names:
        taken[name] = taken.get(name, 0) + 1
        unique.append(name if taken[name] == 1 else f"{name}_{taken[name]}")
    return unique


def doubled(names: Sequence[str]) -> tuple[Problem, ...]:
    """Problem with columns whose headings are the same: all are kept, but only the first is looked for."""
    twice = [*dict.fromkeys(name for name in names if names.count(name) > 1)]
    if not twice:
        return ()
    told = msg("有几列的标题相同：{names}；只认其中第一列，其余的改称「…_2」", names=twice)
    return (
        Problem(
            None,
            told,
            None,
            msg("核对用的是哪一列；要用另一列时用 --field 指明，如 --field name={column}", column=f"{twice[0]}_2"),
        ),
    )


def _decoded(
    table: UndecodedTable, texts: list[list[RawText | None]], names: list[RawText], decided: Decided
) -> tuple[pd.DataFrame, list[Problem]]:
    problems: list[Problem] = []
    if decided.name is None:
        return pd.DataFrame(index=range(len(table.wkb))), problems
    written = [decode(name, decided.name)[0] or f"字段{n}" for n, name in enumerate(names)]
    problems += doubled(written)
    readable = unique_names(written)
    columns: dict[str, Any] = {}
    for name, column, values in zip(readable, table.columns, texts, strict=True):
        columns[name] = _read_column(name, values, decided.name, problems) if _holds_text(column) else _numbers(column)
    return pd.DataFrame(columns, index=range(len(table.wkb)), dtype=object), problems


def _read_column(
    name: str, values: list[RawText | None], encoding: str, problems: list[Problem]
) -> npt.NDArray[np.object_]:
    known = {text: decode(text, encoding) for text in set(values) if text is not None}
    column = np.full(len(values), None, dtype=object)
    for feature, text in enumerate(values):
        if text is None:
            continue
        column[feature], cut = known[text]
        if column[feature] is None:
            problems.append(undecodable(feature, name, encoding))
        elif cut:
            problems.append(_cut(feature, name))
    return column


def undecodable(feature: int, name: str, encoding: str) -> Problem:
    """The problem of a value whose bytes are wrong."""
    return Problem(
        feature,
        msg("字段「{name}」有不能按 {encoding} 解读的字节，此值按缺失处理", name=name, encoding=encoding),
        None,
        msg("在源数据中改正该值后重新导入"),
    )


def _cut(feature: int, name: str) -> Problem:
    return Problem(
        feature,
        msg("字段「{name}」的文字在字段宽度处被截断，末尾半个字已略去", name=name),
        None,
        msg("向资料提供单位索取完整文字"),
    )


def _texts(column: npt.NDArray[Any], width: int) -> list[RawText | None]:
    if not _holds_text(column):
        return []
    contents = [_bytes(_listed(value)) if _is_text(value) else None for value in column]
    return [None if content is None else RawText(content, 0 < width <= len(content)) for content in contents]


def _holds_text(column: npt.NDArray[Any]) -> bool:
    """Whether a column holds text, or lists; whole numbers some of which are missing are objects too."""
    return column.dtype == object and not any(isinstance(value, int | np.generic) for value in column)


def _is_text(value: object) -> bool:
    return value is not None and not isinstance(value, float)


def _listed(value: object) -> str:
    """Text, or a list as lists are written in one cell."""
    return ";".join(str(one) for one in value) if isinstance(value, np.ndarray) else str(value)


def _numbers(column: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
    numbers: npt.NDArray[np.object_] = column.astype(object)
    numbers[pd.isna(column)] = None
    return numbers


def _padded(widths: Sequence[int], table: UndecodedTable) -> list[int]:
    return [*widths, *[0] * len(table.columns)][: len(table.columns)]


def _bytes(text: str) -> bytes:
    return text.encode(BYTE_TRANSPARENT)
