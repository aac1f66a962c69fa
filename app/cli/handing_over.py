"""Files taken in at the console: the options that tell who handed one over, and a transaction that tells what was refused."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.console import author, deployed
from app.intake.handover import handover_of
from app.intake.receipts import StateSecretRefused, tell_error
from app.platform.errors import AnzhiError
from app.platform.work import Work
from gis_layers.errors import GisError
from gis_layers.stores.refusals import refusals_named

OPTIONS: dict[str, Any] = {
    "provider": Annotated[str | None, typer.Option(help="unit that provided the file (提供单位)")],
    "document_number": Annotated[str | None, typer.Option(help="number of the document it came with (文号)")],
    "handed_over_by": Annotated[str | None, typer.Option(help="who handed it over (交接人)")],
    "received_on": Annotated[
        datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day it was received; default today")
    ],
    "classification": Annotated[
        str | None,
        typer.Option(help="密级: 公开 内部 秘密 机密 绝密, or public internal confidential secret top_secret"),
    ],
}


def told_of(command: Callable[..., None]) -> Callable[..., None]:
    """``command`` with these options, which it gets as one argument ``handover``."""
    own = inspect.signature(command, eval_str=True)
    kept = [parameter for parameter in own.parameters.values() if parameter.name != "handover"]
    asked = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=kind)
        for name, kind in OPTIONS.items()
    ]

    @wraps(command)
    def with_options(**given: Any) -> None:
        told = {name: given.pop(name) for name in OPTIONS}
        day = told.pop("received_on")
        command(**given, handover=handover_of(received_on=day and day.date(), **told))

    whole = own.replace(parameters=[*kept, *asked])
    with_options.__signature__ = whole  # type: ignore[attr-defined]
    with_options.__annotations__ = {parameter.name: parameter.annotation for parameter in whole.parameters.values()}
    return with_options


@contextmanager
def taking_in(subject: str, data_dir: Path | None, *, only_secrets: bool = False) -> Iterator[Work]:
    """The work of a command, committed once, when all is done; what is refused is told to the audit.

    Raises RefusedByDatabase for what the database does not keep, with nothing written but that.
    """
    with deployed(data_dir) as deployment:
        try:
            with refusals_named(), deployment.sessions.begin() as session:
                yield Work(session, deployment)
        except (AnzhiError, GisError) as error:
            if not only_secrets or isinstance(error, StateSecretRefused):
                with deployment.sessions.begin() as session:
                    tell_error(session, author(), subject, error)
            raise
