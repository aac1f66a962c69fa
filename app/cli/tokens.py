"""``anzhi token``: how programs sign in."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from app.cli.console import DataDir, Json, author, one_transaction, print_json, say
from app.cli.users import read_role
from app.platform.clock import now
from app.platform.errors import Refused
from app.platform.principals import new_token, token_digest
from gis_layers.stores.access import Token, list_tokens, revoke_token, save_token
from gis_layers.stores.records import record_audit
from risk_model.message import msg

cli = typer.Typer(help="API tokens.", no_args_is_help=True, add_completion=False)


@cli.callback()
def tokens() -> None:
    """API tokens."""


@cli.command()
def create(
    role: Annotated[str, typer.Option(help="viewer planner dispatcher officer approver admin")],
    name: Annotated[str, typer.Option(help="what the token is for")],
    days: Annotated[int | None, typer.Option(help="days until it expires; default never", min=1, max=3660)] = None,
    data_dir: DataDir = None,
) -> None:
    """Print one new token, once, alone on the last line."""
    known = read_role(role)
    if not name.strip():
        raise Refused(msg("令牌要有名称，说明它的用途"))
    token = new_token()
    expires_at = None if days is None else now() + datetime.timedelta(days=days)
    with one_transaction(data_dir) as work:
        kept = save_token(
            work.session, name=name.strip(), role=known.value, digest=token_digest(token), expires_at=expires_at
        )
        detail = {"role": role, "name": kept.name, "expires_at": expires_at and expires_at.isoformat()}
        record_audit(work.session, actor=author(), action="create token", subject=f"token {kept.id}", detail=detail)
    say(msg("请现在保存这个令牌：不会再次显示"))
    print(token)


@cli.command("list")
def list_(json: Json = False, data_dir: DataDir = None) -> None:
    """Every token with its number, role and state, never its text."""
    with one_transaction(data_dir) as work:
        rows = [_row(token) for token in list_tokens(work.session)]
    if json:
        print_json({"items": rows, "total": len(rows)})
        return
    for row in rows:
        print(*(row[column] or "-" for column in ("id", "name", "role", "state", "expires_at")), sep="\t")


@cli.command()
def revoke(
    token: Annotated[str, typer.Argument(help="the token's number or name, as `anzhi token list` shows them")],
    data_dir: DataDir = None,
) -> None:
    """Shut a token out from now on."""
    with one_transaction(data_dir) as work:
        standing = [kept for kept in list_tokens(work.session) if kept.revoked_at is None]
        named = [kept for kept in standing if token in (str(kept.id), kept.name)]
        if len(named) != 1:
            numbers = ", ".join(str(kept.id) for kept in named)
            raise Refused(
                msg("有几个令牌都叫「{token}」；请改用其中一个编号：{numbers}", token=token, numbers=numbers)
                if named
                else msg("没有仍然有效的令牌「{token}」；用 `anzhi token list` 查看", token=token)
            )
        revoke_token(work.session, named[0], now())
        subject, detail = f"token {named[0].id}", {"name": named[0].name}
        record_audit(work.session, actor=author(), action="revoke token", subject=subject, detail=detail)
    say(msg("{subject}（{detail}）已失效", subject=subject, detail=detail["name"]))


def _row(token: Token) -> dict[str, object]:
    expired = token.expires_at is not None and token.expires_at <= now()
    return {
        "id": token.id,
        "name": token.name,
        "role": token.role,
        "state": "revoked" if token.revoked_at else "expired" if expired else "open",
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at and token.expires_at.isoformat(),
    }
