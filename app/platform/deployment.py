"""A deployment at work: its settings, database and rulebooks, found or started in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.platform.edition_memory import EditionMemory
from app.platform.rulebooks import RulebookCache, settle_rulebook
from app.platform.settings import Settings
from gis_layers.backups import finish_restore
from gis_layers.database import (
    ConnectionLimits,
    SchemaAhead,
    current_revision,
    migrate,
    open_engine,
    refuse_newer_schema,
    session_factory,
)
from gis_layers.embedded import home_of, join_cluster
from risk_model.message import msg


@dataclass(frozen=True, slots=True)
class Deployment:
    """Things every door needs, outside of any transaction; ``url`` is the database's."""

    settings: Settings
    url: str = field(repr=False)
    engine: Engine
    sessions: sessionmaker[Session]
    books: RulebookCache
    editions: EditionMemory = field(default_factory=EditionMemory)


def data_folders(settings: Settings) -> list[Path]:
    """The folders this deployment writes to: its own, and the private cluster's where that lies elsewhere."""
    own = settings.data_dir.expanduser().absolute()
    return [own] if settings.database_url else list(dict.fromkeys([home_of(own), own]))


def connect(settings: Settings, url: str) -> Deployment:
    """A deployment on the migrated database at ``url``, with the rules that came with the software in force.

    Raises SchemaAhead where a newer program migrated it since.
    """
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            refuse_newer_schema(current_revision(connection), msg("数据库"))
    except SchemaAhead:
        engine.dispose()
        raise
    deployment = Deployment(settings, url, engine, session_factory(engine), RulebookCache())
    settle_rulebook(deployment.sessions, deployment.books)
    return deployment


@contextmanager
def open_deployment(settings: Settings, say: Callable[[str], None], *, keep: bool = False) -> Iterator[Deployment]:
    """Use the database named in the settings, or join (else start) the private cluster; migrate; close at the end.

    ``keep`` has the private server started again whenever it dies meanwhile, for those who serve for long.
    """
    if settings.database_url:
        with _migrated(settings, settings.database_url) as deployment:
            yield deployment
        return
    with (
        join_cluster(settings.data_dir, say=say) as cluster,
        cluster.kept_running() if keep else nullcontext(),
        _migrated(settings, cluster.url) as deployment,
    ):
        yield deployment


@contextmanager
def database_address(settings: Settings, say: Callable[[str], None]) -> Iterator[str]:
    """The address of the database as it is, whatever it holds: nothing is migrated and nothing is read."""
    if settings.database_url:
        yield settings.database_url
        return
    with join_cluster(settings.data_dir, say=say) as cluster:
        yield cluster.url


@contextmanager
def limited(deployment: Deployment, limits: ConnectionLimits) -> Iterator[Deployment]:
    """The same deployment on connections of its own, with an end to what each may ask."""
    engine = open_engine(deployment.url, limits)
    try:
        yield replace(deployment, engine=engine, sessions=session_factory(engine))
    finally:
        engine.dispose()


@contextmanager
def _migrated(settings: Settings, url: str) -> Iterator[Deployment]:
    finish_restore(url, settings.data_dir.expanduser().absolute())
    migrate(url)
    deployment = connect(settings, url)
    try:
        yield deployment
    finally:
        deployment.engine.dispose()
