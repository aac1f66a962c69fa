"""Work for a client that left, or for a service that ends, is ended with it: in a real server, with real processes."""

import contextlib
import signal
import socket
import subprocess
import sys

import httpx
import psutil
import pytest

from tests.running import free_port, until

HEAVY = """
import time
from fastapi import FastAPI, Request
from app.server import web as serving
from app.platform.allowance import MANY_VERTICES, Allowance
from app.middleware.disconnects import ERRAND, Disconnects
from gis_layers.geometry import Bounds
from gis_layers.sandbox import Limits
from tests.app.test_spiky_outlines import spin

app = FastAPI()
app.add_middleware(Disconnects)
ended = []


def work(request):
    allowed = Allowance(Bounds(1, 1), Limits(wall_s=300), getattr(request.state, ERRAND).left)
    try:
        allowed.reckon(MANY_VERTICES + 1, spin, 300.0)
    except Exception as trouble:
        ended.append(type(trouble).__name__)
        raise


@app.post("/judge")
def judge(request: Request, body: dict) -> None:
    work(request)


@app.get("/count")
def count(request: Request) -> None:
    work(request)


@app.get("/ended")
def how() -> list[str]:
    return ended


try:
    serving.serve(app, "127.0.0.1", {port}, announce=lambda: print("open", flush=True), leaving=lambda: None)
finally:
    print("closed in order", flush=True)
serving.end_process()
"""


@pytest.fixture
def service():
    port = free_port()
    command = [sys.executable, "-c", HEAVY.replace("{port}", str(port))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout.readline() == "open\n"
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def busy_below(process: subprocess.Popen) -> list[psutil.Process]:
    """Processes under a service that compute: neither the nursery nor its branches do."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.status() == psutil.STATUS_RUNNING and child.cpu_times().user > 0.3:
                found.append(child)
    return found


def ask_and_leave(base: str, path: str) -> None:
    with httpx.Client(base_url=base, timeout=0.5) as client, contextlib.suppress(httpx.TimeoutException):
        client.get(path) if path == "/count" else client.post(path, json={"a": 1})


@pytest.mark.parametrize("path", ["/judge", "/count"])
def test_whoever_leaves_takes_the_work_along(service, path):
    _, base = service
    ask_and_leave(base, path)
    with httpx.Client(base_url=base, timeout=60) as client:
        assert until(lambda: client.get("/ended").json()) == ["ConfinedCancelled"]


def test_ctrl_c_ends_a_busy_judge_and_its_process(service):
    process, base = service
    address = httpx.URL(base)
    with socket.create_connection((address.host, address.port)) as waiting:
        waiting.sendall(b"GET /count HTTP/1.1\r\nHost: a\r\n\r\n")
        below = until(lambda: busy_below(process))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert process.stdout.read() == "closed in order\n"
    gone, left = psutil.wait_procs(below, timeout=10)
    assert (len(gone), left) == (len(below), [])
