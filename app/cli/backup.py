"""``anzhi backup`` and ``anzhi restore``: the whole deployment in one file, and back."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from app import __version__
from app.cli.console import DataDir, Json, author, deployed, print_json, read_settings, say
from app.platform.clock import now
from app.platform.deployment import Deployment, database_address
from app.platform.errors import Refused
from app.platform.secret_key import deployment_secret, key_file
from app.platform.settings import Settings
from gis_layers.backups import (
    OWN_ACTIONS,
    BackupOrder,
    Losses,
    MadeBackup,
    Manifest,
    Restored,
    RestoreOrder,
    discard_former,
    make_backup,
    restore_backup,
)
from gis_layers.database import open_engine, session_factory
from gis_layers.stores.backups import LAST_BACKUP
from gis_layers.stores.records import record_audit, save_fact

MADE, PUT_BACK = OWN_ACTIONS
NOTED = ("metric_crs", "map_approval_number", "console_publish")
"""Settings a backup notes for whoever sets up another machine."""


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
        made = make_backup(_order(deployment, out, force=force), say)
        _record_made(deployment, made)
    told = {**_describe_made(made), "seconds": round(time.monotonic() - began, 1)}
    if json:
        print_json(told)
    say(f"{made.bytes / 2**20:,.1f} MB, {told['tables']} tables, {told['rows']:,} rows, as of {told['taken_at']}")
    holds = "the accounts and the secret key" if made.has_key else "the accounts"
    say(f"it holds {holds}: keep it where you would keep a key, and a copy on another machine")


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
        raise Refused("name the backup to restore, or say --discard-former to remove what earlier restores replaced")
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


def _order(deployment: Deployment, out: Path, *, force: bool) -> BackupOrder:
    settings = deployment.settings
    return BackupOrder(
        url=deployment.url,
        data_dir=key_file(settings).parent,
        out=out,
        software=__version__,
        settings={f"ANZHI_{name.upper()}": str(getattr(settings, name)) for name in NOTED},
        key=_key_in_force(settings),
        force=force,
    )


def _key_in_force(settings: Settings) -> bytes | None:
    """The key of the setting, else the one that was made and kept in the data folder; a backup makes none."""
    if settings.secret_key:
        return settings.secret_key.encode()
    return deployment_secret(settings) if key_file(settings).exists() else None


def _record_made(deployment: Deployment, made: MadeBackup) -> None:
    detail = {**_describe_made(made), "at": now().isoformat()}
    with deployment.sessions.begin() as session:
        record_audit(session, actor=author(), action=MADE, subject=made.out.name, detail=detail)
        save_fact(session, LAST_BACKUP, detail)


def _record_restored(url: str, archive: Path, manifest: Manifest) -> None:
    """Note in the restored database what it was restored from: that file is its last good backup."""
    engine = open_engine(url)
    detail = {"at": now().isoformat(), "out": str(archive.absolute()), **_describe(manifest)}
    try:
        with session_factory(engine).begin() as session:
            record_audit(session, actor=author(), action=PUT_BACK, subject=archive.name, detail=detail)
            save_fact(session, LAST_BACKUP, detail)
    finally:
        engine.dispose()


def _describe(manifest: Manifest) -> dict[str, object]:
    return {
        "taken_at": manifest.taken_at.isoformat(),
        "software": manifest.software,
        "schema_revision": manifest.schema_revision,
        "edition": manifest.edition and manifest.edition.model_dump(),
        "rulebook": manifest.rulebook and manifest.rulebook.model_dump(),
        "tables": len(manifest.content.tables),
        "rows": manifest.content.rows,
        "verified": True,
    }


def _describe_made(made: MadeBackup) -> dict[str, object]:
    file = {"out": str(made.out), "bytes": made.bytes, "sha256": made.sha256, "secret_key": made.has_key}
    return {**file, **_describe(made.manifest)}


def _agree(manifest: Manifest, losses: Losses, *, yes: bool) -> None:
    """Tell what would be lost, and go on only where that is wanted."""
    say(f"the backup was taken at {manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC by Anzhi {manifest.software}.")
    if losses.foreign:
        say("the present database is of another deployment; all of it would be replaced:")
    else:
        say("the present database has newer entries, which would be lost:")
    for loss in losses.tables:
        last = "" if loss.last is None else f", the last at {loss.last:%Y-%m-%d %H:%M:%S %z}"
        say(f"  {loss.table}: {loss.rows:,}{last}")
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(
            "nothing was changed: say --yes to restore all the same, or make a backup of the present state first"
        )
    if not typer.confirm("Restore all the same?", default=False, err=True):
        raise Refused("nothing was changed")


def _discard(url: str, *, yes: bool, json: bool) -> None:
    if not yes and sys.stdin.isatty():
        typer.confirm("Remove every database that restores replaced?", default=False, err=True, abort=True)
    names = discard_former(url)
    if json:
        print_json({"discarded": names})
    say(f"removed: {', '.join(names)}" if names else "no restore left a former database")


def _tell_restored(done: Restored, settings: Settings, *, json: bool) -> None:
    manifest = done.manifest
    if json:
        print_json(
            {
                **_describe(manifest),
                "former": done.former,
                "kept_files": [str(path) for path in done.kept_files],
                "secret_key": done.has_key,
                "lost": _lost(done.lost),
            }
        )
    say(
        f"restored: {len(manifest.content.tables)} tables, {manifest.content.rows:,} rows as of {manifest.taken_at.isoformat()}"
    )
    for path in done.kept_files:
        say(f"what was there before is kept as {path}")
    if done.former:
        say(f"the replaced database is kept as {done.former}; remove it with: anzhi restore --discard-former")
    if done.has_key and settings.secret_key:
        say(f"note: ANZHI_SECRET_KEY is set and stays the key in force; the backup's lies in {key_file(settings)}")
    for name in NOTED:
        told, here = manifest.settings.get(f"ANZHI_{name.upper()}"), str(getattr(settings, name))
        if told is not None and told != here:
            say(f"note: ANZHI_{name.upper()} was {told!r} where the backup was made, and is {here!r} here")


def _lost(losses: Losses | None) -> list[dict[str, object]]:
    return [] if losses is None else [{"table": loss.table, "rows": loss.rows} for loss in losses.tables]
