"""One function in a process of its own: ``python -m tests.benchmarks.alone module:function argument …``.

What it says is lines of JSON on standard output; the last tells the peak of resident memory, where the system keeps it.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that came to its end: seconds from its start on, peak memory (None: not known), what it said before."""

    seconds: float
    peak_mb: float | None
    said: list[Any]


class Worker:
    """A process that stays and does its work once for each ``ask``."""

    def __init__(self, target: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            _command(target, *arguments), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.hears, self.says = self.process.stdin, self.process.stdout
        self.ready = self._answer()

    def ask(self) -> Any:
        """Have it do its work once more; its answer."""
        assert self.hears
        self.hears.write("again\n")
        self.hears.flush()
        return self._answer()

    def end(self) -> Any:
        """Let it go; its peak memory in MB."""
        assert self.hears
        self.hears.close()
        peak = self._answer()
        self.process.wait()
        return peak["peak_mb"]

    def _answer(self) -> Any:
        assert self.says
        line = self.says.readline()
        if not line:
            raise RuntimeError(f"a benchmark process ended early: {self.process.args!r}")
        return json.loads(line)


def run_alone(target: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Ran:
    """Run ``module:function`` to its end in a process of its own, its start included in the seconds."""
    began = time.perf_counter()
    done = subprocess.run(
        _command(target, *arguments), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, env=environment
    )
    seconds = time.perf_counter() - began
    *said, last = [json.loads(line) for line in done.stdout.splitlines()]
    return Ran(seconds, last["peak_mb"], said)


def say(document: Any) -> None:
    """One line of JSON to whoever started this process."""
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def peak_mb() -> float | None:
    """The most memory this process ever had resident, in MB; None where the system does not tell."""
    if not _STATUS.exists():
        return None
    kept = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines() if ":" in line)
    return int(kept["VmHWM"].split()[0]) / 1024


def _command(target: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.alone", target, *arguments]


if __name__ == "__main__":
    module, function = sys.argv[1].split(":")
    getattr(importlib.import_module(module), function)(*sys.argv[2:])
    say({"peak_mb": peak_mb()})
