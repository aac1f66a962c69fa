"""A deployment in use, carried from every released schema to the present one: nothing that stood is lost or changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from gis_layers.database import MIGRATIONS, migrate, migration_config
from gis_layers.embedded import Cluster, join_cluster
from gis_layers.embedded.cluster import DATABASE
from tests.running import copy_township
from tests.sharing import reachable_folder

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
def town(shared: Path) -> Iterator[Cluster]:
    """A server with the township as a first start leaves it, and rows in every table beside it."""
    with reachable_folder() as folder:
        copy_township(shared, folder / "data")
        with join_cluster(folder / "data", durable=False) as cluster:
            with opened(cluster, DATABASE) as connection:
                connection.exec_driver_sql(OF_USE)
                connection.commit()
            yield cluster


@contextmanager
def opened(cluster: Cluster, name: str) -> Iterator[Connection]:
    """A connection that afterwards keeps nobody from copying the database."""
    engine = create_engine(cluster.url_of(name), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def copied(cluster: Cluster, template: str, name: str) -> str:
    with opened(cluster, "postgres") as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        by_files = " STRATEGY FILE_COPY" if (connection.dialect.server_version_info or ()) >= (15,) else ""
        alone.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}{by_files}")
    return cluster.url_of(name)


def test_every_released_schema_full_of_rows_is_carried_to_the_present(town):
    with opened(town, DATABASE) as connection:
        every = columns_of(connection)
        assert [table for table, (count, _) in stands(connection, every).items() if count == 0] == []
    older = copied(town, DATABASE, "anzhi_older")
    for revision in RELEASED:
        if revision != RELEASED[0]:
            command.downgrade(migration_config(older), revision)
        with opened(town, "anzhi_older") as connection:
            asked = common(columns_of(connection), every)
            before = stands(connection, asked)
        migrate(copied(town, "anzhi_older", "anzhi_carried"))
        with opened(town, "anzhi_carried") as connection:
            assert columns_of(connection) == every, revision
            after = stands(connection, asked)
        assert {table: after[table] for table in asked if after[table] != before[table]} == {}, revision
        town.drop_database("anzhi_carried")
