"""A PostGIS of somebody else's goes away under a running service and comes back: told, waited for, never started by us."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from gis_layers.embedded import Cluster, join_cluster
from tests.journeys.test_a_database_that_dies import health, until, worker_of
from tests.running import Running, anzhi_here, start
from tests.sharing import reachable_folder


@dataclass
class Theirs:
    """A service on a database server that belongs to somebody else, who stops and starts it as they like."""

    service: Running
    server: Cluster
    environment: dict[str, str]

    def goes_away(self) -> None:
        self.server.server.stop()

    def comes_back(self) -> None:
        self.server.server.ensure_running(durable=False)

    def zones(self, **named: object) -> httpx.Response:
        return httpx.get(f"{self.service.base}/api/zones", timeout=30, **named)

    def lines(self) -> str:
        return self.service.said.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def theirs() -> Iterator[Theirs]:
    with reachable_folder() as folder, join_cluster(folder / "theirs", durable=False) as server:
        environment = {"ANZHI_DATABASE_URL": server.create_database("town")}
        service = start(folder / "ours", "--empty", environment=environment)
        try:
            yield Theirs(service, server, environment)
        finally:
            service.stop(signal.SIGKILL)


def test_it_is_told_waited_for_and_used_again(theirs: Theirs):
    made = anzhi_here(
        theirs.service.data_dir, "token", "create", "--role", "viewer", "--name", "t", **theirs.environment
    )
    headers = {"Authorization": f"Bearer {made.stdout.strip().splitlines()[-1]}"}
    assert theirs.zones(headers=headers).status_code == 200
    worker = worker_of(theirs.service)
    theirs.goes_away()
    until(lambda: health(theirs.service).status_code == 503)
    assert health(theirs.service).json()["database"] == "gone"
    refused = theirs.zones(headers=headers)
    assert (refused.status_code, refused.json()["code"], "Retry-After" in refused.headers) == (503, "database", True)
    page = theirs.zones(headers={"Accept": "text/html", "Cookie": "anzhi_session=somebody"})
    assert page.status_code == 503
    until(lambda: "the worker waits for the database" in theirs.lines())
    theirs.comes_back()
    until(lambda: health(theirs.service).status_code == 200)
    assert [theirs.zones(headers=headers).status_code for _ in range(5)] == [200] * 5
    until(lambda: "the worker works again" in theirs.lines())
    assert worker_of(theirs.service) == worker
    assert theirs.lines().count("the worker waits for the database") == 1
    assert "Traceback" not in theirs.lines()


def test_nobody_of_ours_starts_or_stops_what_is_theirs(theirs: Theirs):
    assert not (theirs.service.data_dir / "postgres").exists()
    theirs.goes_away()
    until(lambda: health(theirs.service).status_code == 503)
    asked = anzhi_here(theirs.service.data_dir, "user", "list", **theirs.environment)
    assert asked.returncode != 0
    assert "Traceback" not in asked.stderr
    assert not _runs(theirs.server.postgres_dir)
    assert theirs.service.stop(signal.SIGINT) == 0
    theirs.comes_back()
    assert _runs(theirs.server.postgres_dir)


def _runs(folder: Path) -> bool:
    told = folder / "postmaster.pid"
    return told.exists() and psutil.pid_exists(int(told.read_text(encoding="ascii").split()[0]))
