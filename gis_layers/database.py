"""The way to PostGIS: engines, sessions and the schema's migrations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from gis_layers.errors import GisError

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaAhead(GisError):
    """The database was migrated by a newer Anzhi than this one."""


def open_engine(url: str) -> Engine:
    """An engine for ``url`` whose connections are tested before use, so that a restarted server is no error."""
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10)


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions that flush when told and keep what they loaded after the one commit at the edge."""
    return sessionmaker(engine, expire_on_commit=False, autoflush=False)


def migration_config(url: str) -> Config:
    """Alembic's configuration without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def head_revision() -> str:
    """The one revision this code expects."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert head is not None, "the migrations folder has a head"
    return head


def current_revision(connection: Connection) -> str | None:
    """The revision the database stands at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the head revision; one migrator at a time.

    Raises SchemaAhead when the database knows a revision this code does not.
    """
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtext('anzhi migrate'))"))
            revision = current_revision(connection)
            known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
            if revision is not None and revision not in known:
                raise SchemaAhead(
                    f"the database stands at revision {revision}, which this version does not know; "
                    "start the newer version of Anzhi that last used it, or restore a backup made before"
                )
            if revision != head_revision():
                command.upgrade(migration_config(url), "head")
            connection.rollback()
    finally:
        engine.dispose()
