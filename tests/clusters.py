"""A dask cluster as a deployment has it: a scheduler and workers in processes of their own, on the loopback."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60


@dataclass
class Cluster:
    """A running scheduler; ``workers`` are the processes that were started for it."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """One more worker, of one thread."""
        worker = _start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        self.workers.append(worker)
        self.await_workers(sum(one.poll() is None for one in self.workers))
        return worker

    def await_workers(self, count: int) -> None:
        """Until just so many workers have told the scheduler of themselves."""
        with Client(self.address, set_as_default=False) as client:
            _until(lambda: len(client.nthreads()) == count)


@contextmanager
def dask_cluster(workers: int = 2) -> Iterator[Cluster]:
    """A scheduler with ``workers``, ended at the end."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "scheduler.json"
        scheduler = _start("dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
        cluster = None
        try:
            _until(lambda: told.exists() and told.read_text(encoding="utf-8").endswith("}"))
            with Client(scheduler_file=str(told), set_as_default=False) as client:
                cluster = Cluster(client.scheduler.address, scheduler)
            for _ in range(workers):
                cluster.start_worker()
            yield cluster
        finally:
            for process in [*(cluster.workers if cluster else []), scheduler]:
                process.kill()
                process.wait()


def _start(program: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.{program}", *words, "--host", "127.0.0.1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def _until(true: object) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not true():  # type: ignore[operator]
        assert time.monotonic() < ends, "the cluster did not come up"
        time.sleep(0.05)
