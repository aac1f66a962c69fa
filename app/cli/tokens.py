"""``anzhi token``."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.console import DataDir, author, one_transaction, say
from app.errors import Refused
from app.security import Role, new_token, token_digest
from gis_layers.stores.access import save_token
from gis_layers.stores.records import record_audit

cli = typer.Typer(help="API tokens", no_args_is_help=True)


@cli.callback()
def tokens() -> None:
    """API tokens."""


@cli.command()
def create(
    role: Annotated[str, typer.Option(help="viewer planner dispatcher officer approver admin")],
    name: Annotated[str, typer.Option(help="what the token is for")],
    data_dir: DataDir = None,
) -> None:
    """Print one new token, once, alone on the last line."""
    allowed = [known.value for known in Role if known is not Role.PUBLIC]
    if role not in allowed:
        raise Refused(f"no role {role!r}; roles: {', '.join(allowed)}")
    token = new_token()
    with one_transaction(data_dir) as (_, session):
        kept = save_token(session, name=name, role=role, digest=token_digest(token))
        record_audit(session, actor=author(), action="create token", subject=f"token {kept.id}", detail={"role": role})
    say("keep this token now: it is not shown again")
    print(token)
