"""``anzhi worker``: work on jobs without serving."""

from __future__ import annotations

import contextlib
import signal
import threading

from app.cli.console import DataDir, deployed, say
from app.platform.scratch import scratch_folder
from app.server.privileges import step_down
from app.worker.process import work_here
from risk_model.message import msg


def work(data_dir: DataDir = None) -> None:
    """Work on jobs until Ctrl-C, on a machine of its own.

    It is what `anzhi up` does in a process beside itself.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell had it ignored
    stop = threading.Event()
    with scratch_folder(), deployed(data_dir, keep=True) as deployment:
        step_down(deployment.settings, say)
        say(msg("正在等候任务（按 Ctrl-C 停止）"))
        with contextlib.suppress(KeyboardInterrupt):
            work_here(deployment.settings, deployment.url, stop)
    say(msg("工作进程已停止"))
