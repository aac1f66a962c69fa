"""The dynamic list as a workbook: one line an enterprise, and a sheet that says what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from app.enterprises.labels import UNASSESSED, Tell
from app.enterprises.schemas import EnterpriseAnswer
from app.reports import phrases
from app.reports.workbook import DAY, BookSheet, CellValue, SheetColumn, about_sheet, day_cell, write_book
from risk_model.codes import code_name

HEADINGS = (
    "序号", "单位名称", "行业领域", "所在村", "适用判定标准", "标准版本", "基础等级", "现行等级", "等级理由", "检查间隔（月）",
    "上次检查", "下次应检", "是否逾期", "逾期天数", "未销号隐患",
)  # fmt: skip
DAYS = ("上次检查", "下次应检")
FILLS = {"red": "F4C7C3", "orange": "FBD9B8", "yellow": "FBEFB5", "blue": "CFE0F2"}


def write_list(items: Sequence[EnterpriseAnswer], provenance: Sequence[tuple[str, object]], tell: Tell) -> bytes:
    """The list of ``items`` (as ``describe`` tells them) with the lines of ``provenance``, every text guarded."""
    place = HEADINGS.index("现行等级")
    graded = ((number, item["effective_grade"]) for number, item in enumerate(items))
    listed = BookSheet(
        tell("动态清单"),
        tuple(SheetColumn(tell(heading), DAY if heading in DAYS else "") for heading in HEADINGS),
        [_line(number, item, tell) for number, item in enumerate(items, 1)],
        stays=2,
        fills={(number, place): FILLS[colour] for number, colour in graded if colour},
    )
    headings = (tell(phrases.FACT), tell(phrases.TOLD))
    facts = [(tell(name), tell(value) if isinstance(value, str) else value) for name, value in provenance]
    return write_book([listed, about_sheet(tell("来源与说明"), headings, facts)])


def _line(number: int, item: EnterpriseAnswer, tell: Tell) -> list[CellValue]:
    documents = item["criteria"]
    return [
        number,
        item["name"],
        tell(code_name("sector", item["sector"])),
        item["village"],
        "；".join(one["name"] for one in documents) or tell("未指定"),
        "；".join(one["version"] for one in documents),
        grade_name(item["base_grade"], tell),
        grade_name(item["effective_grade"], tell),
        "；".join(reason["text"] for reason in item["reasons"]) or item["reason"],
        item["inspection_months"],
        day_cell(item["last_inspection"]),
        day_cell(item["next_inspection"]),
        _due(item, tell),
        item["overdue_days"] or None,
        item["open_dangers"],
    ]


def grade_name(colour: str | None, tell: Tell) -> str:
    """The grade of a colour in words, 未评估 where there is none."""
    return tell(code_name("colour", colour) if colour else UNASSESSED)


def _due(item: EnterpriseAnswer, tell: Tell) -> str:
    if item["last_inspection"] is None:
        return tell("从未检查")
    return tell("逾期" if item["overdue"] else "未到期")
