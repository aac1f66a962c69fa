"""``anzhi verify``: whether a file is as it left this deployment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.archive.issued import IssuedFile, verify_issued
from app.cli.console import DataDir, Json, one_transaction, print_json, say
from risk_model.message import msg


def verify(
    file: Annotated[
        Path,
        typer.Argument(
            help="a report, what is attached to one, an export, or the answer of a check as JSON", exists=True
        ),
    ],
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Say of a file that left this deployment: unchanged, superseded by what, or altered (exit code 1)."""
    with one_transaction(data_dir) as work:
        found = verify_issued(work, file)
    if json:
        print_json(
            {
                "file": file.name,
                "sha256": found.sha256,
                "status": found.status,
                "check": found.check,
                "left_at": None if found.left_at is None else found.left_at.isoformat(),
                "by": found.by,
                "since": list(found.since),
            }
        )
    _tell(found, file)
    if found.status == "altered":
        raise typer.Exit(1)


def _tell(found: IssuedFile, file: Path) -> None:
    if found.status == "altered":
        say(msg("{file}：与发出时不同，或不是本部署发出的", file=file.name))
        return
    about = "" if found.check is None else msg("（登记编号 {number}）", number=found.check)
    say(msg("{file}：未改动{about}，由 {by} 取走", file=file.name, about=about, by=found.by))
    for one in found.since:
        say(msg("  已被取代：{why}", why=one))
