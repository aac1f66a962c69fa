"""Reading apart: every file that is handed in is read in a confined process, by the one driver of its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from gis_layers.errors import ConfinedBusy, ConfinedCancelled, ConfinedTrouble, UnreadableFile
from gis_layers.exchange.delivery.border import border, logged
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.formats.archives import unpacked
from gis_layers.exchange.formats.layer_choice import Chosen, choose_member
from gis_layers.exchange.formats.registry import format_of
from gis_layers.sandbox import is_confined, reading_with, run_confined
from risk_model.message import msg

P = ParamSpec("P")
T = TypeVar("T")


def apart(read: Callable[Concatenate[Path, ReadingOptions, P], T]) -> Callable[Concatenate[Path, ReadingOptions, P], T]:
    """Have ``read`` run where nothing but the file it reads can be reached, within the limits of the door.

    Raises UnreadableFile for what is no file, ConfinedTimeout, ConfinedMemory and ConfinedDied naming the file, what
    ``read`` raises by a name of ours, and for anything else ReaderFailed, which is logged.
    """

    @wraps(read)
    def read_apart(path: Path, options: ReadingOptions, *args: P.args, **kwargs: P.kwargs) -> T:
        if is_confined():
            return read(path, options, *args, **kwargs)
        with _named(path), logged(), _at_hand(path, options) as chosen:
            known = format_of(chosen.path)
            found: T = run_confined(
                _read_here, (read.__module__, read.__qualname__), chosen.path, _packed(chosen.options), args, kwargs,
                limits=options.limits.of_process(), profile=reading_with(*known.drivers),
                readable=known.parts(chosen.path), cancelled=options.cancelled,
            )  # fmt: skip
            return found

    return cast("Callable[Concatenate[Path, ReadingOptions, P], T]", read_apart)


def _read_here(
    name: tuple[str, str], path: Path, options: ReadingOptions, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Work of the confined process. Its function is named, for by its name the module knows the one that calls us."""
    with border(path):
        return getattr(import_module(name[0]), name[1])(path, options, *args, **kwargs)


@contextmanager
def _at_hand(path: Path, options: ReadingOptions) -> Iterator[Chosen]:
    """The file itself, or the one layer that is meant out of an archive, unpacked for as long as the block runs."""
    _check_place(path)
    if path.suffix.lower() != ".zip":
        yield Chosen(path.absolute(), options)
        return
    with unpacked(path.absolute(), limits=options.limits, cancelled=options.cancelled) as members:
        yield choose_member(path, members, options)


def _check_place(path: Path) -> None:
    """Only a file or a folder of this machine is read: no pipe, no device, no address, no file system of GDAL's own."""
    if not path.exists():
        raise UnreadableFile(msg("没有文件 {path}；请核对路径", path=path))
    if not path.is_file() and not (path.is_dir() and path.suffix.lower() == ".gdb"):
        raise UnreadableFile(msg("{name} 不是文件；请给出一个文件，或名为 .gdb 的文件夹", name=path.name))


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Trouble of the process becomes trouble with the file."""
    try:
        yield
    except (ConfinedBusy, ConfinedCancelled):
        raise
    except ConfinedTrouble as trouble:
        raise type(trouble)(msg("读取 {name}：{trouble}", name=path.name, trouble=trouble)) from trouble


def _packed(options: ReadingOptions) -> ReadingOptions:
    return replace(options, cancelled=None, fields=dict(options.fields))
