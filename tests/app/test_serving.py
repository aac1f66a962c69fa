"""Ctrl-C ends the service in order, whatever its threads are doing."""

import contextlib
import signal
import subprocess
import sys
import time

import httpx

from tests.running import free_port

BUSY = """
import threading
from fastapi import FastAPI
from app.server import web as serving

serving.GRACE_S = serving.LEAVE_S = 0.2
app = FastAPI()
begun = threading.Event()


@app.get("/quick")
def quick() -> bool:
    return begun.is_set()


@app.get("/busy")
def busy() -> None:
    begun.set()
    while True:
        pass


try:
    serving.serve(app, "127.0.0.1", {port}, announce=lambda: print("open", flush=True), leaving=lambda: None)
finally:
    print("closed in order", flush=True)
serving.end_process()
"""


def test_a_thread_that_never_ends_does_not_hold_the_process():
    port = free_port()
    command = [sys.executable, "-c", BUSY.format(port=port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as service:
        assert service.stdout.readline() == "open\n"
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                assert client.get("/quick").json() is False
                with httpx.Client(timeout=0.2) as leaving, contextlib.suppress(httpx.TimeoutException):
                    leaving.get(f"http://127.0.0.1:{port}/busy")
                while not client.get("/quick").json():
                    time.sleep(0.05)
            service.send_signal(signal.SIGINT)
            assert service.wait(60) == 0
            assert service.stdout.read() == "closed in order\n"
        finally:
            service.kill()
