"""``anzhi backup`` and ``anzhi restore``: the whole deployment in one file, and back."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from app.backups.service import NOTED, PUT_BACK, describe_backup, describe_made, make_recorded_backup
from app.cli.console import DataDir, Json, author, deployed, in_console_language, print_json, read_settings, say
from app.platform.clock import now
from app.platform.deployment import database_address
from app.platform.errors import Refused
from app.platform.secret_key import key_file
from app.platform.settings import Settings
from gis_layers.backups import (
    Losses,
    Manifest,
    Restored,
    RestoreOrder,
    discard_former,
    restore_backup,
)
from gis_layers.database import open_engine, session_factory
from gis_layers.stores.backups import LAST_BACKUP
from gis_layers.stores.records import record_audit, save_fact
from risk_model.message import msg


def backup(
    out: Annotated[Path, typer.Argument(help="the file to write, for instance anzhi.zip")],
    force: Annotated[bool, typer.Option("--force", help="replace OUT where it is there already")] = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Write the whole deployment into one file, and prove it.

    The service may go on meanwhile. The file holds the secret key: keep it like one.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    with deployed(data_dir) as deployment:
        made = make_recorded_backup(deployment, out, say, actor=author(), force=force)
    told = {**describe_made(made), "seconds": round(time.monotonic() - began, 1)}
    if json:
        print_json(told)
    say(
        msg(
            "{bytes} MB，{told} 张表，{told_2} 行，截至 {told_3}",
            bytes=f"{made.bytes / 2**20:,.1f}",
            told=told["tables"],
            told_2=f"{told['rows']:,}",
            told_3=told["taken_at"],
        )
    )
    holds = msg("账号和密钥") if made.has_key else msg("账号")
    say(msg("其中有{holds}：请像保管钥匙一样保管，并在另一台机器上留一份", holds=holds))


def restore(
    archive: Annotated[
        Path | None, typer.Argument(metavar="[IN]", help="a file that `anzhi backup` made", show_default=False)
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="also where newer entries are lost; do not ask")] = False,
    discard: Annotated[
        bool, typer.Option("--discard-former", help="do not keep what is replaced; without IN, remove what was kept")
    ] = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Put a backup in the place of the present database.

    Stop the service first. What is replaced is kept under another name.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = read_settings(data_dir)
    if archive is None and not discard:
        raise Refused(msg("请给出要恢复的备份文件，或用 --discard-former 删除以前恢复时被替换的数据库"))
    with database_address(settings, say) as url:
        if archive is None:
            _discard(url, yes=yes, json=json)
            return
        order = RestoreOrder(
            archive=archive,
            url=url,
            data_dir=key_file(settings).parent,
            agree=lambda manifest, losses: _agree(manifest, losses, yes=yes),
            record=lambda scratch, manifest: _record_restored(scratch, archive, manifest),
            keep_former=not discard,
        )
        done = restore_backup(order, say)
    _tell_restored(done, settings, json=json)


def _record_restored(url: str, archive: Path, manifest: Manifest) -> None:
    """Note in the restored database what it was restored from: that file is its last good backup."""
    engine = open_engine(url)
    detail = {"at": now().isoformat(), "out": str(archive.absolute()), **describe_backup(manifest)}
    try:
        with session_factory(engine).begin() as session:
            record_audit(session, actor=author(), action=PUT_BACK, subject=archive.name, detail=detail)
            save_fact(session, LAST_BACKUP, detail)
    finally:
        engine.dispose()


def _agree(manifest: Manifest, losses: Losses, *, yes: bool) -> None:
    """Tell what would be lost, and go on only where that is wanted."""
    say(
        msg(
            "该备份由安址 {software} 于 {taken_at}（UTC）作成",
            taken_at=f"{manifest.taken_at:%Y-%m-%d %H:%M:%S}",
            software=manifest.software,
        )
    )
    if losses.foreign:
        say(msg("现有数据库属于另一个部署；将被全部替换："))
    else:
        say(msg("现有数据库有更新的记录，将会丢失："))
    for loss in losses.tables:
        last = "" if loss.last is None else msg("，最后一条在 {last}", last=f"{loss.last:%Y-%m-%d %H:%M:%S %z}")
        say(msg("  {table}：{rows}{last}", table=loss.table, rows=f"{loss.rows:,}", last=last))
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(msg("没有作任何改动：确认要恢复时加 --yes，或先备份现在的状态"))
    if not typer.confirm(in_console_language(msg("仍要恢复吗？")), default=False, err=True):
        raise Refused(msg("没有作任何改动"))


def _discard(url: str, *, yes: bool, json: bool) -> None:
    if not yes and sys.stdin.isatty():
        question = in_console_language(msg("删除以前恢复时被替换的所有数据库吗？"))
        typer.confirm(question, default=False, err=True, abort=True)
    names = discard_former(url)
    if json:
        print_json({"discarded": names})
    say(msg("已删除：{names}", names=[*names]) if names else msg("没有恢复时留下的旧数据库"))


def _tell_restored(done: Restored, settings: Settings, *, json: bool) -> None:
    manifest = done.manifest
    if json:
        print_json(
            {
                **describe_backup(manifest),
                "former": done.former,
                "kept_files": [str(path) for path in done.kept_files],
                "secret_key": done.has_key,
                "lost": _lost(done.lost),
            }
        )
    say(
        msg(
            "已恢复：{count} 张表，{rows} 行，截至 {taken_at}",
            count=len(manifest.content.tables),
            rows=f"{manifest.content.rows:,}",
            taken_at=manifest.taken_at.isoformat(),
        )
    )
    for path in done.kept_files:
        say(msg("原有内容保存为 {path}", path=path))
    if done.former:
        say(msg("被替换的数据库保存为 {former}；要删除请运行：anzhi restore --discard-former", former=done.former))
    if done.has_key and settings.secret_key:
        say(
            msg(
                "注意：已设置 ANZHI_SECRET_KEY，它仍是使用中的密钥；备份中的密钥放在 {settings}",
                settings=key_file(settings),
            )
        )
    for name in NOTED:
        told, here = manifest.settings.get(f"ANZHI_{name.upper()}"), str(getattr(settings, name))
        if told is not None and told != here:
            say(
                msg(
                    "注意：ANZHI_{name} 在作备份处为「{told}」，在此处为「{here}」",
                    name=name.upper(),
                    told=told,
                    here=here,
                )
            )


def _lost(losses: Losses | None) -> list[dict[str, object]]:
    return [] if losses is None else [{"table": loss.table, "rows": loss.rows} for loss in losses.tables]
