"""The approval sheet (审批单) of a draft: for an office where nobody but the head may sign, on paper."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.http.figures import area_words, length_words
from app.http.i18n import tell_in
from app.judgement.inventory import ExposureFacts
from app.platform.clock import CHINA
from app.platform.work import Work
from app.reports.approval_sheet import ApprovalPaper, SheetTable
from app.reports.told import Say
from app.zones import drafts
from app.zones.draft_schemas import DraftStep, ProblemItem
from app.zones.impact_files import TURNS
from app.zones.impact_schemas import DraftImpact
from app.zones.impact_words import UNGRADED
from app.zones.paper_approval import DIGITS
from app.zones.submitted import Submitted, SubmittedChange
from app.zones.told_drafts import describe_whole
from gis_layers.stores.editions import Draft
from risk_model.codes import code_name
from risk_model.message import msg

MOST_ROWS: Final = 150
"""Rows of one table on paper."""
SIGNATURES: Final = (msg("编制人"), msg("审核人"), msg("分管领导"), msg("录入扫描件的人（须为另一账号）"))


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """What an approval sheet is printed of and how: what was submitted, or stands now, in which language, whose house."""

    submitted: Submitted
    house: str
    language: str
    synthetic: bool


def tell_approval_sheet(work: Work, draft: Draft, order: SheetOrder) -> ApprovalPaper:
    """The draft as a paper to be signed; one that was submitted reads as it did then, with what came of it since."""

    def say(words: str) -> str:
        return tell_in(words, order.language)

    whole, told = describe_whole(work.session, draft), order.submitted
    steps = [number for number, step in enumerate(whole["history"]) if step["step"] == "submit"][-1:]
    last = whole["history"][steps[0]] if steps else None
    is_kept = told.impact["kept_at"] is not None
    state = last["state"] if last is not None and is_kept else whole["state"]
    facts = [
        (msg("草稿"), f"{draft.id} · {draft.name}"),
        (msg("状态"), say(code_name("draft_state", state))),
        (msg("编制人"), say(msg("、")).join(whole["authors"])),
        (msg("提交时间"), _moment(last["at"]) if last else say(msg("尚未提交"))),
        (msg("提交说明"), (last["comment"] if last else None) or "—"),
        (msg("将启用的版次"), str(told.impact["next_edition"])),
        (msg("内容摘要"), told.digest[:DIGITS]),
        *(_since(whole["history"][steps[0] + 1 :], draft, say) if is_kept and steps else ()),
    ]
    return ApprovalPaper(
        title=say(msg("区划改版审批单")),
        house=say(order.house),
        language=order.language,
        facts=tuple((say(name), words) for name, words in facts),
        tables=(
            _changes(work, told.changes, say),
            _ground(work, told.impact, say),
            _problems(told.problems, last, say),
        ),
        summary=tuple(_summary(told.impact, say)),
        signatures=tuple(map(say, SIGNATURES)),
        synthetic=order.synthetic,
    )


def _since(later: Iterable[DraftStep], draft: Draft, say: Say) -> Iterator[tuple[str, str]]:
    for one in later:
        content = one["content"] or {}
        told = [_moment(one["at"]), one["by"]]
        if draft.edition is not None and one["step"] == "publish":
            told.append(say(msg("第 {number} 版区划", number=draft.edition)))
        if content.get("effective_on"):
            told.append(say(msg("自 {day} 起生效", day=content["effective_on"])))
        yield drafts.DRAFTS.life.steps[one["step"]].name, " · ".join(told)


def _moment(at: str) -> str:
    return f"{datetime.datetime.fromisoformat(at).astimezone(CHINA):%Y-%m-%d %H:%M}"


def _changes(work: Work, changes: Iterable[SubmittedChange], say: Say) -> SheetTable:
    rows = [
        (
            one["zone"],
            say(code_name("zone_change", one["change"])),
            one["name"] or "",
            say(work.rulebook.hazard_name(one["hazard"])),
            f"{say(one['before'])} → {say(one['after'])}",
            say(area_words(one["before_m2"])),
            say(area_words(one["after_m2"])),
        )
        for one in changes
    ]
    heads = (msg("区划"), msg("改动"), msg("名称"), msg("灾种"), msg("等级"), msg("原面积"), msg("新面积"))
    return _table((msg("改动的区划"), msg("还没有改动。")), heads, rows, say, 5)


def _ground(work: Work, impact: DraftImpact, say: Say) -> SheetTable:
    rows = [
        (
            say(work.rulebook.hazard_name(theme["hazard"])),
            say(code_name("product", theme["product"])),
            say(one["grade"] or UNGRADED),
            say(area_words(one["gained_m2"])),
            say(area_words(one["lost_m2"])),
        )
        for theme in impact["themes"]
        for one in theme["grades"]
    ]
    heads = (msg("灾种"), msg("成果类型"), msg("等级"), msg("增加"), msg("减少"))
    return _table((msg("分等级面积"), msg("没有地面改变等级。")), heads, rows, say, 3)


def _problems(problems: Iterable[ProblemItem], submitted: DraftStep | None, say: Say) -> SheetTable:
    content = (submitted["content"] if submitted else None) or {}
    reasons: Mapping[str, str | None] = {one["problem"]: one["reason"] for one in content.get("passed", ())}
    rows = [
        (
            say(one["name"]),
            say(code_name("problem_level", one["level"])),
            say(msg("、")).join(one["zones"][:6]),
            _size(one, say),
            reasons.get(one["id"]) or say(msg("启用前已有，没有变大") if one["inherited"] else msg("没有写明理由")),
        )
        for one in problems
    ]
    heads = (msg("问题"), msg("级别"), msg("区划"), msg("大小"), msg("放过的理由"))
    return _table((msg("问题和理由"), msg("没有发现问题。")), heads, rows, say, 5)


def _size(one: ProblemItem, say: Say) -> str:
    return length_words(one["size"]) if one["unit"] == "m" else say(area_words(one["size"]))


def _summary(impact: DraftImpact, say: Say) -> Iterator[str]:
    for side, exposed in (("entering", impact["entering"]), ("leaving", impact["leaving"])):
        yield say(
            msg(
                "{turns}：{people} 人，房屋 {buildings} 栋，企业 {enterprises} 家，设施 {facilities} 处，站点 {stations} 处，道路 {roads}",
                turns=TURNS[side],
                people=_people(exposed),
                **{name: _count(exposed, name) for name in ("buildings", "enterprises", "facilities", "stations")},
                roads=length_words(exposed.get("roads_m")),
            )
        )
    flips, areas = impact["projects"], impact["areas"]
    yield say(
        msg("附近重新判定项目 {judged} 个，判定改变 {flips} 个", judged=impact["projects_judged"], flips=len(flips))
    )
    for one in flips[:MOST_ROWS]:
        before, after = code_name("verdict", one["before"]), code_name("verdict", one["after"])
        yield say(msg("项目 {name}：{before} → {after}", name=one["name"], before=before, after=after))
    coverage = impact["coverage"]
    if coverage["why_not"] is not None:
        yield say(msg("救援覆盖没有计算：{why}", why=coverage["why_not"]))
    for band in coverage["bands"]:
        reached = {"minutes": f"{band['minutes']:g}", "before": band["before"], "after": band["after"]}
        yield say(msg("{minutes} 分钟内到达 {before} 人 → {after} 人", **reached))
    if impact["areas_judged"] is None:
        yield say(msg("涉及的分级单元太多，没有重新分级"))
    else:
        yield say(
            msg("重新分级单元 {judged} 个，等级改变 {shifts} 个", judged=impact["areas_judged"], shifts=len(areas))
        )


def _people(exposed: ExposureFacts) -> object:
    if exposed["people"] is not None:
        return exposed["people"]
    least = exposed["people_at_least"]
    return "—" if least is None else msg("至少 {n}", n=least)


def _count(exposed: ExposureFacts, name: str) -> object:
    count = exposed.get(name)
    return "—" if count is None else count


def _table(
    words: tuple[str, str], heads: Iterable[str], rows: Sequence[tuple[str, ...]], say: Say, numeric: int
) -> SheetTable:
    """A table with its title and what is said where it has no rows."""
    title, empty = map(say, words)
    more = max(0, len(rows) - MOST_ROWS)
    return SheetTable(title, tuple(map(say, heads)), tuple(rows[:MOST_ROWS]), numeric, empty, more)
