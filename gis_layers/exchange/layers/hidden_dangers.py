"""Hidden dangers as ledgers hold them: one line a danger, a place, a state, days."""

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
from gis_layers.exchange.text.register_words import WordList
from gis_layers.exchange.text.written import as_written
from risk_model.decisions import HIDDEN_DANGER, life_of
from risk_model.message import msg

_CODES = ("credit_code", "village_code")
_TEXTS = ("enterprise", "sector", "place", "criteria", "clause", "measures", "remark")
_DAYS = ("found_on", "confirmed_on", "deadline", "closed_on")
_WORDS: Mapping[str, WordList] = {
    "channel": words.CHANNELS, "state": words.DANGER_STATES, "supervision": words.SUPERVISIONS,
}  # fmt: skip


@apart
def read_hidden_dangers(path: Path, options: ReadingOptions) -> Delivery:
    """Read hidden dangers, points with the columns of their register and ``enterprise credit_code`` as they are written.

    Refused is a line without a code, a known state or the day it was found, with a word nobody knows for its state, channel
    or supervision, one whose days contradict its state, and one
    whose coordinates are said to be of another system. Names of persons are not read.
    """
    if "code" in options.fields:
        options = replace(options, fields={**options.fields, "danger_code": options.fields["code"]})
    ours = ("danger_code", *_TEXTS, *_CODES, *_DAYS, *_WORDS)
    received = ingest(path, options, ours, dimensions=frozenset({POINT}))
    columns: dict[str, list[Any]] = {
        "code": received.columns.read("danger_code", values.read_code),
        **{name: received.columns.read(name, values.read_text) for name in _TEXTS},
        **{name: received.columns.read(name, values.read_code) for name in _CODES},
        **{name: received.columns.read(name, read_day) for name in _DAYS},
        **{name: _read_words(received, name, known) for name, known in _WORDS.items()},
    }
    seen: dict[str, int] = {}
    for feature in range(len(received.geometries)):
        if feature not in received.journal.refused:
            _judge(received, feature, {name: column[feature] for name, column in columns.items()}, seen)
    return deliver(
        columns,
        received.geometries,
        raw=received.raw,
        journal=received.journal,
        layer=("hidden-dangers", received.crs),
    )


def _judge(received: Received, feature: int, line: Mapping[str, Any], seen: dict[str, int]) -> None:
    """Refuse a line that contradicts itself."""
    for name, what in (("code", msg("隐患编号")), ("state", msg("状态")), ("found_on", msg("发现日期"))):
        if line[name] is None:
            listed = (
                msg("；可用的状态：{known}（或其中文名）", known=[*words.DANGER_STATES.codes])
                if name == "state"
                else ""
            )
            received.journal.refuse(
                feature,
                msg("没有可用的{what}", what=what),
                advice=msg("补上{what}{listed}", what=what, listed=listed),
            )
            return
    trouble = contradiction(line)
    if trouble is not None:
        received.journal.refuse(
            feature,
            msg("隐患「{code}」{trouble}", code=line["code"], trouble=trouble),
            advice=msg("核对台账后改正这一行"),
        )
        return
    if line["code"] in seen:
        twice = msg("隐患编号「{code}」与第 {number} 号要素相同", code=line["code"], number=seen[line["code"]])
        received.journal.refuse(feature, twice, advice=msg("每条隐患一个编号，核对后改正"))
        return
    seen[line["code"]] = feature


def contradiction(line: Mapping[str, Any]) -> str | None:
    """Contradiction between the state and the days of a danger, None where they agree."""
    records = life_of(HIDDEN_DANGER).states[line["state"]].records
    if "confirmed_on" in records and line["confirmed_on"] is None:
        return msg("已确认为重大隐患，但没有确认日期")
    if "deadline" in records and line["deadline"] is None:
        return msg("已交办整改，但没有整改期限")
    if ("closed_on" in records) != (line["closed_on"] is not None):
        return msg("的状态与销号日期不一致")
    if line["confirmed_on"] is not None and line["confirmed_on"] < line["found_on"]:
        return msg("的确认日期早于发现日期")
    if line["closed_on"] is not None and line["closed_on"] < line["confirmed_on"]:
        return msg("的销号日期早于确认日期")
    return None


def _read_words(received: Received, ours: str, known: WordList) -> list[str | None]:
    """Our word for each line; one that is not there is the default, and a line with one nobody knows is refused."""

    def read(value: object) -> str:
        word = known.find(value)
        if word is None:
            raise ValueError(
                msg(
                    "不认识「{value}」（可用：{known}，或其中文名）",
                    value=as_written(value),
                    known=[*known.codes],
                )
            )
        return word

    return [word or known.default for word in received.columns.read_decisive(ours, read)]
