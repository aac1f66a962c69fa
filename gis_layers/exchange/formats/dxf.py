"""DXF drawings: closed outlines and what else has a shape, by layer; what they refer to elsewhere is named and not read."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gis_layers.crs import is_inside_china
from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.formats.declared_counts import Declared, all_met
from gis_layers.exchange.formats.registry import Format, choose_layer
from gis_layers.exchange.formats.signatures import head_of, refused
from gis_layers.exchange.text.text_encoding import UTF8, Claims, RawText, decide_encoding, decode_leaving_traces
from risk_model.message import msg
from risk_model.shapes import as_array

if TYPE_CHECKING:
    from gis_layers.exchange.formats.drawings.shapes import Drawn

_BINARY: Final = b"AutoCAD Binary DXF\r\n\x1a\0"
_BEGINS = re.compile(rb"\s*(?:999[^\S\n]*\r?\n[^\n]*\n\s*)*0[^\S\n]*\r?\n\s*SECTION")
_CODE_PAGES: Final = {"ANSI_936": "GBK", "GB2312": "GBK", "ANSI_950": "BIG5", "UTF-8": "UTF-8"}
_UTF8_SINCE: Final = "AC1021"
_SHOWN: Final = 12
_METRES: Final = (0, 6)
_UNITS: Final = {1: msg("英寸"), 2: msg("英尺"), 4: msg("毫米"), 5: msg("厘米"), 7: msg("千米")}
_NEVER_PRINTED: Final = "defpoints"
_PARTS_OF_OTHERS: Final = frozenset({"VERTEX", "SEQEND", "ATTRIB"})


def read_dxf(path: Path, options: ReadingOptions) -> RawLayer:
    """Read what has a shape on one layer of the model space, arcs as lines that keep within half a millimetre of them.

    A drawing declares no coordinate system. Raises UnreadableFile, AmbiguousLayer.
    """
    from gis_layers.exchange.formats.drawings.shapes import shapes_of  # noqa: PLC0415 - only whoever reads a drawing pays for its library

    encoding, drawing = _open(path, options)
    drawn, unread = shapes_of(drawing, options.limits.cells)
    layer, told = _choose(drawn, drawing, path, options)
    kept = [one for one in drawn if one.layer == layer]
    broken = {number: one.trouble for number, one in enumerate(kept) if one.trouble}
    return RawLayer(
        format="dxf",
        layer=layer,
        geometries=as_array([one.shape for one in kept]),
        attributes=_table(kept),
        encoding=encoding,
        broken={number: str(why) for number, why in broken.items()},
        problems=(*told, *_unread(unread), *_elsewhere(drawing), *_unit(drawing)),
        met=len(drawing.modelspace()),
    )


def count_entities(path: Path, raw: RawLayer) -> Declared:
    """Count the entities of the model space by the codes of the file. Raises CountsDiffer where not all were met."""
    content = path.read_bytes()
    written = _count(_binary_codes(content) if content.startswith(_BINARY) else _codes(content))
    return all_met(written, raw, path)


def check_dxf(path: Path) -> None:
    """The signature of DXF: its first section, or the mark of its binary form."""
    head = head_of(path)
    if not head.startswith(_BINARY) and not _BEGINS.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise refused(path, "DXF")


def _open(path: Path, options: ReadingOptions) -> tuple[str, Any]:
    import ezdxf  # noqa: PLC0415

    content = path.read_bytes()
    try:
        if content.startswith(_BINARY):
            return UTF8, ezdxf.readfile(path)  # type: ignore[attr-defined]
        encoding, text = _text_of(content, options)
        return encoding, ezdxf.read(io.StringIO(text, newline=None))  # type: ignore[attr-defined]
    except (ezdxf.DXFError, ValueError, KeyError, IndexError, AttributeError, TypeError, OSError) as error:  # type: ignore[attr-defined]
        raise UnreadableFile(
            msg(
                "{name} 不是完整的 DXF（{error}）；请在 CAD 中另存为 DXF 后提交", name=path.name, error=str(error)[:200]
            )
        ) from error


def _text_of(content: bytes, options: ReadingOptions) -> tuple[str, str]:
    content = content.removeprefix(b"\xef\xbb\xbf")
    lines = {RawText(line) for line in content.splitlines() if not line.isascii()}
    head = content[:20_000].decode("latin-1")
    version = re.search(r"\$ACADVER\s+1\s+(\w+)", head)
    page = re.search(r"\$DWGCODEPAGE\s+3\s+([\w-]+)", head)
    declared = UTF8 if version and version[1] >= _UTF8_SINCE else _CODE_PAGES.get(page[1].upper()) if page else None
    claims = Claims(options.encoding, declared, in_china=is_inside_china(options.metric_crs))
    encoding = decide_encoding(lines, claims).name
    if encoding is None:
        raise UnreadableFile(msg("图纸里的文字既不是 UTF-8 也不是 GB18030；请用 --encoding 指明编码"))
    return encoding, decode_leaving_traces(content, encoding)


def _choose(drawn: list[Drawn], drawing: Any, path: Path, options: ReadingOptions) -> tuple[str, list[Problem]]:
    """The layer that is meant, and what is to be told of the others: those that are off or frozen are none to choose."""
    counted = Counter(one.layer for one in drawn)
    hidden = {name for name in counted if _is_hidden(drawing, name)}
    names = [name for name in counted if name not in hidden] or list(counted)
    if not counted:
        return options.layer or path.stem, []
    wanted = next((name for name in counted if name == options.layer), options.layer)
    layer = wanted if wanted in hidden else choose_layer(sorted(names), wanted, path=path)
    others = [msg("{layer}（{n} 个）", layer=name, n=count) for name, count in counted.items() if name != layer]
    if not others:
        return str(layer), []
    problem = msg("读取了图层「{layer}」；另有图层没有读取：{others}", layer=layer, others=others[: 2 * _SHOWN])
    return str(layer), [Problem(None, problem, None, msg("要读取别的图层时用 --layer 指明"))]


def _is_hidden(drawing: Any, name: str) -> bool:
    if name.lower() == _NEVER_PRINTED:
        return True
    if name not in drawing.layers:
        return False
    layer = drawing.layers.get(name)
    return bool(layer.is_off() or layer.is_frozen())


def _unread(kinds: Counter[str]) -> Iterator[Problem]:
    if kinds:
        listed = [f"{kind} {count}" for kind, count in kinds.most_common(_SHOWN)]
        yield Problem(
            None,
            msg("没有读取的图元：{kinds}", kinds=listed),
            None,
            msg("文字、标注、图片等没有范围；属性请另附表格"),
        )


def _elsewhere(drawing: Any) -> Iterator[Problem]:
    """References to other drawings, which are named and not opened."""
    names = [
        f"{block.name} → {block.block.dxf.get('xref_path', '')}"
        for block in drawing.blocks
        if block.block is not None and (block.block.is_xref or block.block.is_xref_overlay)
    ]
    if names:
        yield Problem(
            None,
            msg("引用了别的图纸，没有读取：{names}", names=names[:_SHOWN]),
            None,
            msg("在 CAD 中把外部参照绑定（BIND）后另存为 DXF，或单独提交所引用的图纸"),
        )


def _unit(drawing: Any) -> Iterator[Problem]:
    unit = int(drawing.header.get("$INSUNITS", 0))
    if unit not in _METRES:
        yield Problem(
            None,
            msg("图纸声明的单位是{unit}，坐标值没有换算", unit=_UNITS.get(unit, str(unit))),
            None,
            msg("核对坐标值是否以米计；不是时在 CAD 中缩放到米后另存"),
        )


def _table(drawn: list[Drawn]) -> pd.DataFrame:
    columns = {
        "layer": [one.layer for one in drawn],
        "block": [one.block for one in drawn],
        "entity": [one.entity for one in drawn],
    }
    return pd.DataFrame(columns, index=range(len(drawn)), dtype=object)


def _codes(content: bytes) -> Iterator[tuple[str, str]]:
    lines = re.split(r"\r\n|\r|\n", content.removeprefix(b"\xef\xbb\xbf").decode("latin-1"))
    return ((code.strip(), value.strip()) for code, value in zip(lines[::2], lines[1::2], strict=False))


def _binary_codes(content: bytes) -> Iterator[tuple[str, str]]:
    from ezdxf.lldxf.tagger import binary_tags_loader  # noqa: PLC0415

    return ((str(tag.code), str(tag.value)) for tag in binary_tags_loader(content))


def _count(codes: Iterator[tuple[str, str]]) -> int:
    """The entities of the section ENTITIES that stand in the model space and are not parts of others."""
    count, inside, kind, in_model = 0, False, "", True
    for code, value in codes:
        if code == "0":
            count += inside and in_model and bool(kind) and kind not in _PARTS_OF_OTHERS
            inside = inside and value != "ENDSEC"
            kind, in_model = (value if inside else ""), True
        elif code == "2" and value == "ENTITIES" and not inside:
            inside, kind = True, ""
        elif code == "67" and value == "1":
            in_model = False
    return count


FORMAT = Format("dxf", (".dxf",), read_dxf, None, signature=check_dxf, count=count_entities)
