"""资料清单 as tables: one line a layer, one line a file."""

from __future__ import annotations

from collections.abc import Sequence

from app.exchange.received_words import UNREGISTERED
from app.reports.deliveries import DeliveryItem, InTwo, Line, Tell
from app.reports.workbook import DAY, WHOLE, BookSheet, CellValue, SheetColumn, day_cell, keyed_sheet
from risk_model.codes import code_name
from risk_model.message import Message, msg

LAYERS_SHEET, RECEIVED_SHEET = "资料清单", "接收记录"
OF_FILE = {
    "received_on": "接收日期", "provider": "提供单位", "document_number": "文号", "handed_over_by": "交接人",
    "classification": "密级", "file": "文件", "size": "字节", "sha256": "SHA-256", "features_read": "应有要素",
    "features_loaded": "载入", "features_refused": "拒收", "imported_by": "导入人", "edition": "区划版次",
}  # fmt: skip
WRITTEN = {
    "received_on": DAY, "size": WHOLE, "features_read": WHOLE, "features_loaded": WHOLE, "features_refused": WHOLE,
}  # fmt: skip
TOLD = ("provider", "document_number", "handed_over_by", "classification")
"""What people tell of a file: where they did not, that is said."""


def list_sheet(lines: Sequence[Line], tell: Tell, *, english: bool) -> BookSheet:
    """The layers, each with the file it came with last and what is to be done next."""
    rows: list[dict[str, object]] = [
        {
            tell("类别"): tell(code_name("delivery_group", line.layer.group)),
            tell("图层"): _said(line.layer.title, english=english),
            tell("责任单位"): _said(line.layer.office, english=english),
            tell("状态"): tell(code_name("delivery_state", line.state)),
            tell("现有数量"): line.rows,
            **_file(line.receipt, tell),
            tell("缺了它"): _said(line.layer.without, english=english) if line.state != "received" else "",
            tell("下一步"): tell(_next_step(line)),
        }
        for line in lines
    ]
    before = (SheetColumn(tell("类别")), SheetColumn(tell("图层")), SheetColumn(tell("责任单位")))
    held = (SheetColumn(tell("状态")), SheetColumn(tell("现有数量"), WHOLE))
    return keyed_sheet(tell(LAYERS_SHEET), rows, (*before, *held, *_columns_of_file(tell)))


def history_sheet(history: Sequence[DeliveryItem], lines: Sequence[Line], tell: Tell, *, english: bool) -> BookSheet:
    """The files, newest first."""
    titles = {line.layer.key: _said(line.layer.title, english=english) for line in lines}
    rows: list[dict[str, object]] = [
        {
            tell("登记号"): told["id"],
            tell("图层"): "；".join(titles.get(layer, layer) for layer in told["layers"]),
            tell("成果或名称"): told["detail"],
            **_file(told, tell),
        }
        for told in history
    ]
    own = tuple(SheetColumn(tell(name)) for name in ("登记号", "图层", "成果或名称"))
    return keyed_sheet(tell(RECEIVED_SHEET), rows, (*own, *_columns_of_file(tell)))


def _next_step(line: Line) -> Message:
    if not line.layer.import_layer:
        return msg("本版本还不能导入；请先存档")
    if line.state == "waiting":
        return msg("已经收到，启用后生效")
    if line.state == "received":
        return msg("有了新的资料，在“导入资料”页载入")
    return msg("向责任单位发索要函；收到后在“导入资料”页载入")


def _columns_of_file(tell: Tell) -> tuple[SheetColumn, ...]:
    return tuple(SheetColumn(tell(title), WRITTEN.get(name, "")) for name, title in OF_FILE.items())


def _file(told: DeliveryItem | None, tell: Tell) -> dict[str, CellValue]:
    """The cells of a file; of a layer without one those that people tell say that nobody did."""
    if told is None:
        return {tell(title): tell(UNREGISTERED) if name in TOLD else None for name, title in OF_FILE.items()}
    secrecy = told["classification"]
    said = secrecy and tell(code_name("secrecy", secrecy))
    cells: dict[str, CellValue] = {**_of_file(told), "classification": said}
    return {
        tell(title): tell(UNREGISTERED) if name in TOLD and not cells[name] else cells[name]
        for name, title in OF_FILE.items()
    }


def _said(words: InTwo, *, english: bool) -> str:
    return words.english if english else words.chinese


def _of_file(told: DeliveryItem) -> dict[str, CellValue]:
    return {
        "received_on": day_cell(told["received_on"]),
        "provider": told["provider"],
        "document_number": told["document_number"],
        "handed_over_by": told["handed_over_by"],
        "file": told["file"],
        "size": told["size"],
        "sha256": told["sha256"],
        "features_read": told["features_read"],
        "features_loaded": told["features_loaded"],
        "features_refused": told["features_refused"],
        "imported_by": told["imported_by"],
        "edition": told["edition"],
    }
