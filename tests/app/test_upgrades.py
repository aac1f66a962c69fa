"""A deployment in use, carried from every released schema to the present one: nothing that stood is lost or changed."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from app.assessments.service import GradingOrder, grade_town
from app.exchange.township import load_township
from app.platform.deployment import connect
from app.platform.settings import Settings
from app.platform.work import Work
from gis_layers.database import MIGRATIONS, migrate, migration_config
from gis_layers.embedded import Cluster
from tests.conftest import TEMPLATE

OF_USE = (Path(__file__).parents[1] / "data" / "rows_of_use.sql").read_text("utf-8")
OURS = """
SELECT table_name, column_name FROM information_schema.columns JOIN pg_tables ON table_name = tablename
WHERE table_schema = 'public' AND schemaname = 'public' AND tablename NOT IN ('alembic_version', 'spatial_ref_sys')
ORDER BY table_name, column_name
"""
SCRIPTS = ScriptDirectory(str(MIGRATIONS))
RELEASED = [one.revision for one in SCRIPTS.walk_revisions()]
"""Newest first."""

Columns = dict[str, list[str]]


def columns_of(connection: Connection) -> Columns:
    found: Columns = {}
    for table, column in connection.execute(text(OURS)):
        found.setdefault(table, []).append(column)
    return found


def stands(connection: Connection, columns: Columns) -> dict[str, tuple[int, str]]:
    """Rows of each table in these columns: how many, and a digest of them all."""
    found = {}
    for table, names in columns.items():
        listed = ", ".join(f'"{name}"::text' for name in names)
        rows = f'SELECT md5(row({listed})::text) AS row FROM "{table}"'
        digest = f"SELECT count(*), md5(string_agg(row, ',' ORDER BY row)) FROM ({rows}) found"
        found[table] = tuple(connection.execute(text(digest)).one())
    return found


def common(before: Columns, after: Columns) -> Columns:
    kept = {table: [name for name in names if name in after.get(table, [])] for table, names in before.items()}
    return {table: names for table, names in kept.items() if names}


@pytest.fixture(scope="module")
def in_use(copy_database: Callable[[str, str], str]) -> str:
    """A database with rows in every table; its name."""
    url = copy_database(TEMPLATE, "anzhi_in_use")
    deployment = connect(Settings(), url)
    with deployment.sessions.begin() as session:
        work = Work(session, deployment)
        load_township(work)
        grade_town(work, GradingOrder("village", "clerk"))
        session.connection().exec_driver_sql(OF_USE)
    deployment.engine.dispose()
    return "anzhi_in_use"


@pytest.fixture
def opened(cluster: Cluster) -> Callable[[str], AbstractContextManager[Connection]]:
    """Connect to a database by its name, so that afterwards no connection keeps it from being copied."""

    @contextmanager
    def connect_to(name: str) -> Iterator[Connection]:
        engine = create_engine(cluster.url_of(name), poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    return connect_to


def test_every_released_schema_full_of_rows_is_carried_to_the_present(cluster, copy_database, in_use, opened):
    with opened(in_use) as connection:
        every = columns_of(connection)
        assert [table for table, (count, _) in stands(connection, every).items() if count == 0] == []
    older = copy_database(in_use, "anzhi_older")
    for revision in RELEASED:
        if revision != RELEASED[0]:
            command.downgrade(migration_config(older), revision)
        with opened("anzhi_older") as connection:
            asked = common(columns_of(connection), every)
            before = stands(connection, asked)
        migrate(copy_database("anzhi_older", "anzhi_carried"))
        with opened("anzhi_carried") as connection:
            assert columns_of(connection) == every, revision
            after = stands(connection, asked)
        assert {table: after[table] for table in asked if after[table] != before[table]} == {}, revision
        cluster.drop_database("anzhi_carried")
