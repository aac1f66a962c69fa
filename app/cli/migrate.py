"""``anzhi migrate``: bring the schema up to date without serving."""

from __future__ import annotations

from app.cli.console import DataDir, deployed, say
from risk_model.message import msg


def migrate(data_dir: DataDir = None) -> None:
    """Bring the database's schema to this version and stop."""
    with deployed(data_dir):
        say(msg("数据库已是本版本的结构"))
