"""A real PostGIS for every test that asks: one cluster a run, one template built by the migrations, a copy each."""

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session, sessionmaker

from gis_layers.database import migrate, open_engine, session_factory
from gis_layers.embedded import Cluster, join_cluster

TEMPLATE = "anzhi_template"
_numbers = itertools.count()

# How long an example takes is the machine's matter: it says nothing about the law that is tried.
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """In a folder the server's unprivileged account can reach; pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="anzhi-tests-", dir="/tmp") as made:
        folder = Path(made)
        folder.chmod(0o711)
        with join_cluster(folder, durable=False) as running:
            migrate(running.create_database(TEMPLATE))
            yield running


@pytest.fixture
def database_url(cluster: Cluster) -> Iterator[str]:
    """A migrated, empty database of the test's own."""
    name = f"anzhi_{next(_numbers)}"
    yield cluster.create_database(name, template=TEMPLATE)
    cluster.drop_database(name)


@pytest.fixture
def sessions(database_url: str) -> Iterator[sessionmaker[Session]]:
    engine = open_engine(database_url)
    yield session_factory(engine)
    engine.dispose()
