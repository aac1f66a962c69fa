"""From a path to the one layer that is meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.counting import hold_against
from gis_layers.exchange.formats import choose_layer, format_of, known_formats
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer
from gis_layers.exchange.strange_files import strange_name
from gis_layers.exchange.zipped import Member
from gis_layers.sandbox import is_confined
from risk_model.said import said

_BESIDES = frozenset({".txt", ".json"})
_TABLE_OF_GEODATABASE = ".gdbtable"
_MOST_LISTED = 12
_HOLD_SEVERAL = frozenset({".gpkg", ".gdb", ".xlsx"})


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
        return hold_against(known.count(path, raw), raw, path)
    except OSError as error:
        raise UnreadableFile(f"{path.name} cannot be opened ({error.strerror}); check that you may read it") from error


def choose_member(path: Path, members: list[Member], options: ReadingOptions) -> Chosen:
    """The layer that is meant in the archive ``path``, unpacked. Raises UnreadableFile, AmbiguousLayer."""
    layers = _layers_of(members, _layer_suffixes()) or _layers_of(members, _BESIDES)
    if not layers:
        raise _without_layers(path, members)
    if len(layers) == 1 and _HOLD_SEVERAL.issuperset(layer.suffix for layer in layers.values()):
        (only,) = layers.values()
        return Chosen(only, options)
    name = choose_layer(sorted(layers), options.layer, path=path)
    return Chosen(layers[name], replace(options, layer=None))


def _without_layers(path: Path, members: list[Member]) -> UnreadableFile:
    names = [member.name for member in members]
    listed = [*names[:_MOST_LISTED], *(["…"] if len(names) > _MOST_LISTED else [])] or said("（没有文件）")
    if any(PurePosixPath(name).suffix.lower() == _TABLE_OF_GEODATABASE for name in names):
        advice = said("里面是 File Geodatabase 的零散文件，缺少外面的 .gdb 文件夹；把整个 .gdb 文件夹一起压缩后提交")
    else:
        strange = next((kind for name in names if (kind := strange_name(name))), None)
        advice = strange.advice if strange else said("把 .shp .shx .dbf .prj 一起压缩，或提交 .gpkg")
    return UnreadableFile(
        said("{name} 里没有可读的图层；{advice}；里面有：{members}", name=path.name, advice=advice, members=listed)
    )


def _layers_of(members: list[Member], suffixes: frozenset[str]) -> dict[str, Path]:
    """The layers of an archive by the names their files (or geodatabase folders) have in it."""
    layers: dict[str, Path] = {}
    for member in members:
        whole = PurePosixPath(member.name.replace("\\", "/"))
        if member.path.parent.suffix == ".gdb":
            layers[next(folder.stem for folder in whole.parents if folder.suffix.lower() == ".gdb")] = (
                member.path.parent
            )
        elif member.path.suffix in suffixes:
            layers[whole.stem] = member.path
    return layers


def _layer_suffixes() -> frozenset[str]:
    return frozenset(end for known in known_formats() if known.read for end in known.suffixes) - _BESIDES
