"""The marks a file carries: how secret it is by what was told beside it, by its names, by what stands in it.

Every part of a file is looked at, also those that are not the layer to be imported, in a confined process. What cannot be
opened is searched byte by byte instead: whether it can be read is for its reader to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.handover import Handover
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.formats.archives import ArchiveMember, unpacked
from gis_layers.exchange.formats.registry import Format, known_formats
from gis_layers.exchange.secrecy.marked_parts import Looked, look_into, search_texts
from gis_layers.exchange.secrecy.marking import Mark, handover_of_texts
from gis_layers.exchange.secrecy.secrecy_words import level_in_name
from gis_layers.sandbox import reading_with, run_confined
from risk_model.message import msg

TEXTS = frozenset({".xml", ".txt", ".htm", ".html", ".qmd", ".qml", ".md", ".rtf", ".prj", ".aux"})
"""What tells of a layer without being one of it."""


@dataclass(frozen=True, slots=True)
class Marks:
    """All that a file says of itself: its most secret mark (None: none), and its handing over as far as it was told."""

    worst: Mark | None = None
    handover: Handover = field(default_factory=Handover)


def read_marks(path: Path, options: ReadingOptions, name: str | None = None) -> Marks:
    """The marks of a file, which its sender called ``name`` where that is not what it is called here.

    Raises ConfinedTrouble where looking takes more than the door allows.
    """
    looked = [Looked(marks_outside(options, name or path.name)), *(_inside(path, options) if path.exists() else [])]
    marks = [mark for each in looked for mark in each.marks]
    worst = max(marks, key=lambda mark: mark.secrecy.rank, default=None)
    told = handover_of_texts([each.told for each in looked])
    return Marks(worst, replace(options.handover.completed(told), secrecy=worst.secrecy if worst else None))


def marks_outside(options: ReadingOptions, name: str) -> list[Mark]:
    """The marks a file has before it is opened: what was told of it, and its name."""
    return [*_told(options.handover), *_named([name])]


def _told(handover: Handover) -> list[Mark]:
    return [Mark(handover.secrecy, "option", msg("交接时注明"))] if handover.secrecy else []


def _named(names: Iterable[str]) -> list[Mark]:
    levels = [level_in_name(name) for name in names]
    return [Mark(level, "name", msg("文件名")) for level in levels if level]


def _inside(path: Path, options: ReadingOptions) -> list[Looked]:
    if path.suffix.lower() != ".zip":
        whole = path.absolute()
        return [_look(whole, whole.name, options), _search(_beside(whole), options)]
    try:
        return _inside_archive(path.absolute(), options)
    except UnreadableFile:
        return []  # nobody who reads it gets further than this, and says why


def _inside_archive(path: Path, options: ReadingOptions) -> list[Looked]:
    with unpacked(path, limits=options.limits, cancelled=options.cancelled) as members:
        names = Looked(_named(member.name for member in members))
        layers = {_whole(member): _true_stem(member) for member in members if _format_of(_whole(member))}
        drawn = any(not _tells(layer) for layer in layers)
        parts = [_look(layer, name, options) for layer, name in layers.items()]
        texts = [member.path for member in members if _tells(member.path) and (drawn or member.path not in layers)]
        return [names, *parts, _search(texts, options)]


def _look(path: Path, name: str, options: ReadingOptions) -> Looked:
    known = _format_of(path)
    drivers = known.drivers if known else ()
    parts = known.parts(path) if known else (path,)
    return run_confined(
        look_into, path, name, options.limits,
        limits=options.limits.of_process(), profile=reading_with(*drivers), readable=parts, cancelled=options.cancelled,
    )  # fmt: skip


def _search(texts: list[Path], options: ReadingOptions) -> Looked:
    if not texts:
        return Looked([])
    limits = options.limits.of_process()
    return run_confined(search_texts, texts, limits=limits, readable=texts, cancelled=options.cancelled)


def _beside(path: Path) -> list[Path]:
    """The texts that tell of a file: of its own name or its stem, with an ending of texts."""
    if path.is_dir():
        return []
    there = [part for part in path.parent.iterdir() if part != path and part.is_file() and not part.is_symlink()]
    begins = (f"{path.stem}.".lower(), f"{path.name}.".lower())
    return sorted(part for part in there if part.name.lower().startswith(begins) and _tells(part))


def _tells(path: Path) -> bool:
    return path.suffix.lower() in TEXTS


def _whole(member: ArchiveMember) -> Path:
    """The layer a file of an archive belongs to: itself, or the geodatabase it lies in."""
    return member.path.parent if member.path.parent.suffix == ".gdb" else member.path


def _true_stem(member: ArchiveMember) -> str:
    return PurePosixPath(member.name.replace("\\", "/")).name


def _format_of(path: Path) -> Format | None:
    suffix = path.suffix.lower()
    return next((known for known in known_formats() if known.read and suffix in known.suffixes), None)
