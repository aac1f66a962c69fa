"""The command ``anzhi``: one group a file, calling the same services as HTTP."""

from __future__ import annotations

import sys

import typer

from app.cli import check, doctor, exports, grade, imports, places, rules, tokens, up, users
from app.errors import AnzhiError
from gis_layers.errors import GisError
from risk_model.errors import RiskModelError

cli = typer.Typer(
    name="anzhi",
    help="Anzhi (安址): risk mapping for townships. 自然灾害风险一张图。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command()(up.up)
cli.command()(up.migrate)
cli.command("worker")(up.work)
cli.command()(doctor.doctor)
cli.command()(check.check)
cli.command()(grade.grade)
cli.command()(grade.regrade)
cli.command("export")(exports.export)
cli.add_typer(imports.cli, name="import")
cli.add_typer(places.cli, name="place")
cli.add_typer(rules.cli, name="rulebook")
cli.add_typer(tokens.cli, name="token")
cli.add_typer(users.cli, name="user")


def main() -> None:
    """Run the command; what is refused goes to standard error with exit code 1."""
    try:
        cli()
    except (AnzhiError, GisError, RiskModelError) as error:
        print(f"anzhi: {error}", file=sys.stderr)
        sys.exit(1)
