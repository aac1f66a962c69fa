"""From a path to the one layer that is meant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.formats.archives import ArchiveMember
from gis_layers.exchange.formats.declared_counts import hold_against
from gis_layers.exchange.formats.foreign_files import strange_name
from gis_layers.exchange.formats.registry import choose_layer, format_of, known_formats
from gis_layers.exchange.formats.shapefile import without_index
from gis_layers.sandbox import is_confined
from risk_model.message import msg

_BESIDES = frozenset({".txt", ".json"})
"""Files that mostly explain the others; they are read where there is nothing else."""
_HOLD_DATA = frozenset({
    ".json", ".dbf", ".xls", ".xlsm", ".et", ".mdb", ".accdb", ".kml", ".kmz", ".dxf", ".dwg", ".tab", ".mif", ".e00", ".rar", ".7z",
    ".gz", ".geojsonl", ".ndjson",
})  # fmt: skip
"""What may hold features and cannot be read from within an archive, or is a table whose shapes are missing."""
_MOST_TOLD = 5
_TABLE_OF_GEODATABASE = ".gdbtable"
_MOST_LISTED = 12
_HOLD_SEVERAL = frozenset({".gpkg", ".gdb", ".xlsx", ".dxf", ".kml", ".kmz"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file as it is to be read."""

    path: Path
    options: ReadingOptions


def open_layer(path: Path, options: ReadingOptions) -> RawLayer:
    """Read the wanted layer of a file that is what its suffix says, and hold it against what the file declares.

    Raises UnreadableFile, CountsDiffer, AmbiguousLayer.

    Only a confined process does this: whoever reads a file that was handed in is wrapped by ``apart``.
    """
    assert is_confined(), "a file is read apart or not at all"
    known = format_of(path)
    assert known.signature
    assert known.read
    assert known.count
    try:
        known.signature(path)
        raw = known.read(path, options)
        return _telling(hold_against(known.count(path, raw), raw, path), options.left_out)
    except OSError as error:
        raise UnreadableFile(
            msg("{name} 无法打开（{reason}）；请检查是否有权读取", name=path.name, reason=error.strerror)
        ) from error


def _telling(raw: RawLayer, left_out: tuple[str, ...]) -> RawLayer:
    if not left_out:
        return raw
    told = Problem(
        None,
        msg("压缩包里还有 {n} 个文件没有读取：{names}", n=len(left_out), names=[*left_out[:_MOST_TOLD]]),
        None,
        msg("其中有要导入的数据时，请解压后另行提交"),
    )
    return replace(raw, problems=(told, *raw.problems))


def choose_member(path: Path, members: list[ArchiveMember], options: ReadingOptions) -> Chosen:
    """The layer that is meant in the archive ``path``, unpacked. Raises UnreadableFile, AmbiguousLayer."""
    layers = _layers_of(members, _layer_suffixes()) or _layers_of(members, _BESIDES)
    if not layers:
        raise _without_layers(path, members)
    options = replace(options, left_out=_left_out(members, layers))
    if len(layers) == 1 and _HOLD_SEVERAL.issuperset(layer.suffix for layer in layers.values()):
        (only,) = layers.values()
        return Chosen(only, options)
    name = choose_layer(sorted(layers), options.layer, path=path)
    _refuse_partial(layers[name], members)
    return Chosen(layers[name], replace(options, layer=None))


def _refuse_partial(layer: Path, members: list[ArchiveMember]) -> None:
    """Raises UnreadableFile for a shapefile that was packed without its index, under the names its parts came with."""
    together = [member for member in members if member.path.stem == layer.stem]
    if layer.suffix == ".shp" and not any(member.path.suffix == ".shx" for member in together):
        own = next(member.name for member in together if member.path == layer)
        raise without_index(own, [member.name for member in together])


def _without_layers(path: Path, members: list[ArchiveMember]) -> UnreadableFile:
    names = [member.name for member in members]
    listed = [*names[:_MOST_LISTED], *(["…"] if len(names) > _MOST_LISTED else [])] or msg("（没有文件）")
    if any(PurePosixPath(name).suffix.lower() == _TABLE_OF_GEODATABASE for name in names):
        advice = msg("里面是 File Geodatabase 的零散文件，缺少外面的 .gdb 文件夹；把整个 .gdb 文件夹一起压缩后提交")
    else:
        strange = next((kind for name in names if (kind := strange_name(name))), None)
        advice = strange.advice if strange else msg("把 .shp .shx .dbf .prj 一起压缩，或提交 .gpkg")
    return UnreadableFile(
        msg("{name} 里没有可读的图层；{advice}；里面有：{members}", name=path.name, advice=advice, members=listed)
    )


def _left_out(members: list[ArchiveMember], layers: dict[str, Path]) -> tuple[str, ...]:
    """The names of members that hold data and belong to no layer of the archive: they are not to vanish unsaid."""
    stems = {path.with_suffix("") for path in layers.values()}
    return tuple(
        member.name
        for member in members
        if member.path.suffix in _HOLD_DATA and member.path.with_suffix("") not in stems
    )


def _layers_of(members: list[ArchiveMember], suffixes: frozenset[str]) -> dict[str, Path]:
    """The layers of an archive by the names their files (or geodatabase folders) have in it.

    Layers whose files share a stem are told apart by their folders and suffixes; none takes the place of another.
    """
    whole: dict[PurePosixPath, Path] = {}
    for member in members:
        name = PurePosixPath(member.name.replace("\\", "/"))
        if member.path.parent.suffix == ".gdb":
            whole[next(folder for folder in name.parents if folder.suffix.lower() == ".gdb")] = member.path.parent
        elif member.path.suffix in suffixes:
            whole[name] = member.path
    stems = Counter(name.stem for name in whole)
    return {name.stem if stems[name.stem] == 1 else str(name): path for name, path in whole.items()}


def _layer_suffixes() -> frozenset[str]:
    return frozenset(end for known in known_formats() if known.read for end in known.suffixes) - _BESIDES
