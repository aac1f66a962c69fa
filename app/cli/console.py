"""Things every command shares: its folder, its voice, its way to the deployment."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import orjson
import typer
from pydantic import ValidationError

from app.http.field_errors import field_message
from app.http.i18n import answer_in_language, in_language
from app.platform.concealment import make_known
from app.platform.deployment import Deployment, open_deployment
from app.platform.errors import Refused
from app.platform.settings import Settings, console_language
from app.platform.work import Work
from gis_layers.partitions import Parallelism
from gis_layers.stores.refusals import refusals_named
from risk_model.message import msg

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="the data folder; default ANZHI_DATA_DIR or ./.anzhi", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else there")]

Partitions = Annotated[
    int | None,
    typer.Option(
        "--partitions",
        help="into how many parts the work is spread over processes; where it is not said, what pays here",
        min=1,
        show_default=False,
    ),
]
Cluster = Annotated[
    str | None, typer.Option("--cluster", help="address of a dask scheduler whose workers do it, e.g. tcp://host:8786")
]
PARTITIONS_ON_CLUSTER = 16
"""How many parts a cluster is given where nobody says: some for each worker, and little to repeat if one is lost."""


def spread_of(partitions: int | None, cluster: str | None) -> Parallelism | None:
    """Spread over which a command does its work; None where nobody says."""
    if partitions is None and cluster is None:
        return None
    return Parallelism(partitions or (PARTITIONS_ON_CLUSTER if cluster else 1), cluster)


def say(message: str) -> None:
    """Tell the person at the console what is going on, on standard error."""
    print(in_console_language(message), file=sys.stderr, flush=True)


def in_console_language(message: str) -> str:
    """A message as it is said to whoever sits at the console."""
    language = console_language()
    return message if language == "zh" or message.isascii() else in_language(message, language)


def print_json(document: object) -> None:
    """The one JSON document of a command."""
    told = answer_in_language(document, console_language())
    sys.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode())
    sys.stdout.flush()


def read_settings(data_dir: Path | None) -> Settings:
    """The settings; raises Refused naming the variable that is wrong."""
    try:
        settings = Settings().with_data_dir(data_dir)
    except ValidationError as error:
        wrong = [
            msg("ANZHI_{name}：{trouble}", name=str(item["loc"][0]).upper(), trouble=field_message(item))
            for item in error.errors()
        ]
        raise Refused(msg("设置有误：{wrong}", wrong=wrong)) from error
    make_known(settings.database_url, settings.secret_key)
    return settings


@contextmanager
def deployed(data_dir: Path | None, *, keep: bool = False) -> Iterator[Deployment]:
    """The deployment of ``data_dir``: joined where it runs, else started for this command; ``keep`` it running."""
    with open_deployment(read_settings(data_dir), say, keep=keep) as deployment:
        yield deployment


@contextmanager
def one_transaction(data_dir: Path | None) -> Iterator[Work]:
    """The work of a command, committed once, when the command has done all it does.

    Raises RefusedByDatabase for what the database does not keep, with nothing written.
    """
    with deployed(data_dir) as deployment, refusals_named(), deployment.sessions.begin() as session:
        yield Work(session, deployment)


def author() -> str:
    """Person at the console, for the audit."""
    return f"console:{getpass.getuser()}"
