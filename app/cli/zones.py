"""``anzhi zones``: editions leave and enter as signed packages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import DataDir, Json, author, one_transaction, print_json, say
from app.platform.errors import Refused
from app.platform.signatures import KEY, public_key
from app.zones.packages import open_package, pack_edition, stage_package
from gis_layers.stores.records import record_audit
from risk_model.message import msg

cli = typer.Typer(help="Editions as signed packages: export, import.", no_args_is_help=True, add_completion=False)


@cli.callback()
def zones() -> None:
    """Editions as signed packages: export, import."""


@cli.command()
def export_edition(
    number: Annotated[int, typer.Argument(help="number of the edition", min=1)],
    out: Annotated[Path, typer.Argument(help="a .zip file to write, which must not exist")],
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Write an edition into one signed file, to be carried to a machine that uses it."""
    if out.exists():
        raise Refused(msg("{out} 已经存在；请换一个文件名", out=out))
    with one_transaction(data_dir) as work:
        content, key = pack_edition(work, number), public_key(work.settings)
        fingerprint = _write(out, content, key)
        record_audit(
            work.session, actor=author(), action="take away file", subject=out.name, detail={"edition": number}
        )
    if json:
        print_json({"out": str(out), "edition": number, "fingerprint": fingerprint, "key": key})
    say(
        msg(
            "第 {number} 版 → {out}；指纹 {fingerprint}；公钥 {key}（请写在随盘的纸上）",
            number=number,
            out=out,
            fingerprint=fingerprint,
            key=key,
        )
    )


def _write(out: Path, content: bytes, key: str) -> str:
    """Write the package and read it back as whoever receives it will; its fingerprint."""
    with out.open("xb") as file:
        file.write(content)
    return open_package(out, [key]).fingerprint


@cli.command()
def import_edition(
    file: Annotated[Path, typer.Argument(help="a package written by `export-edition`", exists=True, dir_okay=False)],
    key: Annotated[
        str | None, typer.Option(help="public key of the machine it came from, as it is on the paper")
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Check a package to its last byte and make a draft of it, to be approved and published as any other."""
    if key is not None and not KEY.fullmatch(key.strip().lower()):
        raise Refused(msg("公钥应为 64 位十六进制数字；请照随盘的纸输入"))
    with one_transaction(data_dir) as work:
        trusted = [public_key(work.settings), *([key.strip().lower()] if key else [])]
        package = open_package(file, trusted)
        draft = stage_package(work, package, author=author())
        told = {"draft": draft.id, "edition": package.manifest["edition"], "fingerprint": package.fingerprint}
    if json:
        print_json(told)
    say(
        msg(
            "第 {number} 版数据包已成为第 {draft} 号草稿；启用后指纹应为 {fingerprint}",
            number=told["edition"],
            draft=told["draft"],
            fingerprint=told["fingerprint"],
        )
    )
