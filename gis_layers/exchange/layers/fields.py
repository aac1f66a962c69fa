"""Columns of a delivery that are ours: as told, by our own name, or by the usual Chinese headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gis_layers.exchange.delivery.report import UntrustedFile
from gis_layers.exchange.text.headings import called
from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.usual_headings import USUAL
from risk_model.message import msg

_CUT_BYTES = 10


def find_columns(
    ours: Iterable[str], columns: Sequence[str], told: Mapping[str, str], *, cut: bool = False
) -> dict[str, str]:
    """Our names mapped to columns of the file; ours that are not in the file are left out.

    ``cut`` tells that the format cuts headings at ten bytes, so that the beginning of one may stand for it.

    Raises UntrustedFile where a column that was told is not there, or where several could be the grade.
    """
    found: dict[str, str] = {}
    for name in ours:
        matches = [told_column(told[name], columns)] if name in told else _matches(name, columns, cut=cut)
        if len(matches) > 1 and name == "grade":
            raise UntrustedFile(
                msg("有几列都可能是等级：{columns}", columns=[*matches]), msg("用 --grade-field 指明哪一列是等级")
            )
        if matches:
            found[name] = matches[0]
    return found


def told_column(wanted: str, columns: Sequence[str]) -> str:
    """The column a person named. Raises UntrustedFile with the columns there are."""
    for column in columns:
        if plain(column).lower() == plain(wanted).lower():
            return column
    there = [*columns] or msg("（没有属性列）")
    raise UntrustedFile(msg("文件里没有名为「{wanted}」的列", wanted=wanted), msg("现有的列：{columns}", columns=there))


def _matches(name: str, columns: Sequence[str], *, cut: bool) -> list[str]:
    """Columns called ``name`` or as it is usually called.

    Our own name beats all others, whole names beat those with a unit or in two languages, and these beat cut ones.
    """
    by_name = {plain(column).lower(): column for column in reversed(columns)}
    if name in by_name:
        return [by_name[name]]
    whole = [by_name[usual] for usual in USUAL[name] if usual in by_name]
    whole = whole or called(columns, (name, *USUAL[name]))
    if whole or not cut:
        return whole
    cuts = {short for usual in USUAL[name] for short in _cut(usual)}
    return [column for heading, column in by_name.items() if heading in cuts or heading == name[:_CUT_BYTES]]


def _cut(usual: str) -> Iterable[str]:
    """A heading as a shapefile keeps it: ten bytes of GBK or of UTF-8, whole characters only."""
    for encoding in ("gb18030", "utf-8"):
        content = usual.encode(encoding)
        if len(content) > _CUT_BYTES:
            yield content[:_CUT_BYTES].decode(encoding, errors="ignore")
