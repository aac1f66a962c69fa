"""Files that are brought although they hold no layer, or one in a format nobody reads: what they are, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from risk_model.message import Message, msg


@dataclass(frozen=True, slots=True)
class Strange:
    """Kind of a file, and the next step of whoever brought it."""

    kind: Message
    advice: Message


_DRAWING = Strange(msg("CAD 图纸（DWG）"), msg("在 CAD 中另存为 DXF 后提交，并说明坐标系"))
_PACKED = Strange(msg("RAR 或 7z 一类的压缩包"), msg("解压后重新打包为 .zip 提交"))
_OLD_SHEET = Strange(msg("旧版 Excel 或 WPS 表格"), msg("用 Excel 或 WPS 打开，另存为 .xlsx 后提交"))
_LOCKED_SHEET = Strange(msg("加了密码的工作簿，或旧版 Office 文件"), msg("去掉密码，另存为 .xlsx 后提交"))
_OPEN_SHEET = Strange(msg("OpenDocument 表格（ODS）"), msg("用 WPS 或 LibreOffice 打开，另存为 .xlsx 后提交"))
_TEXT = Strange(msg("文字文档"), msg("把其中的表格另存为 .xlsx，或把坐标粘贴到选址页面的坐标框"))
_PRINT = Strange(msg("PDF 文档"), msg("PDF 里没有可读的坐标；向资料提供单位索取矢量数据或坐标表"))
_PICTURE = Strange(msg("图片"), msg("图片里没有可读的坐标；向资料提供单位索取矢量数据或坐标表"))
_PROJECT = Strange(msg("地图工程文件，只记着数据在哪里"), msg("在 GIS 软件中把其中的图层导出为 GeoPackage 后提交"))
_PERSONAL = Strange(
    msg("Access 数据库（个人地理数据库）"), msg("在 ArcGIS 中导出为 File Geodatabase 或 Shapefile 后提交")
)
_OTHER_MAP = Strange(msg("另一种 GIS 格式"), msg("用 QGIS 打开，导出为 GeoPackage 后提交"))
_OVI = Strange(msg("奥维互动地图的对象文件"), msg("在奥维互动地图中导出为 KML 后提交"))
_PART = Strange(msg("Shapefile 的一部分"), msg("把 .shp .shx .dbf .prj 一起压缩为 .zip 提交；只有属性表的另存为 .xlsx"))
_PAGE = Strange(msg("网页（HTML）"), msg("用 Excel 或 WPS 打开，另存为 .xlsx 后提交"))
_LOCK = Strange(msg("打开文件时生成的临时锁文件"), msg("关闭正在打开它的软件，提交文件本身（名字不以 ~$ 开头的）"))
_SHADOW = Strange(msg("苹果电脑随附的影子文件（._ 开头）"), msg("提交文件本身（名字不以 ._ 开头的）"))
_WORKBOOK = Strange(msg("Excel 工作簿"), msg("把文件后缀改为 .xlsx 后提交"))
_TABLE = Strange(msg("文字表格（CSV 或 TSV）"), msg("把文件后缀改为 .csv 后提交"))
_MAP = Strange(msg("KML"), msg("把文件后缀改为 .kml 后提交"))
_FEATURES = Strange(msg("GeoJSON"), msg("把文件后缀改为 .geojson 后提交"))
_ARCHIVE = Strange(msg("压缩包"), msg("把文件后缀改为 .zip 后提交"))
_DATABASE = Strange(msg("GeoPackage 或 SQLite 数据库"), msg("是 GeoPackage 时把文件后缀改为 .gpkg 后提交"))
_SHAPE = Strange(msg("Shapefile 的一部分"), msg("把 .shp .shx .dbf .prj 一起压缩为 .zip 提交"))

BY_SUFFIX: Final[Mapping[str, Strange]] = {
    **dict.fromkeys((".dwg", ".dgn", ".dwt"), _DRAWING),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"), _PACKED),
    **dict.fromkeys((".xls", ".et", ".ett", ".xlsb", ".xlt"), _OLD_SHEET),
    ".ods": _OPEN_SHEET,
    **dict.fromkeys((".doc", ".docx", ".wps", ".rtf", ".odt", ".ppt", ".pptx"), _TEXT),
    ".pdf": _PRINT,
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".webp"), _PICTURE),
    **dict.fromkeys((".qgz", ".qgs", ".mxd", ".aprx", ".lyr", ".lyrx", ".qlr"), _PROJECT),
    **dict.fromkeys((".mdb", ".accdb"), _PERSONAL),
    **dict.fromkeys((".tab", ".mif", ".mid", ".e00", ".gml", ".fgb", ".mpk", ".lpk", ".gpx", ".osm"), _OTHER_MAP),
    **dict.fromkeys((".ovobj", ".ovjsn", ".ovkml", ".ovkmz"), _OVI),
    **dict.fromkeys((".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx"), _PART),
    **dict.fromkeys((".htm", ".html", ".mht"), _PAGE),
}
"""What a suffix promises that is not read."""

_BY_HEAD: Final[tuple[tuple[bytes, Strange], ...]] = (
    (b"\x00\x05\x16\x07", _SHADOW),
    (b"Rar!\x1a\x07", _PACKED), (b"7z\xbc\xaf\x27\x1c", _PACKED), (b"\x1f\x8b", _PACKED), (b"BZh", _PACKED),
    (b"\xfd7zXZ", _PACKED),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _LOCKED_SHEET), (b"\x09\x08", _OLD_SHEET),
    (b"%PDF", _PRINT),
    (b"\xff\xd8\xff", _PICTURE), (b"\x89PNG", _PICTURE), (b"GIF8", _PICTURE), (b"II*\0", _PICTURE), (b"MM\0*", _PICTURE),
    (b"AC10", _DRAWING), (b"{\\rtf", _TEXT),
    (b"\x00\x01\x00\x00Standard ", _PERSONAL),
    (b"SQLite format 3\0", _DATABASE),
    (b"\x00\x00\x27\x0a", _SHAPE),
)  # fmt: skip
_BY_MEMBER: Final[tuple[tuple[bytes, Strange], ...]] = (
    (b"xl/", _WORKBOOK), (b"word/", _TEXT), (b"ppt/", _TEXT),
    (b"application/vnd.oasis.opendocument.spreadsheet", _OPEN_SHEET), (b"application/vnd.oasis", _TEXT), (b".qgs", _PROJECT),
)  # fmt: skip
_HEAD_BYTES: Final = 4096
_KML = re.compile(rb"<kml[\s>]")
_NEVER_TYPED = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_PACKED_HEAD: Final = b"PK\x03\x04"
LEFT_BEHIND: Final = ("Thumbs.db", "desktop.ini", ".DS_Store", "__MACOSX")
_MARKS: Final = (("~$", _LOCK), (".~lock.", _LOCK), ("._", _SHADOW))


def is_left_behind(name: str) -> bool:
    """Whether a member of an archive was put there by a system and not by a person: shadows, locks, lists of pictures."""
    whole = PurePosixPath(name.replace("\\", "/"))
    return any(part in LEFT_BEHIND for part in whole.parts) or any(whole.name.startswith(mark) for mark, _ in _MARKS)


def strange_name(name: str) -> Strange | None:
    """Kind of a file by its name, where that is nothing that is read."""
    own = PurePosixPath(name).name
    marked = next((kind for mark, kind in _MARKS if own.startswith(mark)), None)
    return marked or BY_SUFFIX.get(PurePosixPath(own).suffix.lower())


def strange_content(path: Path) -> Strange | None:
    """Kind of a file by how it begins, whatever it is called."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_PACKED_HEAD):
        return next((kind for member, kind in _BY_MEMBER if member in head), _ARCHIVE)
    return _written(head) or next((kind for mark, kind in _BY_HEAD if head.startswith(mark)), None) or _table_in(head)


def _written(head: bytes) -> Strange | None:
    """Kind of a file of mark-up or of objects."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style")) or b"<html" in text[:512]:
        return _PAGE
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return _OLD_SHEET
    if _KML.search(head):
        return _MAP
    return _FEATURES if text.startswith(b"{") and b'"featurecollection"' in text else None


def _table_in(head: bytes) -> Strange | None:
    """Whether a file begins like lines of cells."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    typed = not _NEVER_TYPED.search(text) and text[:1] not in b"<{["
    return _TABLE if typed and any(sign in text.split(b"\n")[0] for sign in (b",", b"\t", b";")) else None


def advice_on(name: str, strange: Strange) -> Message:
    """A refusal that says what the file is and what to do."""
    return msg("{name} 是{kind}，不能直接读取；{advice}", name=name, kind=strange.kind, advice=strange.advice)
