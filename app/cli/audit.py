"""``anzhi audit``: who did what, taken out for the archive, and verified."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.archive.files import export_days
from app.archive.verification import Verified, verify_database, verify_file
from app.cli.console import DataDir, Json, author, deployed, print_json, say
from app.platform.clock import today
from gis_layers.stores.records import record_audit
from gis_layers.stores.seals import seal_days
from risk_model.message import msg

cli = typer.Typer(help="Who did what: export, verify.", no_args_is_help=True, add_completion=False)


@cli.callback()
def audit() -> None:
    """Audit, who did what: export, verify."""


@cli.command()
def export(
    out: Annotated[Path, typer.Argument(help="a .jsonl or .csv file to write; its hashes go to OUT.sha256")],
    first: Annotated[
        datetime.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="first day (Asia/Shanghai)")
    ] = None,
    last: Annotated[
        datetime.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="last day; default yesterday")
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Write sealed days of the audit and the checks to a file, with the hash of each day."""
    with deployed(data_dir) as deployment:
        seal_days(deployment.sessions, today())
        with deployment.sessions.begin() as session:
            done = export_days(session, out, first and first.date(), last and last.date())
            days = [{"day": day.day.isoformat(), "hash": day.hash} for day in done.days]
            detail = {"file": out.name, "first": days[0], "last": days[-1]}
            record_audit(session, actor=author(), action="export audit", subject=f"{len(days)} days", detail=detail)
    if json:
        print_json({"out": str(out), "hashes": str(done.hashes), "days": days})
    say(
        msg(
            "{count} 天，{first} 至 {last} → {out}，{hashes}",
            count=len(days),
            first=days[0]["day"],
            last=days[-1]["day"],
            out=out,
            hashes=done.hashes,
        )
    )
    say(msg("最后一天的哈希：{days}（请另存一处，纸上也留一份）", days=days[-1]["hash"]))


@cli.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="an export to verify; without one, the database itself", exists=True)
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Compute every sealed day anew; exit code 1 where something was altered since."""
    with deployed(data_dir) as deployment, deployment.sessions() as session:
        found = verify_database(session) if file is None else verify_file(session, file)
    _tell(found, file, json=json)


def _tell(found: Verified, file: Path | None, *, json: bool) -> None:
    if json:
        print_json({"days": found.days, "last_hash": found.last_hash, "troubles": found.troubles})
    for trouble in found.troubles:
        say(msg("被改动  {trouble}", trouble=trouble))
    where = msg("审计记录") if file is None else file.name
    if found.troubles:
        raise typer.Exit(1)
    say(
        msg(
            "{where}：{days} 个封存日与封存时一致；最后一天的哈希：{value}",
            where=where,
            days=found.days,
            value=found.last_hash or "-",
        )
    )
