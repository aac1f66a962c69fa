"""The way to PostGIS: engines, sessions and the schema's migrations."""

from __future__ import annotations

import functools
import math
import re
import select
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg2
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError
from sqlalchemy.orm import Session, sessionmaker

from gis_layers import connections
from gis_layers.errors import GisError
from risk_model.message import msg

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
_REVISION: Final = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)
"""Lines of a migration that say what it is and what it stands on."""


class SchemaAhead(GisError):
    """The database was migrated by a newer Anzhi than this one."""


IDLE_S = 30.0
"""A connection unused for so long is asked before it is used again: a network may have dropped it without a word."""


AWAY = ("08", "57P01", "57P02", "57P03")
"""What PostgreSQL says when a connection breaks, and while the server stops, has crashed or is starting."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Number of connections an engine opens, and how long (s) each may take; None is without end.

    A statement that outlives ``statement_s`` is stopped by the database with an error; a transaction that does nothing
    for ``idle_s`` is ended together with its connection.
    """

    most: int = 20
    statement_s: float | None = None
    idle_s: float | None = None


UNLIMITED = ConnectionLimits()
"""For commands and the worker, whose statements take as long as they must."""


def open_engine(url: str, limits: ConnectionLimits = UNLIMITED) -> Engine:
    """An engine for ``url`` whose connections are looked at before use, so that a restarted server is no error."""
    engine = create_engine(
        url,
        pool_size=limits.most,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"connection_factory": connections.Connection},
    )
    event.listen(engine, "connect", functools.partial(_limit, limits))
    event.listen(engine, "checkin", _note_return)
    event.listen(engine, "checkout", _look_before_use)
    return engine


def _limit(limits: ConnectionLimits, connection: Any, _record: Any) -> None:
    """Set by statement and not as an option of the connection, which poolers in between refuse to pass on."""
    told = {"statement_timeout": limits.statement_s, "idle_in_transaction_session_timeout": limits.idle_s}
    wanted = {name: round(1000 * seconds) for name, seconds in told.items() if seconds is not None}
    if not wanted:
        return
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name, milliseconds in wanted.items():
            cursor.execute("SELECT set_config(%s, %s, false)", (name, str(milliseconds)))
    connection.autocommit = False


@functools.cache
def prompt_engine(url: URL | str) -> Engine:
    """The one engine for ``url`` that opens a connection each time it is asked, and has every answer within two seconds or raises."""
    prompt = {"connection_factory": connections.PromptConnection}
    return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=prompt)


def is_lost(error: BaseException) -> bool:
    """Whether ``error`` says that the database itself is away: gone, starting, stopping or silent.

    What was asked may be asked again once it is back. A statement that was refused or cancelled is none of it.
    """
    if isinstance(error, DBAPIError) and (error.connection_invalidated or isinstance(error, InterfaceError)):
        return True
    told = getattr(error, "orig", error)
    state = getattr(told, "pgcode", None)
    return isinstance(told, psycopg2.OperationalError) and (state is None or state.startswith(AWAY))


def is_silent(error: BaseException) -> bool:
    """Whether a lost database is there and does not answer."""
    return isinstance(error, DBAPIError) and isinstance(error.orig, connections.DatabaseSilent)


def first_line(error: BaseException) -> str:
    """Message of the database, in one line and without the statement it was said of."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def _note_return(_connection: Any, record: Any) -> None:
    record.info["returned"] = time.monotonic()


def _look_before_use(connection: Any, record: Any, _proxy: Any) -> None:
    """A server that went away has hung up, and nothing else speaks on an idle connection; looking costs no round trip."""
    gate = select.poll()
    gate.register(connection, select.POLLIN)
    if gate.poll(0):
        raise DisconnectionError(msg("数据库服务器断开了连接"))
    if time.monotonic() - record.info.get("returned", math.inf) > IDLE_S:
        _ask(connection)


def _ask(connection: Any) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except connection.OperationalError as trouble:
        raise DisconnectionError(msg("数据库服务器不再回应")) from trouble


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions that flush when told and keep what they loaded after the one commit at the edge."""
    return sessionmaker(engine, expire_on_commit=False, autoflush=False)


def migration_config(url: str) -> Config:
    """Alembic's configuration without an ini file."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


@functools.cache
def head_revision() -> str:
    """The one revision this code expects."""
    (head,) = _revisions().keys() - set(_revisions().values())
    return head


def current_revision(connection: Connection) -> str | None:
    """The revision the database stands at; None for an empty one."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def refuse_newer_schema(revision: str | None, holder: str) -> None:
    """Raise SchemaAhead when ``holder``, a database or a backup, stands at a revision this program does not know."""
    if revision is not None and revision not in known_revisions():
        raise SchemaAhead(
            msg(
                "{holder} 处于版本 {revision}，本程序不认识（只认识到 {value}）；请用最后使用过它的更新版安址，或恢复更早的备份",
                holder=holder,
                revision=revision,
                value=head_revision(),
            )
        )


class SchemaWatch:
    """Looks, when a transaction begins and at most every ``LOOK_S``, whether a newer program migrated the database meanwhile.

    Once one has, every transaction is refused with SchemaAhead until the database is one this program knows again.
    """

    LOOK_S = 2.0

    def __init__(self) -> None:
        self._looked, self._ahead = -math.inf, False

    def over(self, sessions: sessionmaker[Session]) -> None:
        """Look whenever one of ``sessions`` begins a transaction."""
        event.listen(sessions, "after_begin", lambda _session, _transaction, connection: self.look(connection))

    def look(self, connection: Connection) -> None:
        """Raises SchemaAhead. Without the engine's knowledge, for nobody asked this statement."""
        if not self._ahead and time.monotonic() - self._looked < self.LOOK_S:
            return
        self._looked = time.monotonic()
        try:
            with closing(connection.connection.cursor()) as cursor:
                cursor.execute("SELECT version_num FROM alembic_version")
                (revision,) = cursor.fetchone() or (None,)
        except psycopg2.Error:  # what is asked next meets the same trouble, and tells of it
            with suppress(psycopg2.Error):
                connection.connection.rollback()
            return
        self._ahead = revision is not None and revision not in known_revisions()
        refuse_newer_schema(revision, msg("数据库"))


def known_revisions() -> frozenset[str]:
    """The revisions this program knows."""
    return frozenset(_revisions())


@functools.cache
def _revisions() -> dict[str, str | None]:
    """Every revision, and the one it stands on.

    Read as text: every command asks, and most have nothing to migrate.
    """
    files = [path.read_text("utf-8") for path in (MIGRATIONS / "versions").glob("[0-9]*.py")]
    told = [dict(_REVISION.findall(file)) for file in files]
    return {one["revision"]: one["down_revision"] or None for one in told}


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the head revision; one migrator at a time.

    Raises SchemaAhead when the database knows a revision this code does not.
    """
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            # Nothing to do is seen without waiting: a backup keeps migrators out for as long as it reads.
            if current_revision(connection) == head_revision():
                return
            connection.execute(text("SELECT pg_advisory_lock(hashtext('anzhi migrate'))"))
            connection.rollback()
            revision = current_revision(connection)
            refuse_newer_schema(revision, msg("数据库"))
            if revision != head_revision():
                _upgrade(url)
            connection.rollback()
    finally:
        engine.dispose()


def _upgrade(url: str) -> None:
    from alembic import command  # noqa: PLC0415

    command.upgrade(migration_config(url), "head")
