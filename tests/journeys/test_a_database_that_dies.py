"""The private database killed, frozen and woken under a service that goes on; the service itself is never restarted."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from gis_layers.embedded.locks import taking_turns
from tests.journeys.test_starting_and_stopping import servers_of
from tests.running import Running, anzhi_here, start, until
from tests.saying import tells
from tests.sharing import reachable_folder


@pytest.fixture(scope="module")
def service() -> Iterator[Running]:
    with reachable_folder() as folder:
        running = start(folder / "data", "--empty")
        yield running
        running.stop(signal.SIGKILL)
        for left in servers_of(running.data_dir):
            psutil.Process(left).kill()


@pytest.fixture(scope="module")
def headers(service: Running) -> dict[str, str]:
    made = anzhi_here(service.data_dir, "token", "create", "--role", "viewer", "--name", "test")
    return {"Authorization": f"Bearer {made.stdout.strip().splitlines()[-1]}"}


def postmaster(service: Running) -> psutil.Process:
    return psutil.Process(int((service.data_dir / "postgres" / "postmaster.pid").read_text().split()[0]))


def health(service: Running) -> httpx.Response:
    return httpx.get(f"{service.base}/health", timeout=30)


def lines_about_the_database(service: Running) -> list[str]:
    return [
        line for line in service.said.read_text(encoding="utf-8").splitlines() if "database" in line or "数据库" in line
    ]


def worker_of(service: Running) -> int:
    (worker,) = [
        child.pid
        for child in psutil.Process(service.process.pid).children()
        if "spawn_main" in " ".join(child.cmdline())
    ]
    return worker


def test_a_killed_server_comes_back_under_the_same_service_and_worker(service: Running, headers: dict[str, str]):
    worker, killed = worker_of(service), postmaster(service)
    assert httpx.get(f"{service.base}/api/zones", headers=headers).status_code == 200
    with taking_turns(service.data_dir):  # whoever starts the server waits for this turn to end
        killed.kill()
        until(lambda: health(service).status_code == 503)
        assert health(service).json()["database"] == "gone"
        refused = httpx.get(f"{service.base}/api/zones", headers=headers, timeout=30)
        assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
        until(lambda: "the worker waits for the database" in service.said.read_text(encoding="utf-8"))
    until(lambda: health(service).status_code == 200)
    assert postmaster(service).pid != killed.pid
    answers = [httpx.get(f"{service.base}/api/zones", headers=headers).status_code for _ in range(5)]
    assert answers == [200] * 5
    until(lambda: "the worker works again" in service.said.read_text(encoding="utf-8"))
    assert worker_of(service) == worker
    said = lines_about_the_database(service)
    assert len([line for line in said if tells(line, "数据库服务器不在了；正在重新启动")]) == 1
    assert len([line for line in said if tells(line, "数据库服务器 {begun} 秒后恢复回应")]) == 1
    assert len([line for line in said if "the worker waits for the database" in line]) == 1
    assert "Traceback" not in service.said.read_text(encoding="utf-8")
    assert anzhi_here(service.data_dir, "user", "list", "--json").returncode == 0


def test_a_frozen_server_is_told_and_nobody_hangs(service: Running, headers: dict[str, str]):
    frozen = [postmaster(service), *postmaster(service).children()]
    for process in frozen:
        process.suspend()
    with ThreadPoolExecutor() as others:
        waiting = others.submit(httpx.get, f"{service.base}/api/zones", headers=headers, timeout=30)
        told = health(service)
        refused = waiting.result()
    assert (told.status_code, told.json()["status"], told.json()["database"]) == (503, "degraded", "frozen")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.headers["Content-Type"] == "application/problem+json"
    seen_by = {"Accept": "text/html", "Cookie": "anzhi_session=somebody"}
    page = httpx.get(f"{service.base}/registers", headers=seen_by, timeout=30)
    assert (page.status_code, "Retry-After" in page.headers) == (503, True)
    assert any(f"kill -CONT {frozen[0].pid}" in line for line in lines_about_the_database(service))
    for process in frozen:
        process.resume()
    until(lambda: health(service).status_code == 200)
    assert postmaster(service).pid == frozen[0].pid
    assert httpx.get(f"{service.base}/api/zones", headers=headers).status_code == 200


def test_the_service_ends_in_order_though_its_database_is_frozen_and_none_is_started_again(service: Running):
    for process in (postmaster(service), *postmaster(service).children()):
        process.suspend()
    assert service.stop(signal.SIGINT) == 0
    assert servers_of(service.data_dir) == []
    listed = anzhi_here(service.data_dir, "user", "list", "--json")
    assert (listed.returncode, servers_of(service.data_dir)) == (0, [])
