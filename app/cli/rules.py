"""``anzhi rulebook``: the rules in force, their versions, and what this deployment changed of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import DataDir, Json, one_transaction, print_json, say
from app.rulebook.schemas import describe_version
from gis_layers.stores import rulebooks
from gis_layers.stores.publication import read_rulebook_in_force
from risk_model.message import msg
from risk_model.rulebook import document_of, toml_of

cli = typer.Typer(
    no_args_is_help=True, help="The rulebook in force, its versions, its local changes.", add_completion=False
)


@cli.command()
def show(json: Json = False, data_dir: DataDir = None) -> None:
    """The rulebook in force: version, fingerprint, and what this deployment changed; with --json all of it."""
    with one_transaction(data_dir) as work:
        book, version = work.rulebook, read_rulebook_in_force(work.session)
    number = version and version.number
    if json:
        print_json({**document_of(book), "number": number})
    say(
        msg(
            "规则库 {number}：{version}，{rules} 条规则，指纹 {fingerprint}",
            number=str(number),
            version=book.version,
            rules=len(book.rules),
            fingerprint=book.fingerprint,
        )
    )
    for change in book.overlay.changes.values():
        say(
            msg(
                "  本地：{article} {field} = {value}（{basis}）",
                article=change.article,
                field=change.field,
                value=str(change.value),
                basis=change.backing.basis,
            )
        )
    for rule in book.overlay.rules.values():
        say(msg("  本地：{rule}（{basis}）", rule=rule.id, basis=rule.backing.basis))


@cli.command()
def versions(json: Json = False, data_dir: DataDir = None) -> None:
    """Every version there ever was, newest first."""
    with one_transaction(data_dir) as work:
        found = [describe_version(one) for one in rulebooks.list_versions(work.session, limit=1000, offset=0)]
    if json:
        print_json({"versions": found})
    for one in found:
        by = f"{one['proposed_by']} → {one['published_by']}" if one["proposed_by"] else one["published_by"]
        say(f"{one['number']:>4} {one['published_at'][:10]} {one['fingerprint'][:12]} {by}: {one['reason']}")


@cli.command()
def export(
    out: Annotated[Path, typer.Argument(help="where to write the local changes (.toml)")], data_dir: DataDir = None
) -> None:
    """Write what this deployment changed of the packaged rules as a file."""
    with one_transaction(data_dir) as work:
        overlay = work.rulebook.overlay
    out.write_text(toml_of(overlay.as_document()), encoding="utf-8")
    say(
        msg(
            "{count} 处改动和 {count_2} 条本地规则 → {out}",
            count=len(overlay.changes),
            count_2=len(overlay.rules),
            out=out,
        )
    )
