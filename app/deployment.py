"""A deployment at work: its settings, database and rulebook, found or started in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.settings import Settings
from gis_layers.database import migrate, open_engine, session_factory
from gis_layers.embedded import join_cluster
from risk_model.rulebook import RuleBook, load_rulebook


@dataclass(frozen=True, slots=True)
class Deployment:
    """What every door needs; ``url`` is the database's."""

    settings: Settings
    url: str
    engine: Engine
    sessions: sessionmaker[Session]
    rulebook: RuleBook


def connect(settings: Settings, url: str) -> Deployment:
    """A deployment on the migrated database at ``url``."""
    engine = open_engine(url)
    return Deployment(settings, url, engine, session_factory(engine), load_rulebook())


@contextmanager
def open_deployment(settings: Settings, say: Callable[[str], None]) -> Iterator[Deployment]:
    """Use the database named in the settings, or join (else start) the private cluster; migrate; close at the end."""
    if settings.database_url:
        with _migrated(settings, settings.database_url) as deployment:
            yield deployment
        return
    with join_cluster(settings.data_dir, say=say) as cluster, _migrated(settings, cluster.url) as deployment:
        yield deployment


@contextmanager
def _migrated(settings: Settings, url: str) -> Iterator[Deployment]:
    migrate(url)
    deployment = connect(settings, url)
    try:
        yield deployment
    finally:
        deployment.engine.dispose()
