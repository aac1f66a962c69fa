"""Officers who write in drafts at the same time while what they write to is killed, and what holds afterwards."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import shapely

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60.0
STEP = 0.0002
"""Degrees between the zones of one writer: none meets another."""


@dataclass
class Writer:
    """An officer who draws zone after zone; what was answered is ``acknowledged``, what never was is ``unknown``."""

    base: str
    token: str
    draft: int
    name: str
    place: tuple[float, float]
    acknowledged: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def write(self, count: int) -> None:
        """Draw until so many were acknowledged; a zone nobody answered for is left, and the next one drawn."""
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=self.base, headers=headers, timeout=PATIENCE_S) as client:
            while len(self.acknowledged) < count:
                self._draw(client)

    def _draw(self, client: httpx.Client) -> None:
        address = f"/api/zones/drafts/{self.draft}"
        tried = len(self.acknowledged) + len(self.unknown)
        name, (west, south) = f"{self.name}-{tried}", self.place
        square = shapely.box(west + tried * STEP, south, west + (tried + 0.5) * STEP, south + STEP / 2)
        about = {"hazard": "flood", "product": "hazard", "grade_rank": 3, "name": name}
        body = {"op": "create", "geometry": square.__geo_interface__, "attributes": about}
        answer = None
        while answer is None or answer.status_code == httpx.codes.PRECONDITION_FAILED:
            tag = _read(client, address).headers["ETag"]
            try:
                answer = client.post(f"{address}/edits", json=body, headers={"If-Match": tag})
            except httpx.TransportError:
                self.unknown.append(name)
                return
        done = answer.status_code == httpx.codes.OK
        assert done or answer.is_server_error, answer.text
        (self.acknowledged if done else self.unknown).append(name)


def _read(client: httpx.Client, address: str, **asked: str) -> httpx.Response:
    """What is answered as soon as somebody answers: the web process or the database may just have been killed."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            answer = client.get(address, params=asked)
            if answer.is_success:
                return answer
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise AssertionError("nobody answers any more")


def write_together(writers: list[Writer], count: int) -> list[threading.Thread]:
    """Threads in which every writer draws ``count`` zones."""
    threads = [threading.Thread(target=one.write, args=(count,), daemon=True) for one in writers]
    for thread in threads:
        thread.start()
    return threads


def check_written(writers: list[Writer]) -> None:
    """Whatever was acknowledged is there once, whatever was not at most once; every edit is one zone, and numbered in turn."""
    for draft in {one.draft for one in writers}:
        here = [one for one in writers if one.draft == draft]
        headers = {"Authorization": f"Bearer {here[0].token}"}
        with httpx.Client(base_url=here[0].base, headers=headers, timeout=PATIENCE_S) as client:
            told = _read(client, f"/api/zones/drafts/{draft}").json()
            zones = _read(client, f"/api/zones/drafts/{draft}/zones", hazard="flood").json()["items"]
        drawn = Counter(zone["name"] for zone in zones if zone["change"] == "create")
        acknowledged = {name for one in here for name in one.acknowledged}
        unknown = {name for one in here for name in one.unknown}
        assert acknowledged <= drawn.keys() <= acknowledged | unknown
        assert set(drawn.values()) <= {1}
        assert [edit["number"] for edit in told["edits"]] == list(range(1, len(drawn) + 1))
        assert told["changes"]["create"] == len(drawn)


class Servers:
    """Web processes on one database and one port (``tests.zone_servers``), each ended by SIGKILL."""

    def __init__(self, url: str, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self._forking = subprocess.Popen(
            [sys.executable, "-m", "tests.zone_servers", url, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )  # fmt: skip
        self._serving = 0

    def start(self) -> None:
        """Start one and wait until it answers."""
        assert self._forking.stdin is not None
        assert self._forking.stdout is not None
        self._forking.stdin.write(b"1")
        self._forking.stdin.flush()
        self._serving = int.from_bytes(self._forking.stdout.read(8))
        assert self._serving, "the process that forks has ended"
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.base}/health", timeout=PATIENCE_S)
            except httpx.TransportError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("no web process answers")

    def kill(self) -> None:
        """Kill the one that serves, where it lives."""
        with suppress(ProcessLookupError):
            os.kill(self._serving, signal.SIGKILL)

    def close(self) -> None:
        """Kill it, and let the process that forks end."""
        if self._serving:
            self.kill()
        self._forking.communicate(timeout=PATIENCE_S)
