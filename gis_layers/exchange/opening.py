"""From a path to the one layer that is meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.formats import choose_layer, known_formats, reader_of
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer
from gis_layers.exchange.zipped import Member, unpacked

_BESIDES = frozenset({".txt", ".json", ".xml"})


def open_layer(path: Path, options: ReadingOptions) -> RawLayer:
    """Read the wanted layer of a file or of an archive of files. Raises UnreadableFile, AmbiguousLayer."""
    if not path.exists():
        raise UnreadableFile(f"there is no file {path}; check the path")
    if path.suffix.lower() != ".zip":
        return reader_of(path)(path, options)
    with unpacked(path) as members:
        return _read_member(path, members, options)


def _read_member(path: Path, members: list[Member], options: ReadingOptions) -> RawLayer:
    layers = {_stem(member): member for member in members if member.path.suffix in _layer_suffixes()}
    if not layers:
        raise UnreadableFile(f"{path.name} holds no layer; pack the .shp with its .shx .dbf .prj, or hand in a .gpkg")
    if len(layers) == 1:
        name, member = next(iter(layers.items()))
        within = replace(options, layer=None if options.layer == name else options.layer)
        if member.path.suffix in (".shp", ".geojson", ".csv"):
            choose_layer([name], options.layer, path=path)
            within = replace(options, layer=None)
    else:
        name = choose_layer(sorted(layers), options.layer, path=path)
        within = replace(options, layer=None)
    raw = reader_of(layers[name].path)(layers[name].path, within)
    return replace(raw, layer=name if raw.layer == layers[name].path.stem else raw.layer)


def _layer_suffixes() -> frozenset[str]:
    return frozenset(end for known in known_formats() if known.read for end in known.suffixes) - _BESIDES


def _stem(member: Member) -> str:
    return PurePosixPath(member.name.replace("\\", "/")).stem
