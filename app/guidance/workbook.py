"""The guidance figures as a workbook in the reader's language: in all, by village, who should move where, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence

from app.guidance.counts import SUBJECTS
from app.guidance.schemas import ConstraintShare, GuidanceAnswer, HighItem
from app.http.figures import share_words
from app.reports import phrases
from app.reports.told import Say
from app.reports.workbook import TENTHS, WHOLE, BookSheet, CellValue, SheetColumn, about_sheet, keyed_sheet, write_book
from gis_layers.stores.baselines import PeopleMethod
from risk_model.codes import code_name
from risk_model.message import msg

UNKNOWN = msg("资料不足")
NONE = msg("没有")
HIGH = (
    (msg("类别"), ""), (msg("名称"), ""), (msg("项目类别"), ""), (msg("所在村"), ""), (msg("等级"), ""), (msg("人数"), WHOLE),
    (msg("经度"), ""), (msg("纬度"), ""), (msg("承接地直线距离（米）"), TENTHS), (msg("方向"), ""), (msg("承接地所在村"), ""),
    (msg("承接地面积（平方米）"), WHOLE), (msg("约束已调查"), ""), (msg("说明"), ""),
)  # fmt: skip
"""Headings of the sheet of what stands on high ground, and how its numbers are written."""


def write_workbook(told: GuidanceAnswer, say: Say) -> bytes:
    """The answer of ``GET /api/kpi`` as an Excel file of four sheets; cells are guarded against formulas."""
    headings = (say(phrases.FACT), say(phrases.TOLD))
    facts = [(say(name), value) for name, value in _provenance(told, say)]
    about = about_sheet(say(msg("说明")), headings, facts)
    return write_book([_summary(told, say), _villages(told, say), _high(told["high"]["items"], say), about])


def _columns(told: GuidanceAnswer, say: Say) -> list[tuple[str, str]]:
    return [*((str(grade["rank"]), say(grade["name"])) for grade in told["grades"]), ("0", say(UNKNOWN))]


def _summary(told: GuidanceAnswer, say: Say) -> BookSheet:
    change = told["change"]["total"] if told["change"] else None
    subject_of, rows = say(msg("对象")), []
    for subject in SUBJECTS:
        tally = told["total"][subject]
        row: dict[str, object] = {subject_of: say(code_name("guidance_subject", subject))}
        row |= {name: tally[rank] for rank, name in _columns(told, say)} | {say(msg("合计")): sum(tally.values())}
        if change:
            moved = change[subject]
            row |= {say(msg("较基线 {name}", name=name)): moved.get(rank) for rank, name in _columns(told, say)}
        rows.append(row)
    return keyed_sheet(say(msg("汇总")), rows, (SheetColumn(subject_of),))


def _villages(told: GuidanceAnswer, say: Say) -> BookSheet:
    key, name_of = say(msg("村代码")), say(msg("所在村"))
    rows: list[dict[str, object]] = []
    for village in told["villages"]:
        row: dict[str, object] = {key: village["key"], name_of: say(village["name"])}
        for subject in SUBJECTS:
            called, tally = say(code_name("guidance_subject", subject)), village[subject]
            row |= {f"{called} {name}": tally and tally[rank] for rank, name in _columns(told, say)}
        rows.append(row)
    return keyed_sheet(say(msg("分村")), rows, (SheetColumn(key), SheetColumn(name_of)))


def _high(items: Sequence[HighItem], say: Say) -> BookSheet:
    columns = tuple(SheetColumn(say(heading), written) for heading, written in HIGH)
    return BookSheet(say(msg("高风险对象")), columns, [_high_row(item, say) for item in items])


def _high_row(item: HighItem, say: Say) -> list[CellValue]:
    goal, (lon, lat) = item["receiving"], item["geometry"]["coordinates"][:2]
    return [
        say(code_name("guided", item["kind"])), item["name"], item["project_class"], item["village"],
        say(item["grade"]), item["people"], round(lon, 6), round(lat, 6),
        goal and goal["distance_m"], goal and goal["direction"] and say(goal["direction"]), goal and goal["village"],
        goal and goal["area_m2"], goal and say(_yes_or_no(answer=goal["constraints_surveyed"])),
        item["none_because"] and say(item["none_because"]),
    ]  # fmt: skip


def _yes_or_no(*, answer: bool) -> str:
    return code_name("yes_or_no", "yes" if answer else "no")


def _provenance(told: GuidanceAnswer, say: Say) -> list[tuple[str, CellValue]]:
    ground, baseline, published = told["ground"], told["baseline"], told["edition"]
    return [
        (msg("使用范围"), say(msg("内部资料"))),
        (msg("分级批次"), ground["run"] or say(NONE)),
        (msg("分级单元"), f"{ground['unit']} {ground['cell_m'] or ''}".strip() if ground["unit"] else say(NONE)),
        (msg("分级所用区划"), say(msg("第 {n} 版区划", n=ground["edition"]) if ground["run"] else NONE)),
        (msg("现行区划"), say(msg("第 {n} 版区划", n=published["number"]) if published else msg("尚未启用区划"))),
        (msg("数据日期"), told["data_date"] or say(msg("未注明"))),
        (msg("规则库"), f"{told['rulebook']['version']} {told['rulebook']['fingerprint']}"),
        (msg("判定方法"), say(ground["why"])),
        (msg("人口方法"), say(_people_words(told["people_method"]))),
        (msg("承接地"), say(msg("分级结果·危险性第 {rank} 级及以下；距离为直线距离，未计道路", rank=told["receiving"]["from_rank"]))),
        (msg("约束调查"), "; ".join(say(one) for one in _constraints(told["receiving"]["constraints"])) or say(NONE)),
        (msg("基线"), f"{baseline['name']} ({baseline['taken_at'][:10]}, {baseline['reason']})" if baseline else say(NONE)),
        (msg("统计时间"), told["taken_at"]),
        (phrases.STATEMENT, say(told["disclaimer"])),
    ]  # fmt: skip


def _people_words(method: PeopleMethod) -> str:
    told = {"dwellings": method["dwellings"], "area": method["area"]}
    if not method["uncounted"]:
        return msg("{dwellings} 个村按住宅分布推算，{area} 个村按面积推算", **told)
    return msg(
        "{dwellings} 个村按住宅分布推算，{area} 个村按面积推算；没有人口数：{names}", names=method["uncounted"], **told
    )


def _constraints(constraints: Sequence[ConstraintShare]) -> list[str]:
    return [
        msg("{name} 未载入", name=name)
        if one["surveyed_share"] is None
        else msg("{name} 已调查全镇 {share}", name=name, share=share_words(one["surveyed_share"]))
        for one in constraints
        for name in [code_name("constraint_kind", one["kind"])]
    ]
