"""The service at work: ``anzhi up`` in a process of its own, asked over HTTP, and the SQL it asks in turn."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
import uvicorn
from sqlalchemy import event
from sqlalchemy.engine import make_url

from app.main import create_app
from app.platform.deployment import Deployment
from tests.benchmarks.alone import ROOT

_ANZHI = "from app.cli import main; main()"
_PATIENCE_S = 60.0


class Client:
    """One connection that is kept, asking one thing after the other."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def check(self, body: bytes) -> tuple[float, Any]:
        """Seconds from the first byte sent to the last received, and the answer."""
        seconds, content = self.ask("POST", "/api/siting/check", body)
        return seconds, json.loads(content)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[float, bytes]:
        """The same of any question, with the answer as it came. Raises RuntimeError for any status but 200."""
        began = time.perf_counter()
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"the service answered {answer.status}: {content[:300]!r}")
        return seconds, content

    def close(self) -> None:
        """Hang up; the next check opens the connection anew."""
        self.connection.close()


@contextmanager
def service(deployment: Deployment, token: str) -> Iterator[Client]:
    """``anzhi up`` on this deployment's database, one worker, and a client that reached it."""
    port = _free_port()
    environment = os.environ | {"ANZHI_DATABASE_URL": deployment.url}
    command = [sys.executable, "-c", _ANZHI, "up", "--empty", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_open(port, running=lambda: process.poll() is None)
            with closing(Client(port, token)) as client:
                yield client
        finally:
            process.terminate()


def statements_of(deployment: Deployment, token: str, bodies: list[bytes]) -> list[list[tuple[str, Any]]]:
    """The statements, with their parameters, by which the service answers each of ``bodies``."""
    port, heard = _free_port(), []

    def hear(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        heard.append((statement, parameters))

    config = uvicorn.Config(
        create_app(deployment, loopback=True), port=port, log_level="warning", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    event.listen(deployment.engine, "before_cursor_execute", hear)
    try:
        _wait_until_open(port, running=thread.is_alive)
        with closing(Client(port, token)) as client:
            client.check(bodies[0])
            taken = []
            for body in bodies:
                heard.clear()
                client.check(body)
                taken.append(list(heard))
    finally:
        event.remove(deployment.engine, "before_cursor_execute", hear)
        server.should_exit = True
        thread.join()
    return taken


@contextmanager
def bare_connection(deployment: Deployment) -> Iterator[Any]:
    """A cursor of the driver alone, without transaction, on this deployment's database."""
    address = make_url(deployment.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(address)) as bare:
        bare.autocommit = True
        with bare.cursor() as cursor:
            yield cursor


def wait_until_quiet(cursor: Any) -> None:
    """Wait until nobody reads in this database any more: the service has the edition in memory.

    It reads it once the first check wanted it; a reading that ends between two looks is over all the same.
    """
    patience, quiet = time.monotonic() + _PATIENCE_S, 0
    while quiet < 5 and time.monotonic() < patience:
        time.sleep(0.2)
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        quiet = 0 if cursor.fetchone()[0] else quiet + 1


def replay(cursor: Any, statements: list[tuple[str, Any]]) -> float:
    """Seconds of ``statements`` run bare, rows fetched and left."""
    began = time.perf_counter()
    for statement, parameters in statements:
        cursor.execute(statement, parameters)
        if cursor.description is not None:
            cursor.fetchall()
    return time.perf_counter() - began


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_open(port: int, *, running: Callable[[], bool]) -> None:
    patience = time.monotonic() + _PATIENCE_S
    while running() and time.monotonic() < patience:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the service did not start")
