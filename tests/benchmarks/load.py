"""Many clients at once: how they are answered, and whether the service can still be watched over, before and since the gate."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.benchmarks.alone import ROOT
from tests.benchmarks.crowd import CUT, PATIENCE_S, Answered, Asked, Crowd, answers_of, send_crowd, start_crowd
from tests.benchmarks.measured import FULL, Measured, Ratio, Size, at_most
from tests.running import free_port

NAME = "load"
QUESTION = (
    "Many clients at once on the synthetic township: how they are answered while somebody watches over the service."
)
BEFORE = "465caef"
"""The last state without an admission gate."""
CHECK = json.dumps(
    {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [[[99.75, 39.3], [99.751, 39.3], [99.751, 39.301], [99.75, 39.3]]]},
        "properties": {"name": "site", "project_class": "K4"},
    }
)  # fmt: skip
TILES = [Asked("GET", f"/tiles/zones/14/{x}/{y}.mvt") for x in range(12730, 12742) for y in range(6230, 6242)]
MIX = [
    one
    for tile in TILES
    for one in (Asked("GET", "/"), tile, Asked("POST", "/api/siting/check", CHECK), Asked("GET", "/api/places?q=cun"))
]
STATIC = Asked("GET", "/static/js/map.js")
HEALTH = Asked("GET", "/health")


@dataclass(frozen=True, slots=True)
class Started:
    """A service at work: where it listens, its process (None: it shares this one), and its folder where it has one."""

    port: int
    pid: int | None = None
    data_dir: Path | None = None

    def resident_mb(self) -> float:
        """Resident memory of the web process alone; NaN where it is not known."""
        if self.pid is None:
            return float("nan")
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


Start = Callable[[], AbstractContextManager[Started]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A crowd and what it asks."""

    name: str
    crowd: Crowd
    asked: Sequence[Asked]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a crowd was answered, and meanwhile whoever asked after the service's health and for a static file."""

    answers: list[Answered]
    health: list[Answered]
    static: list[Answered]
    memory_mb: tuple[float, float]

    def share(self, *statuses: int) -> float:
        """The share of answers of these statuses."""
        return sum(one.status in statuses for one in self.answers) / len(self.answers)

    @property
    def failed(self) -> int:
        """Answers that are the service's failure, and connections that were cut."""
        return sum(one.status in (CUT, 500) for one in self.answers)

    def late_s(self, share: float) -> float:
        return late(self.answers, share)


def scenes(size: Size) -> list[Scene]:
    """The crowds of the size that is asked for."""
    many = (150, 80, 200) if size.zones >= FULL.zones else (15, 8, 20)
    return [
        Scene(f"{many[0]} clients × 4 at once", Crowd(many[0], 4), MIX),
        Scene(f"{many[1]} clients × 3 tiles at once", Crowd(many[1], 3), TILES),
        Scene(f"{many[2]} clients, thinking 3 s", Crowd(many[2], 1, 6, thinking_s=3.0, within_s=3.0), MIX),
    ]


def measure(size: Size) -> Measured:
    """Both states of the service on the same township, each scene on a service freshly started, in turn."""
    with ExitStack() as kept:
        services = {"now": kept.enter_context(township(ROOT))}
        earlier = kept.enter_context(earlier_tree())
        if earlier is not None:
            services["before"] = kept.enter_context(township(earlier))
        return compare(scenes(size), services, rounds=max(1, size.rounds // 3))


def compare(asked: Sequence[Scene], services: Mapping[str, Start], *, rounds: int) -> Measured:
    """Every scene on every service, as often as ``rounds``."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for scene in [scene for _ in range(rounds) for scene in asked]:
        for name, start in services.items():
            with start() as service:
                found.setdefault((name, scene.name), []).append(play(service, scene))
    rows = [_row(name, scene, outcome) for (name, scene), outcomes in found.items() for outcome in outcomes]
    return Measured(_COLUMNS, rows, _goals(asked, found), _notes(services))


def play(service: Started, scene: Scene) -> Outcome:
    """One crowd, after the service was asked once for everything the crowd asks for."""
    send_crowd(service.port, Crowd(1, 1, 4), scene.asked)
    began_mb = service.resident_mb()
    watching = [start_crowd(service.port, Crowd(1, 1, 10_000, thinking_s=0.2), [one]) for one in (HEALTH, STATIC)]
    time.sleep(1.0)  # the watchers are at their posts before the crowd comes
    answers = send_crowd(service.port, scene.crowd, scene.asked)
    for watcher in watching:
        watcher.send_signal(signal.SIGINT)
    health, static = (answers_of(watcher) for watcher in watching)
    return Outcome(answers, health, static, (began_mb, service.resident_mb()))


def late(answers: Sequence[Answered], share: float) -> float:
    """The seconds within which ``share`` per cent were answered."""
    return float(np.percentile([one.seconds for one in answers], share))


@contextmanager
def township(tree: Path) -> Iterator[Start]:
    """The synthetic township in a folder of its own, built by the program in ``tree``; what is given starts it."""
    with TemporaryDirectory(prefix="anzhi-load-") as folder:
        Path(folder).chmod(0o711)
        yield lambda: started(tree, Path(folder) / "data")


@contextmanager
def started(tree: Path, data_dir: Path, *options: str) -> Iterator[Started]:
    """``anzhi up`` of the program in ``tree`` on a folder of data, without a worker."""
    port = free_port()
    command = [sys.executable, "-c", "from app.cli import main; main()", "up", "--port", str(port)]
    kept = ["--data-dir", str(data_dir), "--no-worker", *options]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    process = subprocess.Popen([*command, *kept], cwd=tree, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_until_well(port, process)
        yield Started(port, process.pid, data_dir)
    finally:
        _end(process)


@contextmanager
def earlier_tree() -> Iterator[Path | None]:
    """The program as it was at ``BEFORE``; None where the repository does not reach back so far."""
    asked = ["git", "-C", str(ROOT), "archive", BEFORE]
    packed = subprocess.run(asked, capture_output=True, check=False)
    if packed.returncode:
        yield None
        return
    with TemporaryDirectory(prefix="anzhi-before-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(folder, filter="data")
        (Path(folder) / "static" / "vendor").symlink_to(ROOT / "static" / "vendor")
        yield Path(folder)


def _wait_until_well(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        if [one.status for one in send_crowd(port, Crowd(1, 1), [HEALTH])] == [200]:
            return
        time.sleep(0.5)
    raise RuntimeError(f"the service ended with {process.returncode} before it answered")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:  # a frozen service does not hear; its database is adopted by the next start
        process.kill()
        process.wait()


_COLUMNS = ("service", "crowd", "requests", "answered", "503", "500", "cut", "p50 s", "p99 s", "health p95 / longest ms",
            "static p95 ms", "RSS MB")  # fmt: skip


def _row(name: str, scene: str, outcome: Outcome) -> tuple[str, ...]:
    count = Counter(one.status for one in outcome.answers)
    answered = sum(number for status, number in count.items() if 200 <= status < 300)
    before, after = outcome.memory_mb
    return (
        name, scene, str(len(outcome.answers)), str(answered), *(str(count[status]) for status in (503, 500, CUT)),
        f"{outcome.late_s(50):.2f}", f"{outcome.late_s(99):.2f}",
        f"{1000 * late(outcome.health, 95):.0f} / {1000 * late(outcome.health, 100):.0f}",
        f"{1000 * late(outcome.static, 95):.0f}", f"{before:.0f} → {after:.0f}",
    )  # fmt: skip


def _goals(asked: Sequence[Scene], found: Mapping[tuple[str, str], list[Outcome]]) -> list[Ratio]:
    """The worst of all rounds against what is aimed at."""
    now = {scene.name: found["now", scene.name] for scene in asked}
    together, thinking = now[asked[0].name], now[asked[-1].name]
    everybody = [outcome for outcomes in now.values() for outcome in outcomes]
    return [
        at_most("answers 500 and connections cut", max(one.failed for one in everybody), 0),
        at_most("4 at once: share of 503", max(one.share(503) for one in together), 0.05),
        at_most("4 at once: p99, s", max(one.late_s(99) for one in together), 15),
        at_most("4 at once: health p95, s", max(late(one.health, 95) for one in together), 0.25),
        at_most("4 at once: health, longest, s", max(late(one.health, 100) for one in together), 1),
        at_most("thinking: p99, s", max(one.late_s(99) for one in thinking), 3),
    ]


def _notes(services: Mapping[str, Start]) -> list[str]:
    told = [
        (
            "The crowd is a process of its own on the same two cores and keeps its connections; the mix is the overview, a tile, a check and a"
            " search for a place, in turn. Meanwhile one client asks for `/health` and another for a static file, five times a second."
        ),
        f"Whoever has no answer after {PATIENCE_S:.0f} s gives up and counts as cut. RSS is the web process alone, before the crowd and after.",
        "The values are absolute and those of the worst round: the machine's own load goes into them as into nothing else here.",
    ]
    if "before" in services:
        return [*told, f"“before” is the program at {BEFORE}, with the same libraries and the same township."]
    return [*told, f"The repository does not reach back to {BEFORE}, so nothing stands beside it."]
