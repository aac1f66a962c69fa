"""Joining the private cluster of a data folder, and the databases in it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from gis_layers import connections
from gis_layers.embedded.binaries import find_server_binaries
from gis_layers.embedded.errors import ClusterBroken
from gis_layers.embedded.folders import settle
from gis_layers.embedded.initialise import SUPERUSER, ensure_initialised, read_cluster_major
from gis_layers.embedded.keeper import kept_running
from gis_layers.embedded.locks import counted_among_users
from gis_layers.embedded.postmaster import PORT, Postmaster
from gis_layers.embedded.server import Server
from risk_model.message import msg

DATABASE = "anzhi"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cluster:
    """A running PostGIS server. `binaries` holds the `pg_dump` and `pg_restore` that belong to it."""

    socket_dir: Path
    postgres_dir: Path
    binaries: Path
    server: Server
    durable: bool

    @property
    def home(self) -> Path:
        """The folder with the server's data and locks, where the deployment keeps its other files too."""
        return self.server.place.home

    def kept_running(self) -> AbstractContextManager[None]:
        """Have the server started again whenever it is gone, until the end of the block."""
        return kept_running(self.server, durable=self.durable)

    @property
    def url(self) -> str:
        """The SQLAlchemy address of the database `anzhi`."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The SQLAlchemy address of one database of this cluster."""
        return f"postgresql+psycopg2://{SUPERUSER}@/{quote(database, safe='')}?host={self.socket_dir}&port={PORT}"

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Make a database with PostGIS, or a copy of the database `template` to which nobody is connected.

        Answers its SQLAlchemy address; one that is already there is left as it is.
        """
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        if not self._has_database(name):
            self._execute(create.format(sql.Identifier(name), sql.Identifier(template or "template1")))
        if template is None:
            self._execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS postgis"), database=name)
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Remove a database and end every session in it; one that is not there is no error."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _has_database(self, name: str) -> bool:
        return bool(self._execute(sql.SQL("SELECT 1 FROM pg_database WHERE datname = {}").format(sql.Literal(name))))

    def _execute(self, statement: sql.Composable, *, database: str = "postgres") -> int:
        with closing(
            psycopg2.connect(
                host=str(self.socket_dir),
                port=PORT,
                user=SUPERUSER,
                dbname=database,
                connection_factory=connections.Connection,
            )
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.rowcount


@contextmanager
def join_cluster(data_dir: Path, *, say: Callable[[str], None] = _log.info, durable: bool = True) -> Iterator[Cluster]:
    """Use the private cluster of a data folder: made, started or adopted as needed, stopped by its last user.

    `say` is told what takes more than a second and where the data lies when that is not below `data_dir`.
    `durable=False` trades safety in a power cut for speed and is meant for tests; a server that already runs keeps
    its own setting. Raises the errors of `gis_layers.embedded.errors`.
    """
    place = settle(data_dir, say=say)
    server = Server(place, find_server_binaries(major=read_cluster_major(place.postgres_dir)), say)
    joined: list[Cluster] = []

    def arrive() -> None:
        ensure_initialised(place, server.binaries, say=say, durable=durable)
        joined.append(_open_cluster(server, server.ensure_running(durable=durable), durable=durable))

    with counted_among_users(place.home, arrive=arrive, leave_last=server.stop):
        yield joined[0]


def _open_cluster(server: Server, running: Postmaster, *, durable: bool) -> Cluster:
    cluster = Cluster(running.socket_dir, server.place.postgres_dir, server.binaries, server, durable)
    try:
        cluster.create_database(DATABASE)
    except psycopg2.OperationalError as trouble:
        raise ClusterBroken(
            msg(
                "数据库服务器（进程 {pid}）在运行，但在 {socket_dir} 没有回应：{trouble}。若是被人暂停的，`kill -CONT {pid}` 可让它继续；否则用 `kill -9 {pid}` 结束它再重新开始：已保存的内容不会丢失",
                pid=running.pid,
                socket_dir=running.socket_dir,
                trouble=str(trouble).strip(),
            )
        ) from trouble
    return cluster
