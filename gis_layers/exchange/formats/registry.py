"""The formats that are spoken, found by looking in this folder: a module that holds a FORMAT is one."""

from __future__ import annotations

import pkgutil
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path, PurePath, PureWindowsPath
from typing import Final

import geopandas as gpd

from gis_layers.errors import AmbiguousLayer, UnreadableFile, UnwritableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.provenance import Provenance
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.formats.declared_counts import Counter
from gis_layers.exchange.formats.foreign_files import (
    BY_SUFFIX,
    advice_on,
    is_left_behind,
    strange_content,
    strange_name,
)
from gis_layers.exchange.formats.signatures import Signature
from risk_model.message import msg

_NO_FILE = frozenset({".gdb", ".shp"})
"""A folder, and a file that is nothing without those beside it: both are handed in as archives."""

Reader = Callable[[Path, ReadingOptions], RawLayer]


@dataclass(frozen=True, slots=True)
class WritingOptions:
    """Options for writing a layer: the name it gets inside the file, the encoding of its text, what it rests on."""

    layer_name: str
    encoding: str | None = None
    provenance: Provenance = field(default_factory=dict)


Writer = Callable[[gpd.GeoDataFrame, Path, WritingOptions], tuple[str, ...]]
"""Writes a frame whose CRS is final to a path that does not exist yet; returns notes for the officer."""


def alone(path: Path) -> tuple[Path, ...]:
    """The parts of a format that is one file or folder."""
    return (path,)


@dataclass(frozen=True, slots=True)
class Format:
    """One exchange format: its name in reports, its suffixes, and how it is read and written (None: it is not).

    A format that is read says how it is recognised (``signature``), which GDAL drivers may open it (none: GDAL has no
    part in it), which files beside the one that is named belong to it (``parts``), and how what it declares is counted by
    other means than those it is read with (``count``).
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader | None = None
    write: Writer | None = None
    signature: Signature | None = None
    drivers: tuple[str, ...] = ()
    parts: Callable[[Path], tuple[Path, ...]] = alone
    count: Counter | None = None

    def __post_init__(self) -> None:
        if self.read and not self.signature:
            raise ValueError(f"{self.name} is read and has no signature")
        if self.read and not self.count:
            raise ValueError(f"{self.name} is read and nothing counts what it declares")


@lru_cache(maxsize=1)
def known_formats() -> tuple[Format, ...]:
    """Every format in this folder, by name."""
    package = __name__.rpartition(".")[0]
    folder = [str(Path(__file__).parent)]
    modules = [import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(folder)]
    return tuple(module.FORMAT for module in modules if isinstance(getattr(module, "FORMAT", None), Format))


def format_of(path: Path) -> Format:
    """The format of a file of this suffix, which can be read. Raises UnreadableFile with what it is and what to do."""
    if is_left_behind(path.name) and (lock := strange_name(path.name)):
        raise UnreadableFile(advice_on(path.name, lock))
    suffix = path.suffix.lower()
    for known in known_formats():
        if suffix in known.suffixes and known.read:
            return known
    strange = strange_name(path.name) or strange_content(path)
    if strange is not None:
        raise UnreadableFile(advice_on(path.name, strange))
    raise UnreadableFile(
        msg(
            "{name} 不是能读取的格式；请提交 {suffixes}，或把它们压缩为 .zip",
            name=path.name,
            suffixes=" ".join(readable_suffixes()),
        )
    )


def readable_suffixes() -> tuple[str, ...]:
    """The suffixes of all formats that are read, archives of them not among them."""
    return tuple(sorted(end for known in known_formats() if known.read for end in known.suffixes))


def accepted_suffixes() -> tuple[str, ...]:
    """Suffixes a page lets a person choose: every one that is read and is one file, and archives."""
    return (*(end for end in readable_suffixes() if end not in _NO_FILE), ".zip")


LONGEST_STEM: Final = 40
SIGNS_IN_NAMES: Final = " -_()（）【】、，"
"""What a file may be called with beside letters and digits."""


def suffix_of(name: str) -> str:
    """The suffix of a file name somebody sent, where it is one that means something here, else none.

    The rest of the name means nothing.
    """
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in {*readable_suffixes(), ".zip", *BY_SUFFIX} else ""


def name_of(given: str, otherwise: str) -> str:
    """Name of a file somebody sent, so that messages name it as its sender does.

    Letters, digits and a few signs are kept, the rest becomes ``_``, a dot too, so that the suffix is what ``suffix_of``
    tells and nothing else; no more than ``LONGEST_STEM`` letters. ``otherwise`` where nothing is left.
    """
    suffix, last = suffix_of(given), PureWindowsPath(unicodedata.normalize("NFC", given)).name
    stem = last[: -len(suffix)] if suffix else last
    plain = "".join(sign if sign.isalnum() or sign in SIGNS_IN_NAMES else "_" for sign in stem)
    return (plain.strip("_ ")[:LONGEST_STEM].strip() or otherwise) + suffix


def writer_of(path: Path) -> Writer:
    """Writer of a file of this suffix. Raises UnwritableFile."""
    suffix = path.suffix.lower()
    for known in known_formats():
        if suffix in known.suffixes and known.write:
            return known.write
    writable = sorted(end for known in known_formats() if known.write for end in known.suffixes)
    raise UnwritableFile(
        msg("{name} 无法写出；文件名应以其中之一结尾：{writable}", name=path.name, writable=[*writable])
    )


def choose_layer(names: list[str], wanted: str | None, *, path: Path) -> str:
    """The wanted layer, or the only one. Raises AmbiguousLayer with the names there are."""
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    listed = ", ".join(names) or msg("（没有图层）")
    if wanted:
        told = msg(
            "{name} 里没有图层「{wanted}」；请指明其中一个（命令行用 --layer）：{layers}",
            name=path.name,
            wanted=wanted,
            layers=listed,
        )
    else:
        told = msg(
            "{name} 里有 {n} 个图层；请指明其中一个（命令行用 --layer）：{layers}",
            name=path.name,
            n=len(names),
            layers=listed,
        )
    raise AmbiguousLayer(told, tuple(names))
