"""A backup told in order: made and proven, noted in the audit; a nightly one beside those before it, of which the oldest go."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from app import __version__
from app.platform.clock import CHINA, now
from app.platform.deployment import Deployment
from app.platform.secret_key import deployment_secret, key_file
from app.platform.settings import Settings
from gis_layers.backups import OWN_ACTIONS, BackupOrder, MadeBackup, Manifest, make_backup
from gis_layers.stores.backups import LAST_BACKUP
from gis_layers.stores.records import record_audit, save_fact

MADE, PUT_BACK = OWN_ACTIONS
NOTED = ("metric_crs", "map_approval_number", "console_publish")
"""Settings a backup notes for whoever sets up another machine."""
NIGHTLY = re.compile(r"anzhi-\d{8}-\d{6}\.zip")


def make_recorded_backup(
    deployment: Deployment, out: Path, say: Callable[[str], None], *, actor: str, force: bool = False
) -> MadeBackup:
    """Make a backup at ``out`` and note it in the audit."""
    made = make_backup(_order(deployment, out, force=force), say)
    detail = {**describe_made(made), "at": now().isoformat()}
    with deployment.sessions.begin() as session:
        record_audit(session, actor=actor, action=MADE, subject=made.out.name, detail=detail)
        save_fact(session, LAST_BACKUP, detail)
    return made


def make_nightly_backup(deployment: Deployment, say: Callable[[str], None], *, actor: str) -> dict[str, object]:
    """Make a backup named by its moment; once it is good, remove the oldest nightly ones above the number to keep."""
    folder = backup_folder(deployment.settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    out = folder / f"anzhi-{now().astimezone(CHINA):%Y%m%d-%H%M%S}.zip"
    made = make_recorded_backup(deployment, out, say, actor=actor)
    nightly = sorted(path for path in folder.iterdir() if NIGHTLY.fullmatch(path.name))
    old = [path for path in nightly[: -deployment.settings.backup_keep] if path != out]
    for path in old:
        path.unlink()
    return {**describe_made(made), "removed": [path.name for path in old]}


def backup_folder(settings: Settings) -> Path:
    """The folder nightly backups lie in."""
    return (settings.backup_dir or settings.data_dir / "backups").expanduser().absolute()


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


def describe_backup(manifest: Manifest) -> dict[str, object]:
    """Contents of a backup in plain values."""
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


def describe_made(made: MadeBackup) -> dict[str, object]:
    """A backup that was made, in plain values."""
    file = {"out": str(made.out), "bytes": made.bytes, "sha256": made.sha256, "secret_key": made.has_key}
    return {**file, **describe_backup(made.manifest)}
