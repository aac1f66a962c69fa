"""``anzhi doctor``: every part looked at, and how to mend what is not well."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import typer
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cli.console import DataDir, Json, deployed, print_json, read_settings, say
from app.platform.clock import now
from app.platform.concealment import concealed
from app.platform.secret_key import describe
from app.platform.settings import STATIC, Settings
from gis_layers.backups import former_databases
from gis_layers.database import current_revision, head_revision
from gis_layers.embedded import find_server_binaries
from gis_layers.errors import GisError
from gis_layers.sandbox import describe_belts
from gis_layers.stores.backups import LastBackup, read_last_backup
from gis_layers.stores.editions import current_edition
from gis_layers.stores.records import read_facts

ENOUGH_DISK = 2 * 1024**3
OLDEST_BACKUP = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One part: how it is, and what to do where it is not well."""

    part: str
    well: bool
    finding: str
    mend: str = ""


def doctor(data_dir: DataDir = None, json: Json = False) -> None:
    """Check every part of this installation.

    Exit code 1 where something needs mending.
    """
    settings = read_settings(data_dir)
    checks = [_concealed(check) for check in (*_before_the_database(settings), *_database(data_dir))]
    if json:
        print_json({"well": all(check.well for check in checks), "checks": [_as_dict(check) for check in checks]})
    for check in checks:
        say(f"{'ok  ' if check.well else 'MEND'}  {check.part}: {check.finding}")
        if not check.well:
            say(f"      {check.mend}")
    say("settings:")
    for name, field in Settings.model_fields.items():
        value = "(set)" if name == "secret_key" and settings.secret_key else getattr(settings, name)
        say(f"      ANZHI_{name.upper()} = {concealed(str(value))}  — {field.description}")
    if not all(check.well for check in checks):
        raise typer.Exit(1)


def _concealed(check: Diagnosis) -> Diagnosis:
    return replace(check, finding=concealed(check.finding), mend=concealed(check.mend))


def _as_dict(check: Diagnosis) -> dict[str, object]:
    return {"part": check.part, "well": check.well, "finding": check.finding, "mend": check.mend}


def _before_the_database(settings: Settings) -> Iterator[Diagnosis]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Diagnosis("Python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer, then make setup")
    yield _server(settings)
    yield _disk(settings)
    yield Diagnosis("secret key", *describe(settings))
    yield _confinement()
    missing = [name for name in ("leaflet",) if not (STATIC / "vendor" / name).is_dir()]
    found = "front-end libraries are in place" if not missing else f"missing: {', '.join(missing)}"
    yield Diagnosis("assets", not missing, found, "run: make setup")


def _server(settings: Settings) -> Diagnosis:
    if settings.database_url:
        return Diagnosis("PostGIS", True, "ANZHI_DATABASE_URL is used; no private cluster")
    try:
        return Diagnosis("PostGIS", True, f"server programs in {find_server_binaries()}")
    except GisError as error:
        return Diagnosis("PostGIS", False, str(error), "run: make setup")


def _confinement() -> Diagnosis:
    """Whether what strangers hand in is read apart: without a belt against the network it is not safe to take any."""
    try:
        belts = describe_belts()
    except GisError as error:
        return Diagnosis(
            "reading apart", False, str(error), "read the message above; files from outside cannot be read"
        )
    missing = "; ".join(f"{belt} ({why})" for belt, why in belts.missing.items())
    finding = f"{', '.join(belts.holding)}{f'; missing: {missing}' if missing else ''}"
    return Diagnosis(
        "reading apart", belts.no_network, finding, "run on a Linux kernel that allows seccomp filters (3.17 or newer)"
    )


def _disk(settings: Settings) -> Diagnosis:
    folder = next(
        parent for parent in [settings.data_dir.absolute(), *settings.data_dir.absolute().parents] if parent.exists()
    )
    free = shutil.disk_usage(folder).free
    writable = os.access(folder, os.W_OK)
    finding = f"{folder}: {free / 1024**3:.1f} GiB free, {'writable' if writable else 'not writable'}"
    return Diagnosis(
        "data folder", free > ENOUGH_DISK and writable, finding, "free some space, or choose another --data-dir"
    )


def _database(data_dir: Path | None) -> Iterator[Diagnosis]:
    try:
        with deployed(data_dir) as deployment, deployment.engine.connect() as connection:
            versions = connection.execute(text("SELECT current_setting('server_version'), postgis_lib_version()")).one()
            yield Diagnosis("database", True, f"PostgreSQL {versions[0]}, PostGIS {versions[1]}")
            revision = current_revision(connection)
            yield Diagnosis("migrations", revision == head_revision(), f"revision {revision}", "run: anzhi migrate")
            with deployment.sessions() as session:
                yield _last_backup(read_last_backup(session), _why_none_is_needed(session))
            yield _former_databases(deployment.url)
    except (GisError, SQLAlchemyError, OSError) as error:
        yield Diagnosis("database", False, str(error), "read the message above; the server's log is in the data folder")


def _why_none_is_needed(session: Session) -> str | None:
    if read_facts(session).get("synthetic"):
        return "the data are synthetic"
    return "nothing was published yet" if current_edition(session) is None else None


def _last_backup(last: LastBackup | None, not_needed: str | None) -> Diagnosis:
    """Whether the last proven backup is young enough, where there is anything to lose."""
    mend = "run: anzhi backup OUT, every night (docs/guide.md, Backup and restore), and keep a copy on another machine"
    if last is None:
        finding = "no good backup yet" + (f" ({not_needed})" if not_needed else "")
        return Diagnosis("backup", not_needed is not None, finding, mend)
    age = now() - datetime.datetime.fromisoformat(last["taken_at"])
    out = Path(last["out"])
    gone = "" if out.exists() else " (not there any more: moved, or on a disk that is not in place)"
    edition = f"edition {last['edition']['number']}" if last["edition"] else "no edition"
    finding = f"last good one {_age(age)} ago: {out}{gone}, {last['rows']:,} rows in {last['tables']} tables, {edition}"
    return Diagnosis("backup", not_needed is not None or age <= OLDEST_BACKUP, finding, mend)


def _age(age: datetime.timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"


def _former_databases(url: str) -> Diagnosis:
    kept = former_databases(url)
    if not kept:
        return Diagnosis("replaced databases", True, "none is kept")
    names = ", ".join(f"{former.name} ({former.bytes / 2**20:,.0f} MB)" for former in kept)
    return Diagnosis("replaced databases", True, f"{names}; remove them with: anzhi restore --discard-former")
