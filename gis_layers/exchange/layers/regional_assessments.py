"""Regional assessments as they are delivered: areas with the number of the approval, what was assessed, and until when it holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.report import Delivery
from gis_layers.exchange.formats.confined_reading import apart
from gis_layers.exchange.layers.attributes import deliver
from gis_layers.exchange.layers.ingest import Received, ingest
from gis_layers.exchange.text import register_words as words
from gis_layers.exchange.text import values
from gis_layers.exchange.text.days import read_day
from gis_layers.exchange.text.listed_stock import split_words
from gis_layers.exchange.text.written import as_written
from gis_layers.geometry import promote_to_multi
from risk_model.message import msg

_NEEDED: Mapping[str, str] = {
    "number": "文号",
    "valid_from": "生效日期",
    "valid_to": "有效期止",
    "kinds": "评估事项",
}


@apart
def read_regional_assessments(path: Path, options: ReadingOptions) -> Delivery:
    """Read regional assessments: feature, number, name, kinds, authority, valid_from, valid_to, geometry (multi polygon).

    A feature without a number, a known kind or either day is refused, and so are days out of order and a number that stood
    before: what closes a condition has to be certain.
    """
    received = ingest(path, options, ("name", "authority", *_NEEDED))
    columns = {
        "number": received.columns.read("number", values.read_text),
        "name": received.columns.read("name", values.read_text),
        "kinds": _kinds(received),
        "authority": received.columns.read("authority", values.read_text),
        "valid_from": received.columns.read("valid_from", read_day),
        "valid_to": received.columns.read("valid_to", read_day),
    }
    _refuse_uncertain(received, columns)
    geometries = promote_to_multi(received.geometries)
    layer = ("regional-assessments", received.crs)
    return deliver(columns, geometries, raw=received.raw, journal=received.journal, layer=layer)


def _kinds(received: Received) -> list[list[str] | None]:
    """Subjects of each assessment, in our words; a list with a word nobody knows is refused as a whole."""
    found: list[list[str] | None] = []
    known = [*words.ASSESSMENT_KINDS.codes]
    for feature, written in enumerate(received.columns.read("kinds", split_words, several=True)):
        kinds = [(word, words.ASSESSMENT_KINDS.find(word)) for word in written or []]
        strange = [as_written(word) for word, ours in kinds if ours is None]
        if strange and feature not in received.journal.refused:
            trouble = msg("不认识的评估事项「{words}」", words=strange)
            received.journal.refuse(feature, trouble, advice=msg("可用的词：{known}（或其中文名）", known=known))
        found.append(list(dict.fromkeys(ours for _, ours in kinds if ours)) or None)
    return found


def _refuse_uncertain(received: Received, columns: Mapping[str, list[Any]]) -> None:
    seen: set[str] = set()
    for feature in range(len(received.geometries)):
        if feature in received.journal.refused:
            continue
        lacking = [name for name in _NEEDED if columns[name][feature] is None]
        number, since, until = (columns[name][feature] for name in ("number", "valid_from", "valid_to"))
        if lacking:
            _refuse_lacking(received, feature, lacking[0])
        elif until < since:
            trouble = msg("有效期止 {until} 早于生效日期 {since}", until=until.isoformat(), since=since.isoformat())
            received.journal.refuse(feature, trouble, advice=msg("在源数据中改正该值后重新导入"))
        elif number in seen:
            trouble = msg("文号「{number}」在本文件中已经出现过", number=number)
            received.journal.refuse(feature, trouble, advice=msg("同一文号的几块范围合并为一个要素后重新导入"))
        else:
            seen.add(number)


def _refuse_lacking(received: Received, feature: int, name: str) -> None:
    trouble = msg("没有可用的{what}", what=msg(_NEEDED[name]))
    advice = msg("补上这一项，或用 --field {ours}=列名 指明所在的列", ours=name)
    received.journal.refuse(feature, trouble, advice=advice)
