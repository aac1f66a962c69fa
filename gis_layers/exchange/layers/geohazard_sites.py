"""Geohazard sites as ledgers hold them: one line a site, whom it threatens, who watches it, by which documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gis_layers.exchange.checks.inspection import POINT
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.report import Delivery
from gis_layers.exchange.formats.confined_reading import apart
from gis_layers.exchange.layers.attributes import deliver
from gis_layers.exchange.layers.ingest import Received, ingest
from gis_layers.exchange.text import register_words as words
from gis_layers.exchange.text import values
from gis_layers.exchange.text.days import read_day
from gis_layers.exchange.text.quantities import PERSONS
from gis_layers.exchange.text.register_words import WordList
from gis_layers.exchange.text.written import as_written
from risk_model.decisions import GEOHAZARD_SITE, life_of
from risk_model.message import Message, msg

_TEXTS = ("name", "recognised_by", "struck_off_by", "contact_name", "told_zone", "remark")
_CODES = ("village_code", "contact_phone")
_DAYS = ("recognised_on", "struck_off_on")
_COUNTS = ("households", "people")
_WORDS: Mapping[str, WordList] = {"kind": words.GEOHAZARD_KINDS, "state": words.GEOHAZARD_STATES}


@apart
def read_geohazard_sites(path: Path, options: ReadingOptions) -> Delivery:
    """Read geohazard sites, points with the columns of their register; numbers nobody wrote stay unknown.

    Refused is a line without a code, a name or a known kind, with a state nobody knows, one that was struck off without
    the document and the day of that, and a code that stands twice. A line without a state is recognised; one without
    the document of its recognition is loaded, and a problem says so.
    """
    if "code" in options.fields:
        options = replace(options, fields={**options.fields, "site_code": options.fields["code"]})
    ours = ("site_code", *_TEXTS, *_CODES, *_DAYS, *_COUNTS, *_WORDS)
    received = ingest(path, options, ours, dimensions=frozenset({POINT}))
    columns: dict[str, list[Any]] = {
        "code": received.columns.read("site_code", values.read_code),
        **{name: received.columns.read(name, values.read_text) for name in _TEXTS},
        **{name: received.columns.read(name, values.read_code) for name in _CODES},
        **{name: received.columns.read(name, read_day) for name in _DAYS},
        **{name: received.columns.read(name, PERSONS) for name in _COUNTS},
        **{name: _read_words(received, name, known) for name, known in _WORDS.items()},
    }
    seen: dict[str, int] = {}
    for feature in range(len(received.geometries)):
        if feature not in received.journal.refused:
            _judge(received, feature, {name: column[feature] for name, column in columns.items()}, seen)
    layer = ("geohazard-sites", received.crs)
    return deliver(columns, received.geometries, raw=received.raw, journal=received.journal, layer=layer)


def _judge(received: Received, feature: int, line: Mapping[str, Any], seen: dict[str, int]) -> None:
    """Refuse a line that lacks what it cannot lack, or contradicts itself."""
    for name, what in (("code", msg("隐患点编号")), ("name", msg("名称")), ("kind", msg("灾害类型"))):
        if line[name] is None:
            lacking = msg("没有可用的{what}", what=what)
            received.journal.refuse(feature, lacking, advice=msg("补上{what}", what=what))
            return
    trouble = contradiction(line)
    if trouble is not None:
        told = msg("隐患点「{code}」{trouble}", code=line["code"], trouble=trouble)
        received.journal.refuse(feature, told, advice=msg("核对台账后改正这一行"))
    elif line["code"] in seen:
        told = msg("隐患点编号「{code}」与第 {number} 号要素相同", code=line["code"], number=seen[line["code"]])
        received.journal.refuse(feature, told, advice=msg("每个隐患点一个编号，核对后改正"))
    elif line["recognised_by"] is None:
        told = msg("隐患点「{code}」没有认定文号", code=line["code"])
        received.journal.note(feature, told, advice=msg("查到文号后在台账中补上"))
    seen.setdefault(line["code"], feature)


def contradiction(line: Mapping[str, Any]) -> Message | None:
    """Contradiction between the state of a site and its documents and days, None where they agree."""
    struck_off = life_of(GEOHAZARD_SITE).states[line["state"]].end
    if struck_off and (line["struck_off_by"] is None or line["struck_off_on"] is None):
        return msg("已核销，但没有核销文号和日期")
    if not struck_off and (line["struck_off_by"] is not None or line["struck_off_on"] is not None):
        return msg("没有核销，却有核销文号或日期")
    if line["struck_off_on"] is not None and line["recognised_on"] and line["struck_off_on"] < line["recognised_on"]:
        return msg("的核销日期早于认定日期")
    return None


def _read_words(received: Received, ours: str, known: WordList) -> list[str | None]:
    """Our word for each line; one that is not there is the default, and a line with one nobody knows is refused."""

    def read(value: object) -> str:
        word = known.find(value)
        if word is None:
            told = msg("不认识「{value}」（可用：{known}，或其中文名）", value=as_written(value), known=[*known.codes])
            raise ValueError(told)
        return word

    return [word or known.default for word in received.columns.read_decisive(ours, read)]
