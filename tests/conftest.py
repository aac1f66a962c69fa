"""A real PostGIS for every test that asks: one cluster a run, one template built by the migrations, a copy each."""

import itertools
import os
from collections.abc import Callable, Iterator
from functools import partialmethod
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from gis_layers.database import migrate, open_engine, session_factory
from gis_layers.demo.township import Township, build_township
from gis_layers.embedded import Cluster, join_cluster
from tests.sharing import folder_of_run, reachable_folder, value_made_once

os.environ["LC_ALL"] = (
    "C.UTF-8"  # the console speaks the language of its locale: English in tests that say nothing else
)
TEMPLATE = "anzhi_template"
_numbers = itertools.count()
LONGEST = (
    "browser/test_accessibility.py",
    "journeys/test_a_killed_import_loses_nothing.py",
    "journeys/test_backup_and_restore.py",
    "journeys/test_backups_refused.py",
    "gis_layers/test_demo.py",
    "browser/test_rulebook.py",
    "browser/test_guidance.py",
    "browser/test_areas.py",
    "browser/test_overview.py",
    "browser/test_paste_to_verdict.py",
    "journeys/test_grading.py",
    "benchmarks/test_benchmarks_run.py",
    "app/test_parallel.py",
    "app/test_sessions.py",
    "app/test_accounts.py",
    "app/test_rulebook_versions.py",
)
"""The files that take longest. They come first, so that none of them is left for one core alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    begin = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: begin.get(item.path, len(begin)))


# How long an example takes is the machine's matter: it says nothing about the law that is tried.
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")


# Whoever asks in a test stands on this machine, as with `anzhi up`, unless the test says from where and for which host.
TestClient.__init__ = partialmethod(TestClient.__init__, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is made once in this run, by whichever test process asks first."""
    return folder_of_run(tmp_path_factory)


@pytest.fixture(scope="session")
def township(shared: Path) -> Township:
    """The synthetic township as it is built, once for all who look at it."""
    return value_made_once(shared, "built.township", build_township)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One server for all tests of this process, with a migrated database to copy."""
    with reachable_folder() as folder, join_cluster(folder, durable=False) as running:
        migrate(running.create_database(TEMPLATE))
        yield running


@pytest.fixture(scope="session")
def copy_database(cluster: Cluster) -> Iterator[Callable[[str, str], str]]:
    """Copy a database under a new name; copying its files takes half the work of writing them through the log."""
    engine = create_engine(cluster.url_of("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        by_files = " STRATEGY FILE_COPY" if connection.dialect.server_version_info >= (15,) else ""

        def copy(template: str, name: str) -> str:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}{by_files}")
            return cluster.url_of(name)

        yield copy
    engine.dispose()


@pytest.fixture
def template(cluster: Cluster) -> str:
    """Which database the test's own is a copy of: a migrated, empty one."""
    return TEMPLATE


@pytest.fixture
def database_url(cluster: Cluster, template: str, copy_database: Callable[[str, str], str]) -> Iterator[str]:
    """A migrated database of the test's own, empty unless ``template`` says otherwise."""
    name = f"anzhi_{next(_numbers)}"
    yield copy_database(template, name)
    cluster.drop_database(name)


@pytest.fixture
def sessions(database_url: str) -> Iterator[sessionmaker[Session]]:
    engine = open_engine(database_url)
    yield session_factory(engine)
    engine.dispose()
