"""The border of a reader: over it comes what was read, or trouble that is named; no exception of a library."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from gis_layers.disk import says_disk_is_full
from gis_layers.errors import GisError, ReaderFailed
from gis_layers.plain_text import has_unstorable
from risk_model.errors import RiskModelError
from risk_model.message import Message, msg

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


@contextmanager
def border(path: Path) -> Iterator[None]:
    """Let trouble that has a name pass, and memory that ran out; anything else becomes ReaderFailed, naming its place."""
    try:
        yield
    except GisError as trouble:
        if has_unstorable(str(trouble)):  # a library quotes the file, and nothing can keep what it quotes
            raise type(trouble)(_legible(trouble.args[0])) from trouble
        raise
    except (RiskModelError, MemoryError):
        raise
    except Exception as trouble:
        if says_disk_is_full(trouble):
            raise
        failed = ReaderFailed(
            msg(
                "读取 {name} 时出错（{kind}，{place}），什么也没有导入；请在原来的软件中打开并另存后重试，仍出错时把文件交给系统维护人员",
                name=path.name,
                kind=type(trouble).__name__,
                place=_place_of(trouble),
            )
        )
        failed.add_note("\n".join(_steps_to(trouble)))
        _write_down(failed)
        raise failed from trouble


@contextmanager
def logged() -> Iterator[None]:
    """Write down where a reader failed in a confined process, whose own log nobody reads."""
    try:
        yield
    except ReaderFailed as failed:
        _write_down(failed)
        raise


def guarded(read: Callable[Concatenate[Path, P], T]) -> Callable[Concatenate[Path, P], T]:
    """Have ``read``, which goes on with what came out of a confined process, end at a border of its own."""

    @wraps(read)
    def read_guarded(path: Path, *args: P.args, **kwargs: P.kwargs) -> T:
        with border(path):
            return read(path, *args, **kwargs)

    return cast("Callable[Concatenate[Path, P], T]", read_guarded)


def _legible(value: Any) -> Any:
    """A message with a sign of replacement for what is NUL or half a character."""
    if isinstance(value, Message):
        return Message(value.template, {name: _legible(part) for name, part in value.values.items()})
    if not isinstance(value, str):
        return value
    return value.encode(errors="replace").decode().replace("\0", "?")


def _write_down(failed: ReaderFailed) -> None:
    """Log a failure without what the library said of the file: it may quote it."""
    _log.error("a reader failed: %s", "\n".join(failed.__notes__))


def _place_of(trouble: Exception) -> str:
    """The innermost line of our own programs."""
    own = [step for step in traceback.extract_tb(trouble.__traceback__) if "site-packages" not in step.filename]
    step = own[-1]
    return f"{Path(step.filename).stem}.{step.name}:{step.lineno}"


def _steps_to(trouble: BaseException) -> list[str]:
    steps = traceback.extract_tb(trouble.__traceback__)
    return [type(trouble).__name__, *(f"  {step.filename}:{step.lineno} {step.name}" for step in steps)]
