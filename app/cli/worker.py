"""``anzhi worker``: work on jobs without serving."""

from __future__ import annotations

import contextlib
import threading

from app.cli.console import DataDir, deployed, say
from app.platform.scratch import scratch_folder
from app.server.privileges import step_down
from app.worker.process import work_here


def work(data_dir: DataDir = None) -> None:
    """Work on jobs until Ctrl-C, on a machine of its own.

    It is what `anzhi up` does in a process beside itself.
    """
    stop = threading.Event()
    with scratch_folder(), deployed(data_dir, keep=True) as deployment:
        step_down(deployment.settings, say)
        say("working on jobs (Ctrl-C stops)")
        with contextlib.suppress(KeyboardInterrupt):
            work_here(deployment.settings, deployment.url, stop)
    say("The worker has stopped.")
