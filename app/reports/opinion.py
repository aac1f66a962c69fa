"""The opinion on a site put into sentences: the one place where the answer of a check becomes words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from app.http.figures import area_words, length_words, share_words
from app.platform.clock import CHINA
from app.reports.appendix import tell_appendix
from app.reports.by_class import tell_classes
from app.reports.findings import (
    READ_FIRST,
    Sources,
    Told,
    met_name,
    said,
    severity,
    theme_name,
    told_themes,
    verdict_badge,
)
from app.reports.firmness import tell_firmness
from app.reports.part_words import ground_words, themes_unknown, with_part
from app.reports.parts import tell_parts
from app.reports.places import tell_places
from app.reports.response import tell_response
from app.reports.told import (
    Recording,
    ToldCondition,
    ToldGap,
    ToldGrounds,
    ToldNote,
    ToldOpinion,
    ToldUnasked,
    as_written,
)
from risk_model.codes import code_name
from risk_model.message import Message, bilingual, msg
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import ProjectClass


def tell_opinion(answer: Told, sources: Sources) -> ToldOpinion:
    """The ``answer`` of ``POST /api/siting/check``, with its ``record``, in sentences."""
    unasked = answer.get("not_asked", ())
    asked = _asked(answer["themes"], unasked)
    themes = tuple(told_themes(asked, sources))
    not_asked = tuple(ToldUnasked(theme_name(one, sources.rulebook), said(one, "reason")) for one in unasked)
    response = tuple(tell_response(answer.get("response"), sources.rulebook))
    return ToldOpinion(
        title=as_written(answer["site"]["name"]) if answer["site"]["name"] else msg("未命名项目"),
        about=tuple(_about(answer, sources.rulebook)),
        record=_recording(answer.get("record")),
        verdict=answer["verdict"],
        badge=verdict_badge(answer["verdict"]),
        borderline=answer["borderline"],
        reason=_reason(answer, sources.rulebook),
        advice=tuple(_advice(answer)),
        gaps=tuple(_gaps(answer, sources.rulebook)),
        conditions=tuple(_condition(one) for one in answer["conditions"]),
        notes=tuple(_note(one) for one in answer["notes"]),
        tally=_tally(asked, len(unasked)),
        themes=themes,
        firmness=tell_firmness(answer, sources.rulebook),
        grounds=_grounds(answer),
        synthetic=answer["synthetic"],
        not_asked=not_asked,
        response=response,
        by_class=tell_classes(answer, sources.rulebook),
        places=tell_places(answer.get("alternatives"), sources.rulebook),
        appendix=tuple(tell_appendix(themes, not_asked, response)),
        parts=tell_parts(answer, sources.rulebook, lambda one: _reason(one, sources.rulebook)),
    )


def _asked(themes: Sequence[Told], unasked: Sequence[Told]) -> list[Told]:
    """The themes some rule asks about, or of which something was met or nothing is known."""
    left_out = {one["theme"] for one in unasked}
    return [theme for theme in themes if theme["theme"] not in left_out]


def _about(answer: Told, rulebook: RuleBook) -> Iterator[str]:
    site, edition = answer["site"], answer["edition"]
    names = rulebook.terms.class_names.get(ProjectClass(site["project_class"]))
    named = bilingual(*names) if names else ""
    yield msg("{key} {name}", key=site["project_class"], name=named)
    if seismic := site.get("seismic_class"):
        yield msg("抗震设防 {name}", name=code_name("seismic_class", seismic))
    yield msg("占地 {area}", area=area_words(site["area_m2"]))
    if site.get("line_m"):
        yield msg("线长 {n}，桩号自所画起点 K0+000 起", n=length_words(site["line_m"]))
    if site["buffered_m"]:
        yield msg("点线按 {n} 外扩为面", n=length_words(site["buffered_m"]))
    yield msg("第 {n} 版区划", n=edition["number"]) if edition else msg("尚未启用区划")
    if answer.get("parts"):
        yield msg("分 {pieces} 块判断", pieces=len(answer["parts"]))
    if site["repaired"]:
        yield msg("拟选址范围已按建议修复，请核对图形")


def _recording(record: Told | None) -> Recording | None:
    if record is None:
        return None
    moment = msg("{at}（北京时间）", at=_moment(record["at"]).strftime("%Y-%m-%d %H:%M:%S"))
    return Recording(record["number"], moment, msg("登记人 {name}", name=record["by"]))


def _moment(told: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(told).astimezone(CHINA)


def _reason(answer: Told, rulebook: RuleBook) -> Message:
    themed = [(finding, theme) for theme in answer["themes"] for finding in theme["findings"]]
    decisive = [(one, theme) for one, theme in themed if one["rule"] and one["verdict"] == answer["verdict"]]
    if decisive:
        worst, theme = max(decisive, key=lambda pair: pair[0]["overlap_share"])
        where = msg("{theme}“{zone}”", theme=theme_name(theme, rulebook), zone=met_name(worst, rulebook))
        how = _how(worst)
        rules = len({one["rule"] for one, _ in decisive})
        return msg("触发 {n} 条规则：{where}，{how}。", n=rules, where=where, how=how)
    if answer["verdict"] == "insufficient_data":
        return _missing(answer["themes"], rulebook)
    return msg("已加载的规则均未触发；这不是许可。")


def _how(met: Told) -> Message:
    """How far the site, or the part of it a finding speaks of, meets the ground of that finding."""
    part, share, away = ground_words(met), share_words(met["overlap_share"]), length_words(met["distance_m"])
    if met["overlap_m2"] > 0:
        if part is None:
            return msg("拟选址范围有 {share} 落在其中", share=share)
        return msg("{part}有 {share} 落在其中", part=part, share=share)
    return msg("拟选址范围距其 {d}", d=away) if part is None else msg("{part}距其 {d}", part=part, d=away)


def _missing(themes: Sequence[Told], rulebook: RuleBook) -> Message:
    """What is missing: surveys of themes nobody may do without, and grades that no rule can read."""
    unknown = themes_unknown(themes)
    unread = [theme for theme in unknown if any(one["verdict"] == "insufficient_data" for one in theme["findings"])]
    lacking = [theme for theme in unknown if theme["mandatory"] and theme not in unread]
    told = []
    if lacking:
        told.append(msg("必查专题没有资料：{names}。", names=[theme_name(one, rulebook) for one in lacking]))
    if unread:
        names = [theme_name(one, rulebook) for one in unread]
        told.append(msg("区划等级规则未收录，按资料不足处理：{names}。", names=names))
    return _in_a_row(told)


def _in_a_row(sentences: Sequence[Message]) -> Message:
    places = "".join(f"{{s{number}}}" for number in range(len(sentences)))
    return Message(places, {f"s{number}": sentence for number, sentence in enumerate(sentences)})


def _advice(answer: Told) -> Iterator[Message]:
    conditions = answer["conditions"]
    steps = [with_part(said(one, "procedure"), one) for one in conditions if not one["closed"]]
    match answer["verdict"]:
        case "prohibited":
            yield msg("请另选地块，或调整拟选址范围后重新筛查。")
        case "restricted" if steps:
            yield msg("须先完成：{steps}。", steps=steps)
        case "restricted" if conditions:
            yield msg("所列条件均已由区域评估关闭，仍须落实评估提出的要求。")
        case "restricted":
            yield msg("须经专题论证。")
        case "insufficient_data":
            yield msg("请补充调查或导入资料后重新筛查。")
        case _:
            yield msg("后续仍按法定程序办理选址、评估与审批。")
    if answer["borderline"]:
        yield msg("结论处在边界误差之内，请先核实区划边界。")


def _gaps(answer: Told, rulebook: RuleBook) -> Iterator[ToldGap]:
    unknown = themes_unknown(answer["themes"])
    for theme in unknown:
        name = theme_name(theme, rulebook)
        must = theme["mandatory"]
        yield ToldGap(msg("{name}（必查）", name=name) if must else name, must=must, why=said(theme, "reason"))
    told = {theme["theme"] for theme in unknown}
    for key in answer["data_gaps"]:
        if key not in told:
            yield ToldGap(rulebook.hazard_name(key), must=False, why="")


def _condition(condition: Told) -> ToldCondition:
    closed = condition["closed"]
    return ToldCondition(
        name=with_part(said(condition, "procedure"), condition),
        closed=closed,
        state=msg("已由区域评估关闭") if closed else msg("未关闭"),
        rules=msg("规则 {rules}", rules=condition["rules"]),
        bearings=tuple((one["bearing"], _bearing(one, ground_words(condition))) for one in condition["assessments"]),
    )


def _bearing(assessment: Told, part: Message | None) -> Message:
    number, since, until = assessment["number"], assessment["valid_from"], assessment["valid_to"]
    match assessment["bearing"]:
        case "closes" if part is not None:
            words = msg("区域评估 {number}，有效期至 {until}，覆盖{part}全部", number=number, until=until, part=part)
        case "closes":
            words = msg("区域评估 {number}，有效期至 {until}，覆盖全部拟选址范围", number=number, until=until)
        case "expired":
            words = msg("区域评估 {number} 已于 {until} 过期，不能关闭此条件", number=number, until=until)
        case "not_yet":
            words = msg("区域评估 {number} 自 {since} 起生效，现在不能关闭此条件", number=number, since=since)
        case _ if part is not None:
            share = share_words(assessment["covered_share"])
            words = msg(
                "区域评估 {number} 只覆盖{part}的 {share}，不能关闭此条件", number=number, part=part, share=share
            )
        case _:
            share = share_words(assessment["covered_share"])
            words = msg("区域评估 {number} 只覆盖拟选址范围的 {share}，不能关闭此条件", number=number, share=share)
    return msg("{words} · {name}", words=words, name=assessment["name"]) if assessment["name"] else words


def _note(note: Told) -> ToldNote:
    confidence = code_name("confidence", note["confidence"])
    return ToldNote(
        with_part(said(note, "message"), note), msg("{basis} · {kind}", basis=said(note, "basis"), kind=confidence)
    )


def _tally(themes: Sequence[Told], unasked: int) -> Message:
    counted = {status: sum(theme["status"] == status for theme in themes) for status in READ_FIRST}
    return msg(
        "{n} 个专题 · 涉及 {a} · 不涉及 {b} · 没有资料 {c} · 未问及 {d}",
        n=len(themes) + unasked,
        a=counted["concerned"],
        b=counted["not_concerned"],
        c=counted["no_data"],
        d=unasked,
    )


def _grounds(answer: Told) -> ToldGrounds:
    edition, rulebook = answer["edition"], answer["rulebook"]
    number, version = rulebook["number"], rulebook["version"]
    return ToldGrounds(
        edition=msg("第 {n} 版区划", n=edition["number"]) if edition else msg("尚未启用区划"),
        published=_moment(edition["published_at"]).date().isoformat() if edition else "",
        edition_fingerprint=edition["fingerprint"] if edition else "",
        rulebook=msg("第 {n} 版规则库 {version}", n=number, version=version)
        if number
        else msg("规则库 {version}", version=version),
        rulebook_fingerprint=rulebook["fingerprint"],
        judged_on=answer["judged_on"],
        data_date=answer["data_date"] or msg("未注明"),
    )


def decisive_findings(answer: Told) -> list[tuple[Told, Told]]:
    """The findings, each with its theme, whose ground inside the outline makes the verdict what it is."""
    if severity(answer["verdict"]) <= severity("insufficient_data"):
        return []
    return [
        (finding, theme)
        for theme in answer["themes"]
        for finding in theme["findings"]
        if finding["rule"] and finding["verdict"] == answer["verdict"] and finding["overlap_m2"] > 0
    ]
