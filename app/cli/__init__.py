"""The command ``anzhi``: one group a file, calling the same services as HTTP."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from app.platform.concealment import conceal_logs, concealed
from app.platform.errors import AnzhiError
from gis_layers.errors import GisError
from risk_model.errors import RiskModelError
from risk_model.message import msg


class Deferred(TyperCommand):
    """A command known by name and one line; what it is made of is imported when it is used.

    Of one that ``reads`` files, the process that will read them starts meanwhile.
    """

    def __init__(self, name: str, place: str, line: str, *, reads: bool = False) -> None:
        super().__init__(name, callback=None, help=line)
        self.place, self.reads = place, reads

    def loaded(self) -> Any:
        """The command itself; ``place`` is ``module:name`` of a function or of a Typer of several."""
        module, attribute = self.place.split(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            return get_command(found)
        alone = typer.Typer(add_completion=False)
        alone.command(self.name)(found)
        return get_command(alone)

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """The context of the command itself, which from here on takes the place of this one."""
        if self.reads and "--help" not in arguments[1]:
            import_module("gis_layers.sandbox.nurseries").start_ahead()
        return self.loaded().make_context(*arguments, **options)


COMMANDS = (
    Deferred("up", "app.cli.up:up", "Start everything and serve until Ctrl-C."),
    Deferred("migrate", "app.cli.migrate:migrate", "Bring the database's schema to this version and stop."),
    Deferred("worker", "app.cli.worker:work", "Work on jobs until Ctrl-C, on a machine of its own."),
    Deferred("doctor", "app.cli.doctor:doctor", "Check every part of this installation."),
    Deferred("check", "app.cli.check:check", "Bulk siting check: FILE in, verdicts and findings out.", reads=True),
    Deferred("grade", "app.cli.grade:grade", "Grade every area and publish the run."),
    Deferred("regrade", "app.cli.grade:regrade", "Grade every enterprise anew."),
    Deferred("export", "app.cli.exports:export", "Write a stored layer to a file."),
    Deferred(
        "verify",
        "app.cli.verify:verify",
        "Say of a file that left this deployment: unchanged, superseded by what, or altered (exit code 1).",
    ),
    Deferred("backup", "app.cli.backup:backup", "Write the whole deployment into one file, and prove it."),
    Deferred("restore", "app.cli.backup:restore", "Put a backup in the place of the present database."),
    Deferred("import", "app.cli.imports:cli", "Bring data in through the gate."),
    Deferred("place", "app.cli.places:cli", "The gazetteer: find places, give them aliases."),
    Deferred("zones", "app.cli.zones:cli", "Editions as signed packages: export, import."),
    Deferred("audit", "app.cli.audit:cli", "Who did what: export, verify."),
    Deferred("rulebook", "app.cli.rules:cli", "The rulebook in force, its versions, its local changes."),
    Deferred("token", "app.cli.tokens:cli", "API tokens."),
    Deferred("user", "app.cli.users:cli", "Accounts of people."),
)


class Commands(TyperGroup):
    """All of ``COMMANDS``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "commands": {command.name: command for command in COMMANDS}})


cli = typer.Typer(
    name="anzhi",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.callback()
def anzhi() -> None:
    """安址 Anzhi: risk mapping for townships."""


def main() -> None:
    """Run the command; what is refused goes to standard error with exit code 1, and no secret with it."""
    conceal_logs()
    try:
        cli()
    except (AnzhiError, GisError, RiskModelError) as error:
        _tell(str(error))
        sys.exit(1)
    except Exception as error:
        if (trouble := trouble_beneath(error)) is None:
            raise
        _tell(trouble)
        sys.exit(1)


def _tell(trouble: str) -> None:
    """Trouble in the language of the console, and no secret with it; what says it is imported where it is needed."""
    said = import_module("app.cli.console").in_console_language(trouble)
    print(f"anzhi: {concealed(said)}", file=sys.stderr)


def trouble_beneath(error: Exception) -> str | None:
    """Message where not the command but what it stands on failed: a database that left, a disk that is full."""
    database, disk = import_module("gis_layers.database"), import_module("gis_layers.disk")
    if disk.says_disk_is_full(error):
        return msg(
            "磁盘已满（{error}）。没有保留任何未完成的内容：请腾出空间后重新开始", error=database.first_line(error)
        )
    if database.is_lost(error):
        return msg(
            "与数据库的连接中断（{error}）。没有保留任何未完成的内容：请运行 `anzhi doctor`，数据库正常后重新开始",
            error=database.first_line(error),
        )
    return None
