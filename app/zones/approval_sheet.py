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
from app.zones.impact_files import NO_ZONE, TURNS, UNGRADED
from app.zones.impact_schemas import DraftImpact
from app.zones.paper_approval import DIGITS
from app.zones.themes import edited_zones
from app.zones.told_drafts import describe_whole
from gis_layers.stores import draft_zones
from gis_layers.stores.draft_zones import DELETE, SeenZone
from gis_layers.stores.editions import Draft
from risk_model.codes import code_name
from risk_model.message import msg

MOST_ROWS: Final = 150
"""Rows of one table on paper."""
SIGNATURES: Final = (msg("编制人"), msg("审核人"), msg("分管领导"), msg("录入扫描件的人（须为另一账号）"))


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """What an approval sheet is printed of and how: the impact and problems as they stand, in which language, whose house."""

    impact: DraftImpact
    problems: list[ProblemItem]
    house: str
    language: str
    synthetic: bool


def tell_approval_sheet(work: Work, draft: Draft, order: SheetOrder) -> ApprovalPaper:
    """The draft as a paper to be signed."""

    def say(words: str) -> str:
        return tell_in(words, order.language)

    whole = describe_whole(work.session, draft)
    submitted = [step for step in whole["history"] if step["step"] == "submit"][-1:]
    facts = [
        (msg("草稿"), f"{draft.id} · {draft.name}"),
        (msg("状态"), say(code_name("draft_state", whole["state"]))),
        (msg("编制人"), say(msg("、")).join(whole["authors"])),
        (msg("提交时间"), _moment(submitted[0]["at"]) if submitted else say(msg("尚未提交"))),
        (msg("提交说明"), (submitted[0]["comment"] if submitted else None) or "—"),
        (msg("将启用的版次"), str(order.impact["next_edition"])),
        (msg("内容摘要"), drafts.digest_of(work.session, draft)[:DIGITS]),
    ]
    return ApprovalPaper(
        title=say(msg("区划改版审批单")),
        house=say(order.house),
        language=order.language,
        facts=tuple((say(name), words) for name, words in facts),
        tables=(
            _changes(work, draft, say),
            _ground(work, order.impact, say),
            _problems(order.problems, submitted, say),
        ),
        summary=tuple(_summary(order.impact, say)),
        signatures=tuple(map(say, SIGNATURES)),
        synthetic=order.synthetic,
    )


def _moment(at: str) -> str:
    return f"{datetime.datetime.fromisoformat(at).astimezone(CHINA):%Y-%m-%d %H:%M}"


def _changes(work: Work, draft: Draft, say: Say) -> SheetTable:
    after = draft_zones.read_proposals(work.session, draft.id)
    before = draft_zones.read_in_force(work.session, list(after))
    metric_crs = work.settings.metric_crs
    old, new = ({zone: one.area_m2 for zone, one in edited_zones(some, metric_crs).items()} for some in (before, after))
    rows = [
        (
            str(zone),
            say(code_name("zone_change", one.change or "update")),
            str(one.attributes["name"] or ""),
            say(work.rulebook.hazard_name(one.attributes["hazard"])),
            f"{_grade(before.get(zone), say)} → {_grade(None if one.change == DELETE else one, say)}",
            say(area_words(old.get(zone, 0.0))),
            say(area_words(0.0 if one.change == DELETE else new[zone])),
        )
        for zone, one in after.items()
    ]
    heads = (msg("区划"), msg("改动"), msg("名称"), msg("灾种"), msg("等级"), msg("原面积"), msg("新面积"))
    return _table((msg("改动的区划"), msg("还没有改动。")), heads, rows, say, 5)


def _grade(one: SeenZone | None, say: Say) -> str:
    return say(NO_ZONE) if one is None else say(one.attributes["grade"] or UNGRADED)


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


def _problems(problems: Iterable[ProblemItem], submitted: list[DraftStep], say: Say) -> SheetTable:
    content = (submitted[0]["content"] if submitted else None) or {}
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
