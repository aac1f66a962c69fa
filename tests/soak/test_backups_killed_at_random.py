"""Backups and restores killed at random moments, with all they started or alone: one state or the other, always whole."""

import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.deployments import Kept, ask, databases
from tests.journeys.test_backups_refused import read_whole

ANZHI = Path(sys.executable).with_name("anzhi")
ROUNDS = 40


@pytest.fixture
def chance() -> random.Random:
    seed = random.SystemRandom().randrange(2**32)
    sys.stderr.write(f"the moments come from seed {seed}\n")
    return random.Random(seed)


def start(kept: Kept, *arguments: object) -> subprocess.Popen[bytes]:
    words = [str(ANZHI), *map(str, arguments), "--data-dir", str(kept.data_dir)]
    return subprocess.Popen(
        words, env={**os.environ, **kept.environment}, stderr=subprocess.DEVNULL, start_new_session=True
    )


def unharmed_s(kept: Kept, *arguments: object) -> float:
    """How long the command takes when nobody kills it."""
    began = time.monotonic()
    assert start(kept, *arguments).wait() == 0
    return time.monotonic() - began


def killed_at_random(kept: Kept, chance: random.Random, whole_s: float, *arguments: object) -> int:
    """Start the command and kill it, alone or with all it started, at some moment of its life or a little later."""
    process = start(kept, *arguments)
    time.sleep(chance.uniform(0.1, 1.3) * whole_s)
    if process.poll() is None:
        if chance.random() < 0.5:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    return process.wait()


def state(kept: Kept) -> str:
    """Which of the two states the database is in: what tokens there are tells it."""
    names = {name for (name,) in ask(kept.url, "SELECT name FROM tokens")}
    return "new" if names == {"before the backup"} else "old" if names == {"before the backup", "newer"} else str(names)


def test_restores_killed_at_random_moments(kept, archive, chance):
    whole_s = unharmed_s(kept, "restore", archive, "--yes")
    kept.work("newer")
    old = kept.content()
    seen = {"old": 0, "new": 0}
    for number in range(ROUNDS):
        killed_at_random(kept, chance, whole_s, "restore", archive, "--yes")
        now = state(kept)
        seen[now] += 1
        if now == "old":
            assert kept.content() == old, number
        else:
            assert "newer" not in re.findall(r"'(\w+)'", str(kept.content()["tokens"]))
            kept.work("newer")
            old = kept.content()
    kept.done("restore", archive, "--yes")
    kept.done("restore", "--discard-former")
    assert databases(kept.url) == []
    assert not (kept.data_dir / "restoring").exists()
    assert min(seen.values()) > 0, seen


def test_backups_killed_at_random_moments(kept, tmp_path, chance):
    whole_s = unharmed_s(kept, "backup", tmp_path / "first.zip")
    for number in range(ROUNDS):
        out = tmp_path / f"{number}.zip"
        code = killed_at_random(kept, chance, whole_s, "backup", out)
        assert code != 0 or out.exists()
        if out.exists():
            assert zipfile.is_zipfile(out)
            assert read_whole(out)["key"]
    kept.done("backup", tmp_path / "last.zip")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".anzhi-backup-")] == []
    assert databases(kept.url) == []
