"""From a path to the one layer that is meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.formats import choose_layer, known_formats, reader_of
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer
from gis_layers.exchange.zipped import Member, unpacked

_BESIDES = frozenset({".txt", ".json"})
_HOLD_SEVERAL = frozenset({".gpkg", ".gdb", ".xlsx"})


def open_layer(path: Path, options: ReadingOptions) -> RawLayer:
    """Read the wanted layer of a file or of an archive of files. Raises UnreadableFile, AmbiguousLayer."""
    if not path.exists():
        raise UnreadableFile(f"there is no file {path}; check the path")
    if path.suffix.lower() != ".zip":
        return reader_of(path)(path, options)
    with unpacked(path) as members:
        return _read_member(path, members, options)


def _read_member(path: Path, members: list[Member], options: ReadingOptions) -> RawLayer:
    layers = _layers_of(members)
    if not layers:
        raise UnreadableFile(f"{path.name} holds no layer; pack the .shp with its .shx .dbf .prj, or hand in a .gpkg")
    if len(layers) == 1 and _HOLD_SEVERAL.issuperset(layer.suffix for layer in layers.values()):
        (only,) = layers.values()
        return reader_of(only)(only, options)
    name = choose_layer(sorted(layers), options.layer, path=path)
    return replace(reader_of(layers[name])(layers[name], replace(options, layer=None)), layer=name)


def _layers_of(members: list[Member]) -> dict[str, Path]:
    """The layers of an archive by the names their files (or geodatabase folders) have in it."""
    layers: dict[str, Path] = {}
    for member in members:
        whole = PurePosixPath(member.name.replace("\\", "/"))
        if member.path.parent.suffix == ".gdb":
            layers[next(folder.stem for folder in whole.parents if folder.suffix.lower() == ".gdb")] = (
                member.path.parent
            )
        elif member.path.suffix in _layer_suffixes():
            layers[whole.stem] = member.path
    return layers


def _layer_suffixes() -> frozenset[str]:
    return frozenset(end for known in known_formats() if known.read for end in known.suffixes) - _BESIDES
