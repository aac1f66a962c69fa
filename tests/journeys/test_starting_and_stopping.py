"""Starting, stopping, killing and starting again, as it happens on somebody's machine."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from tests.running import anzhi, start
from tests.sharing import reachable_folder


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder / "data"


def servers_of(data_dir: Path) -> list[int]:
    """Database servers that run on a data folder."""
    named = [process for process in psutil.process_iter(["name", "cwd"]) if process.info["name"] == "postgres"]
    return [process.pid for process in named if (process.info["cwd"] or "").startswith(str(data_dir))]


def half_a_request(base: str) -> socket.socket:
    """A connection on which a body begins to come and does not go on."""
    address = urlsplit(base)
    opened = socket.create_connection((address.hostname, address.port))
    opened.sendall(b"POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
    return opened


def test_an_empty_deployment_starts_stops_and_starts_again_with_its_data(data_dir: Path):
    first = start(data_dir, "--empty")
    made = first.anzhi("token", "create", "--role", "viewer", "--name", "test")
    token = made.stdout.strip().splitlines()[-1]
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{first.base}/api/zones").status_code == 401
    assert httpx.get(f"{first.base}/api/zones", headers=headers).json()["total"] == 0
    assert servers_of(data_dir)
    with half_a_request(first.base):  # who never finishes a request does not hold the service either
        assert first.stop(signal.SIGINT) == 0
    assert servers_of(data_dir) == []
    second = start(data_dir, "--empty")
    assert httpx.get(f"{second.base}/api/zones", headers=headers).status_code == 200
    assert second.stop(signal.SIGTERM) in (0, -signal.SIGTERM)


def test_after_a_kill_the_next_start_adopts_what_is_left_and_stops_it(data_dir: Path):
    killed = start(data_dir, "--empty")
    killed.stop(signal.SIGKILL)
    again = start(data_dir, "--empty")
    assert httpx.get(f"{again.base}/health").json()["status"] == "ok"
    assert again.stop(signal.SIGINT) == 0
    assert servers_of(data_dir) == []


def test_an_occupied_port_ends_in_advice_before_anything_is_started(data_dir: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = anzhi(data_dir, "up", "--port", taken.getsockname()[1])
    assert refused.returncode == 1
    assert "--port" in refused.stderr
    assert not data_dir.exists()


def test_wrong_usage_exits_with_two(data_dir: Path):
    assert anzhi(data_dir, "import", "zones", "/nowhere/at/all.shp").returncode == 2
    assert anzhi(data_dir, "up", "--port", "0").returncode == 2


def test_a_wrong_setting_is_named(data_dir: Path):
    refused = anzhi(data_dir, "doctor", ANZHI_CONSOLE_PUBLISH="sometimes")
    assert refused.returncode == 1
    assert "ANZHI_CONSOLE_PUBLISH" in refused.stderr


def test_the_doctor_finds_a_fresh_installation_well(data_dir: Path):
    report = anzhi(data_dir, "doctor", "--json")
    assert report.returncode == 0, report.stderr
    assert '"well": true' in report.stdout
