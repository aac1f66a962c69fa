"""One database server under its SQLAlchemy address: as psycopg2 and as PostgreSQL's own programs are told of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import make_dsn
from sqlalchemy.engine import make_url

from gis_layers import connections
from gis_layers.backups.errors import ServerLost
from risk_model.message import msg

Connection = Any
"""psycopg2's connection."""


def name_of(url: str) -> str:
    """The database an address leads to."""
    return make_url(url).database or "postgres"


def sibling(url: str, database: str) -> str:
    """The address of another database of the same server."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def connect(url: str) -> Connection:
    """A connection; raises ServerLost, without the password, where nobody answers."""
    try:
        return psycopg2.connect(**_words(url), connection_factory=connections.Connection)
    except psycopg2.OperationalError as trouble:
        raise ServerLost(
            msg(
                "无法连接数据库 {url}：{trouble}。请看 `anzhi doctor` 的说明",
                url=name_of(url),
                trouble=str(trouble).strip(),
            )
        ) from trouble


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection for the block; what the block wrote is kept when it ends well."""
    with closing(connect(url)) as connection, connection:
        yield connection


@contextmanager
def told_to_programs(url: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The address as `--dbname` of `pg_dump` takes it, and the open files the program must inherit with it.

    The password stands neither in the list of processes nor on a disk: the program reads it from a file in memory
    that is gone with the process that made it.
    """
    words = _words(url)
    password = words.pop("password", None)
    if password is None:
        yield make_dsn(**words), ()
        return
    secret = os.memfd_create("passfile", 0)
    try:
        os.fchmod(secret, 0o600)
        escaped = str(password).replace("\\", "\\\\").replace(":", "\\:")
        os.write(secret, f"*:*:*:*:{escaped}\n".encode())
        yield make_dsn(**words, passfile=f"/proc/self/fd/{secret}"), (secret,)
    finally:
        os.close(secret)


def _words(url: str) -> dict[str, Any]:
    address = make_url(url)
    _, words = address.get_dialect()().create_connect_args(address)
    return dict(words)
