"""The private database killed and frozen again and again under load, with how long each return and each end took.

.venv/bin/python -m tests.soak.dying_database [ROUNDS]
"""

import os
import random
import signal
import sys
import threading
import time
from contextlib import suppress

import httpx
import psutil

from tests.running import Running, start
from tests.sharing import reachable_folder

ROUNDS = 4
BACK_WITHIN_S = 60
TOLD_WITHIN_S = 3.0
END_WITHIN_S = 10.0


def tell(figures: str) -> None:
    sys.stderr.write(f"{figures}\n")


def postmaster(service: Running) -> psutil.Process:
    return psutil.Process(int((service.data_dir / "postgres" / "postmaster.pid").read_text().split()[0]))


def health(service: Running) -> httpx.Response:
    return httpx.get(f"{service.base}/health", timeout=30)


def await_health(service: Running, status: int) -> float:
    """For how many seconds it took until health answered so."""
    began = time.monotonic()
    while health(service).status_code != status:
        assert time.monotonic() - began < BACK_WITHIN_S, f"no {status} within {BACK_WITHIN_S} s"
        time.sleep(0.02)
    return time.monotonic() - began


def ask_all_the_time(service: Running, over: threading.Event, seen: dict[int, int]) -> None:
    paths = ("/api/zones", "/api/editions", "/")
    with httpx.Client(base_url=service.base, timeout=60, headers={"Cookie": "anzhi_session=somebody"}) as client:
        while not over.is_set():
            status = client.get(random.choice(paths)).status_code
            seen[status] = seen.get(status, 0) + 1


def kill(service: Running) -> None:
    postmaster(service).kill()
    gone = await_health(service, 503)
    tell(f"killed: told after {gone:.2f} s, back after {await_health(service, 200):.2f} s more")


def suspended(service: Running) -> list[psutil.Process]:
    """The server and its processes, each stopped; one that ended meanwhile is none of them."""
    stopped = []
    for process in (postmaster(service), *postmaster(service).children()):
        with suppress(psutil.NoSuchProcess):
            process.suspend()
            stopped.append(process)
    return stopped


def freeze(service: Running) -> None:
    family = suspended(service)
    began = time.monotonic()
    told = health(service)
    took = time.monotonic() - began
    assert told.json()["database"] == "frozen", told.text
    assert took < TOLD_WITHIN_S, f"a frozen database was told after {took:.1f} s"
    time.sleep(10)
    for process in family:
        process.resume()
    tell(f"frozen: told after {took:.2f} s, awake after {await_health(service, 200):.2f} s")


def end(service: Running, *, frozen: bool) -> None:
    if frozen:
        suspended(service)
    began = time.monotonic()
    os.killpg(service.process.pid, signal.SIGINT)
    code = service.process.wait(60)
    took = time.monotonic() - began
    tell(f"ended with code {code} after {took:.2f} s ({'frozen' if frozen else 'well'})")
    assert code == 0
    assert took < END_WITHIN_S


def test_kills_and_freezes_under_load_are_told_and_survived_and_every_end_is_short():
    with reachable_folder() as folder:
        service = start(folder / "data", "--empty")
        over, seen = threading.Event(), {}
        asking = [threading.Thread(target=ask_all_the_time, args=(service, over, seen)) for _ in range(4)]
        for thread in asking:
            thread.start()
        try:
            for _ in range(ROUNDS):
                kill(service)
                freeze(service)
        except BaseException:
            service.stop(signal.SIGKILL)
            raise
        finally:
            over.set()
            for thread in asking:
                thread.join()
        tell(f"answers by status: {dict(sorted(seen.items()))}")
        assert not set(seen) - {200, 303, 401, 503}, seen
        end(service, frozen=False)
        end(start(folder / "data", "--empty"), frozen=True)
