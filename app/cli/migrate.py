"""``anzhi migrate``: bring the schema up to date without serving."""

from __future__ import annotations

from app.cli.console import DataDir, deployed, say


def migrate(data_dir: DataDir = None) -> None:
    """Bring the database's schema to this version and stop."""
    with deployed(data_dir):
        say("the database stands at this version's schema")
