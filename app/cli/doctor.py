"""``anzhi doctor``: every part looked at, and how to mend what is not well."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.cli.console import DataDir, Json, deployed, print_json, read_settings, say
from app.settings import STATIC, Settings
from gis_layers.database import current_revision, head_revision
from gis_layers.embedded import find_server_binaries
from gis_layers.errors import GisError
from gis_layers.sandbox import describe_belts

ENOUGH_DISK = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Check:
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
    checks = [*_before_the_database(settings), *_database(data_dir)]
    if json:
        print_json({"well": all(check.well for check in checks), "checks": [_as_dict(check) for check in checks]})
    for check in checks:
        say(f"{'ok  ' if check.well else 'MEND'}  {check.part}: {check.finding}")
        if not check.well:
            say(f"      {check.mend}")
    say("settings:")
    for name, field in Settings.model_fields.items():
        value = "(set)" if name == "secret_key" and settings.secret_key else getattr(settings, name)
        say(f"      ANZHI_{name.upper()} = {value}  — {field.description}")
    if not all(check.well for check in checks):
        raise typer.Exit(1)


def _as_dict(check: Check) -> dict[str, object]:
    return {"part": check.part, "well": check.well, "finding": check.finding, "mend": check.mend}


def _before_the_database(settings: Settings) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("Python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer, then make setup")
    yield _server(settings)
    yield _disk(settings)
    yield _confinement()
    missing = [name for name in ("leaflet",) if not (STATIC / "vendor" / name).is_dir()]
    found = "front-end libraries are in place" if not missing else f"missing: {', '.join(missing)}"
    yield Check("assets", not missing, found, "run: make setup")


def _server(settings: Settings) -> Check:
    if settings.database_url:
        return Check("PostGIS", True, "ANZHI_DATABASE_URL is used; no private cluster")
    try:
        return Check("PostGIS", True, f"server programs in {find_server_binaries()}")
    except GisError as error:
        return Check("PostGIS", False, str(error), "run: make setup")


def _confinement() -> Check:
    """Whether what strangers hand in is read apart: without a belt against the network it is not safe to take any."""
    try:
        belts = describe_belts()
    except GisError as error:
        return Check("reading apart", False, str(error), "read the message above; files from outside cannot be read")
    missing = "; ".join(f"{belt} ({why})" for belt, why in belts.missing.items())
    finding = f"{', '.join(belts.holding)}{f'; missing: {missing}' if missing else ''}"
    return Check(
        "reading apart", belts.no_network, finding, "run on a Linux kernel that allows seccomp filters (3.17 or newer)"
    )


def _disk(settings: Settings) -> Check:
    folder = next(
        parent for parent in [settings.data_dir.absolute(), *settings.data_dir.absolute().parents] if parent.exists()
    )
    free = shutil.disk_usage(folder).free
    writable = os.access(folder, os.W_OK)
    finding = f"{folder}: {free / 1024**3:.1f} GiB free, {'writable' if writable else 'not writable'}"
    return Check(
        "data folder", free > ENOUGH_DISK and writable, finding, "free some space, or choose another --data-dir"
    )


def _database(data_dir: Path | None) -> Iterator[Check]:
    try:
        with deployed(data_dir) as deployment, deployment.engine.connect() as connection:
            versions = connection.execute(text("SELECT current_setting('server_version'), postgis_lib_version()")).one()
            yield Check("database", True, f"PostgreSQL {versions[0]}, PostGIS {versions[1]}")
            revision = current_revision(connection)
            yield Check("migrations", revision == head_revision(), f"revision {revision}", "run: anzhi migrate")
    except (GisError, SQLAlchemyError, OSError) as error:
        yield Check("database", False, str(error), "read the message above; the server's log is in the data folder")
