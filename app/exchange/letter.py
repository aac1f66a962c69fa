"""A letter that asks an office for a layer of 资料清单, ready to be signed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from app.reports.deliveries import InTwo, Line, Tell
from app.reports.letters import Letter
from gis_layers.exchange import accepted_suffixes
from risk_model.message import msg

STANDS = {
    "missing": msg("目前尚未收到该资料；"),
    "waiting": msg("目前收到的资料尚未生效；"),
    "unregistered": msg("目前已有数据，但没有登记由谁提供、文号与密级；"),
    "received": msg("目前已有一份，现请提供更新后的资料；"),
}
"""How the layer stands, by the state of its line."""


def write_letter(line: Line, township: str | None, on: datetime.date, tell: Tell, *, english: bool) -> Letter:
    """The letter for one line of the list; ``tell`` says it in the reader's language."""
    title, office, without = (
        _said(one, english=english) for one in (line.layer.title, line.layer.office, line.layer.without)
    )
    town = township or tell(msg("本镇"))
    return Letter(
        subject=tell(msg("关于请提供「{layer}」资料的函", layer=title)),
        office=tell(msg("{office}：", office=office)),
        paragraphs=tuple(map(tell, _paragraphs(line, title, without, town))),
        sender=tell(msg("（单位名称、印章）")),
        day=on.isoformat(),
    )


def _paragraphs(line: Line, title: str, without: str, town: str) -> Iterator[str]:
    yield msg(
        "为编制{town}灾害风险一张图、开展选址灾害风险筛查，请贵单位提供「{layer}」资料。{stands}缺少时：{without}。",
        town=town, layer=title, stands=STANDS[line.state], without=without,
    )  # fmt: skip
    yield msg("一、范围：{town}全域。只调查了一部分的，请同时给出调查范围；没有资料与没有风险是两回事。", town=town)
    yield msg("二、格式：{suffixes} 之一，写明坐标系，尽量用 CGCS2000。", suffixes=" ".join(accepted_suffixes()))
    yield msg("三、来历：提供单位、文号、交接人、调查日期、比例尺与密级。涉密资料请勿经互联网传送，请先联系。")
    yield msg("四、没有这类资料、或尚未划定的，也请函复说明。")
    yield msg("联系人：＿＿＿＿＿＿　电话：＿＿＿＿＿＿")


def _said(words: InTwo, *, english: bool) -> str:
    return words.english if english else words.chinese
