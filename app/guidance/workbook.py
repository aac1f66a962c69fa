"""The guidance figures as a workbook: in all, by village, who should move where, and where the figures come from."""

from __future__ import annotations

from collections.abc import Sequence

from app.guidance.counts import SUBJECTS
from app.guidance.schemas import ConstraintShare, GuidanceAnswer, HighItem
from app.reports.workbook import TENTHS, WHOLE, CellValue, SheetColumn, about_sheet, keyed_sheet, write_book
from gis_layers.stores.baselines import PeopleMethod
from risk_model.codes import code_name

UNKNOWN = "资料不足"
SUBJECT, VILLAGE = (SheetColumn("对象"),), (SheetColumn("村代码"), SheetColumn("村"))
HIGH = (
    SheetColumn("类别"), SheetColumn("名称"), SheetColumn("项目类别"), SheetColumn("所在村"), SheetColumn("等级"), SheetColumn("人数", WHOLE),
    SheetColumn("经度"), SheetColumn("纬度"), SheetColumn("承接地直线距离（米）", TENTHS), SheetColumn("方向"), SheetColumn("承接地所在村"),
    SheetColumn("承接地面积（平方米）", WHOLE), SheetColumn("约束已调查"), SheetColumn("说明"),
)  # fmt: skip
"""Columns of the sheets that are there whatever was graded."""


def write_workbook(told: GuidanceAnswer) -> bytes:
    """The answer of ``GET /api/kpi`` as an Excel file of four sheets; cells are guarded against formulas."""
    return write_book(
        [
            keyed_sheet("汇总", _summary(told), SUBJECT),
            keyed_sheet("分村", _villages(told), VILLAGE),
            keyed_sheet("高风险对象", _high(told["high"]["items"]), HIGH),
            about_sheet("说明", ("项目", "内容"), _provenance(told)),
        ]
    )


def _columns(told: GuidanceAnswer) -> list[tuple[str, str]]:
    return [*((str(grade["rank"]), grade["name"]) for grade in told["grades"]), ("0", UNKNOWN)]


def _summary(told: GuidanceAnswer) -> list[dict[str, object]]:
    change = told["change"]["total"] if told["change"] else None
    rows: list[dict[str, object]] = []
    for subject in SUBJECTS:
        tally = told["total"][subject]
        row: dict[str, object] = {"对象": str(code_name("guidance_subject", subject))}
        row |= {name: tally[rank] for rank, name in _columns(told)} | {"合计": sum(tally.values())}
        if change:
            row |= {f"较基线 {name}": change[subject].get(rank) for rank, name in _columns(told)}
        rows.append(row)
    return rows


def _villages(told: GuidanceAnswer) -> list[dict[str, object]]:
    return [
        {"村代码": village["key"], "村": village["name"]}
        | {
            f"{code_name('guidance_subject', subject)} {name}": None
            if (tally := village[subject]) is None
            else tally[rank]
            for subject in SUBJECTS
            for rank, name in _columns(told)
        }
        for village in told["villages"]
    ]


def _high(items: Sequence[HighItem]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for item in items:
        goal = item["receiving"]
        lon, lat = item["geometry"]["coordinates"][:2]
        rows.append(
            {
                "类别": str(code_name("guided", item["kind"])),
                "名称": item["name"],
                "项目类别": item["project_class"],
                "所在村": item["village"],
                "等级": item["grade"],
                "人数": item["people"],
                "经度": round(lon, 6),
                "纬度": round(lat, 6),
                "承接地直线距离（米）": goal and goal["distance_m"],
                "方向": goal and goal["direction"],
                "承接地所在村": goal and goal["village"],
                "承接地面积（平方米）": goal and goal["area_m2"],
                "约束已调查": goal and ("是" if goal["constraints_surveyed"] else "否"),
                "说明": item["none_because"],
            }
        )
    return rows


def _provenance(told: GuidanceAnswer) -> list[tuple[str, CellValue]]:
    ground, baseline = told["ground"], told["baseline"]
    edition = told["edition"]["number"] if told["edition"] else "尚未发布"
    return [
        ("分级批次", ground["run"] or "没有"),
        ("分级单元", f"{ground['unit']} {ground['cell_m'] or ''}".strip() if ground["unit"] else "没有"),
        ("分级所用区划", f"第 {ground['edition']} 版" if ground["run"] else "没有"),
        ("现行区划", f"第 {edition} 版" if told["edition"] else edition),
        ("数据日期", told["data_date"] or "未注明"),
        ("规则库", f"{told['rulebook']['version']} {told['rulebook']['fingerprint']}"),
        ("判定方法", ground["why"]),
        ("人口方法", _people_words(told["people_method"])),
        ("承接地", f"分级结果·危险性第 {told['receiving']['from_rank']} 级及以下；距离为直线距离，未计道路"),
        ("约束调查", _constraint_words(told["receiving"]["constraints"])),
        ("基线", f"{baseline['name']}（{baseline['taken_at'][:10]}，{baseline['reason']}）" if baseline else "未设"),
        ("统计时间", told["taken_at"]),
        ("声明", told["disclaimer"]),
    ]


def _people_words(method: PeopleMethod) -> str:
    words = f"{method['dwellings']} 个村按住宅分布推算，{method['area']} 个村按面积推算"
    return f"{words}；没有人口数：{'、'.join(method['uncounted'])}" if method["uncounted"] else words


def _constraint_words(constraints: Sequence[ConstraintShare]) -> str:
    told = []
    for one in constraints:
        share = one["surveyed_share"]
        told.append(
            f"{code_name('constraint_kind', one['kind'])} " + ("未载入" if share is None else f"已调查全镇 {share:.1%}")
        )
    return "；".join(told) or "没有"
