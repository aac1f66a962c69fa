"""KML: placemarks of all folders, their shapes and their data; nothing a file points to is fetched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from gis_layers.crs import WGS84_CRS, is_inside_china, parse_crs
from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.formats.declared_counts import Declared, all_met
from gis_layers.exchange.formats.kml_shapes import local, shape_of, text_of
from gis_layers.exchange.formats.registry import Format, choose_layer
from gis_layers.exchange.formats.signatures import head_of, refused
from gis_layers.exchange.text.text_decoding import unique_names
from gis_layers.exchange.text.text_encoding import UTF8, Claims, RawText, decide_encoding, decode
from risk_model.message import Message, msg
from risk_model.shapes import as_array

_CONTAINERS: Final = frozenset({"kml", "Document", "Folder"})
_POINTS_ELSEWHERE: Final = frozenset({"NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Tour"})
_DEEPEST: Final = 50
_SHOWN: Final = 5
_DECLARATION = re.compile(r"\s*<\?xml[^>]*?(?:encoding\s*=\s*[\"'](?P<encoding>[\w.-]+)[\"'])?[^>]*\?>")
_ASIDE = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_PLACEMARK = re.compile(r"<(?:[\w.-]+:)?Placemark[\s/>]")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?kml[\s>]")
_ELSEWHERE = msg("文件只读自身的内容；需要时另行索取所指的数据")


@dataclass(slots=True)
class _Walk:
    """Finds on the way through a document: placemarks with the folder they lie in, and what points elsewhere."""

    placemarks: list[tuple[Any, str]] = field(default_factory=list)
    elsewhere: list[Message] = field(default_factory=list)


def read_kml(path: Path, options: ReadingOptions) -> RawLayer:
    """Read the placemarks of a document. Raises UnreadableFile, AmbiguousLayer."""
    return layer_of_document(path.read_bytes(), path, options, "kml")


def count_placemarks(path: Path, raw: RawLayer) -> Declared:
    """Count the placemarks of a document. Raises CountsDiffer where not all were met."""
    return count_in(path.read_bytes(), path, raw)


def count_in(content: bytes, path: Path, raw: RawLayer) -> Declared:
    """Count the placemarks in the text of a document. Raises CountsDiffer where not all were met."""
    text = _ASIDE.sub("", decode(RawText(_as_utf8(content)), raw.encoding or UTF8)[0] or "")
    written = len(_PLACEMARK.findall(text))
    return all_met(written, raw, path)


def check_kml(path: Path) -> None:
    """The signature of KML: its root."""
    if not _ROOT.search(head_of(path).replace(b"\0", b"")):
        raise refused(path, "KML")


def layer_of_document(content: bytes, path: Path, options: ReadingOptions, name: str) -> RawLayer:
    """The placemarks of a document as a layer of the format ``name``. Raises UnreadableFile, AmbiguousLayer."""
    encoding, text = _text_of(content, path, options)
    walk = _walk(_parsed(text, path), path)
    folders = Counter(folder for _, folder in walk.placemarks)
    if options.layer is not None:
        choose_layer(sorted(folders), options.layer, path=path)
    chosen = [(mark, folder) for mark, folder in walk.placemarks if options.layer in (None, folder)]
    geometries, broken = [], {}
    for number, (mark, _) in enumerate(chosen):
        try:
            geometries.append(shape_of(mark))
        except ValueError as trouble:
            geometries.append(None)
            broken[number] = str(trouble)
    return RawLayer(
        format=name,
        layer=options.layer or path.stem,
        geometries=as_array(geometries),
        attributes=_table(chosen),
        encoding=encoding,
        declared=parse_crs(WGS84_CRS),
        implied=True,
        broken=broken,
        problems=tuple(_told(walk, folders, options)),
        met=len(walk.placemarks),
    )


def _text_of(content: bytes, path: Path, options: ReadingOptions) -> tuple[str, str]:
    raw = RawText(_as_utf8(content))
    declared = _DECLARATION.match(raw.content[:200].decode("latin-1"))
    claims = Claims(
        options.encoding, declared["encoding"] if declared else None, in_china=is_inside_china(options.metric_crs)
    )
    encoding = decide_encoding([] if content.isascii() else [raw], claims).name or UTF8
    text, _ = decode(raw, encoding)
    if text is None:
        raise UnreadableFile(
            msg("{name} 无法按 {encoding} 解码；请用 --encoding 指明编码", name=path.name, encoding=encoding)
        )
    return encoding, text


def _as_utf8(content: bytes) -> bytes:
    """The document without its mark; one in UTF-16 in UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").encode()
    return content.removeprefix(b"\xef\xbb\xbf")


def _parsed(text: str, path: Path) -> Any:
    try:
        return fromstring(_DECLARATION.sub("", text, count=1), forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableFile(
            msg("{name} 带有文档类型或实体声明，没有打开；请在原来的软件中重新导出 KML", name=path.name)
        ) from error
    except (ParseError, ValueError) as error:
        raise UnreadableFile(
            msg("{name} 不是完整的 KML（{error}）；请在原来的软件中重新导出", name=path.name, error=str(error))
        ) from error


def _walk(root: Any, path: Path) -> _Walk:
    if local(root) != "kml":
        raise refused(path, "KML")
    walk = _Walk()
    waiting: list[tuple[Any, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, folders = waiting.pop()
        if len(folders) > _DEEPEST:
            raise UnreadableFile(msg("{name} 的文件夹多于 {most} 层；请减少后重新导出", name=path.name, most=_DEEPEST))
        kind = local(element)
        if kind == "Placemark":
            walk.placemarks.append((element, "/".join(folders)))
        elif kind in _POINTS_ELSEWHERE:
            walk.elsewhere.append(
                msg("{kind}「{name}」指向 {href}", kind=kind, name=text_of(element, "name"), href=_link_of(element))
            )
        elif kind in _CONTAINERS:
            inside = (*folders, text_of(element, "name")) if kind == "Folder" else folders
            waiting.extend((child, inside) for child in reversed(element))
        elif kind in {"Create", "Update", "Change", "Delete", "NetworkLinkControl"}:
            walk.elsewhere.append(msg("{kind}「{name}」指向 {href}", kind=kind, name="", href=_link_of(element)))
    return walk


def _link_of(element: Any) -> str:
    found = (one.text for one in element.iter() if local(one) in {"href", "targetHref"} and one.text)
    return str(next(found, "")).strip()[:200]


def _told(walk: _Walk, folders: Counter[str], options: ReadingOptions) -> Iterator[Problem]:
    if len(folders) > 1 and options.layer is None:
        listed = [msg("{folder}（{n} 个）", folder=name or "/", n=count) for name, count in folders.items()]
        yield _note(
            msg("读取了全部文件夹：{folders}", folders=listed[: _SHOWN * 4]), msg("只要其中一个时用 --layer 指明")
        )
    if walk.elsewhere:
        yield _note(
            msg("有 {n} 处指向文件之外，没有读取：{links}", n=len(walk.elsewhere), links=walk.elsewhere[:_SHOWN]),
            _ELSEWHERE,
        )


def _note(problem: Message, advice: Message) -> Problem:
    return Problem(None, problem, None, advice)


def _table(marks: list[tuple[Any, str]]) -> pd.DataFrame:
    """The name, description and folder of each placemark, and its data under the names they have."""
    rows = [dict(_data_of(mark)) for mark, _ in marks]
    own = list(dict.fromkeys(name for row in rows for name in row))
    columns: dict[str, list[Any]] = {
        "name": [text_of(mark, "name") or None for mark, _ in marks],
        "description": [text_of(mark, "description") or None for mark, _ in marks],
        "folder": [folder or None for _, folder in marks],
    }
    kept = {name: cells for name, cells in columns.items() if any(cells)}
    names = unique_names([*kept, *own])
    cells = [*kept.values(), *([row.get(name) for row in rows] for name in own)]
    return pd.DataFrame(dict(zip(names, cells, strict=True)), index=range(len(marks)), dtype=object)


def _data_of(mark: Any) -> Iterator[tuple[str, str]]:
    for extended in (child for child in mark if local(child) == "ExtendedData"):
        for one in extended.iter():
            match local(one):
                case "SimpleData":
                    yield str(one.get("name", "")).strip(), str(one.text or "").strip()
                case "Data":
                    yield str(one.get("name", "")).strip(), text_of(one, "value")


FORMAT = Format("kml", (".kml",), read_kml, None, signature=check_kml, count=count_placemarks)
