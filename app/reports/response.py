"""The response to a site in sentences: who comes first with what, and what their road is worth."""

from __future__ import annotations

from collections.abc import Iterator

from app.http.figures import length_words, tenth_words
from app.reports.findings import Told
from app.reports.told import ToldNote, as_written
from risk_model.codes import code_name
from risk_model.message import Message, msg
from risk_model.rulebook import RuleBook


def tell_response(response: Told | None, rulebook: RuleBook) -> Iterator[ToldNote]:
    """Each of those who come, and the road they take; what is unknown is told as that."""
    if response is None:
        return
    if response["unknown"]:
        away = response["away_m"]
        basis = "" if away is None else msg("最近的登记道路距拟选址范围 {d}", d=length_words(away))
        yield ToldNote(code_name("response_unknown", response["unknown"]), basis)
    for one in response["responders"]:
        yield ToldNote(_comes(one), _road(one, rulebook))


def _comes(one: Told) -> Message:
    capability, force = code_name("capability", one["capability"]), one["force"]
    if force is None:
        return msg("{capability}：无人到场", capability=capability)
    return msg(
        "{capability}：{name}（{kind}），{minutes} 分钟到场，沿路 {road}",
        capability=capability,
        name=as_written(force["name"]),
        kind=code_name("force_kind", force["kind"]),
        minutes=_minutes(one["arrival_s"]),
        road=length_words(one["road_m"]),
    )


def _road(one: Told, rulebook: RuleBook) -> Message:
    worth = code_name("site_access", one["access"])
    told = msg("进场道路：{worth}", worth=worth)
    if one["cut_by"]:
        told = msg("{told}；途中 {names}", told=told, names=[_named(each, rulebook) for each in one["cut_by"]])
    if one["access"] == "way_round":
        told = msg("{told}；绕行 {minutes} 分钟到场", told=told, minutes=_minutes(one["round_s"]))
    if one["unknown_m"] >= 1:
        told = msg("{told}；未调查或未定级的路段 {d}", told=told, d=length_words(one["unknown_m"]))
    return told


def _named(cut: Told, rulebook: RuleBook) -> Message:
    if cut["what"] == "closure":
        return msg("封闭 {id} {reason}", id=cut["id"].partition("/")[2], reason=as_written(cut["reason"] or ""))
    name, hazard = cut["name"] or cut["id"].partition("/")[2], rulebook.hazard_name(cut["hazard"])
    return msg("{theme}“{zone}”", theme=hazard, zone=as_written(name))


def _minutes(seconds: float) -> str:
    return tenth_words(seconds / 60)
