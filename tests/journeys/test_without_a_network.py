"""The cable is out: the service starts and does all that docs/offline.md says it does."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.cable_out import FUNCTIONS
from tests.running import PATIENCE_S, copy_township
from tests.sharing import reachable_folder

ROOT = Path(__file__).parents[2]
ALONE = ("unshare", "--net") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--net")


def test_every_function_told_of_answers_where_no_other_machine_is(shared: Path):
    rows = re.findall(
        r"^\| ([a-z][^|]+?) +\| answers", (ROOT / "docs/offline.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rows == [*FUNCTIONS]
    with reachable_folder() as folder:
        copy_township(shared, folder / "data")
        ended = subprocess.run(
            [*ALONE, sys.executable, "-m", "tests.cable_out", str(folder / "data")],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S,
        )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["reachable"] is False
    assert {name: trouble for name, trouble in told["answers"].items() if trouble} == {}
    assert told["ended"] == 0
