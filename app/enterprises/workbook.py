"""The dynamic list as a workbook: one line an enterprise, and a sheet that says what it rests on."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from app.enterprises.labels import UNASSESSED, Tell
from app.enterprises.schemas import EnterpriseAnswer
from gis_layers.exchange.text.cells import guarded
from risk_model.codes import code_name

WIDTHS = (6, 24, 14, 12, 34, 28, 12, 12, 52, 9, 13, 13, 10, 10, 12)
HEADINGS = (
    "序号", "单位名称", "行业领域", "所在村", "适用判定标准", "标准版本", "基础等级", "现行等级", "等级理由", "检查间隔（月）",
    "上次检查", "下次应检", "是否逾期", "逾期天数", "未销号隐患",
)  # fmt: skip
FILLS = {"red": "F4C7C3", "orange": "FBD9B8", "yellow": "FBEFB5", "blue": "CFE0F2"}


def write_list(items: Sequence[EnterpriseAnswer], provenance: Sequence[tuple[str, object]], tell: Tell) -> bytes:
    """The list of ``items`` (as ``describe`` tells them) with the lines of ``provenance``, every text guarded."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = tell("动态清单")
    sheet.append([tell(heading) for heading in HEADINGS])
    for number, item in enumerate(items, 1):
        sheet.append([guarded(cell) for cell in _line(number, item, tell)])
        colour = item["effective_grade"]
        if colour:
            sheet.cell(number + 1, HEADINGS.index("现行等级") + 1).fill = PatternFill("solid", fgColor=FILLS[colour])
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.cell(1, place).font = Font(bold=True)
    for row in sheet.iter_rows(min_row=1):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    sources = book.create_sheet(tell("来源与说明"))
    for name, value in provenance:
        sources.append([tell(name), guarded(value)])
    sources.column_dimensions["A"].width, sources.column_dimensions["B"].width = 20, 80
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _line(number: int, item: EnterpriseAnswer, tell: Tell) -> list[object]:
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
        item["last_inspection"],
        item["next_inspection"],
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
