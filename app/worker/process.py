"""The worker's process: started beside the service, restarted where it dies, gone when the service is gone."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from sqlalchemy.exc import DBAPIError

from app.platform.concealment import conceal_logs, make_known
from app.platform.deployment import Deployment, connect
from app.platform.scratch import scratch_folder
from app.platform.settings import Settings
from app.worker.loop import Stopped, Weather, work_until
from gis_layers.database import is_lost

log = logging.getLogger(__name__)

AGAIN_AFTER_S = 3.0
PATIENCE_S = 3.0
"""How long a worker that is told to stop may take to give its job back; what is killed then is taken again anyway."""


@contextlib.contextmanager
def worker_beside(settings: Settings, url: str) -> Iterator[Callable[[], None]]:
    """A worker on the database at ``url`` in a process of its own for as long as the block runs.

    Computing then never delays an answer of this process. A worker that dies is started again. The block is given what
    tells the worker to stop, for whoever has more to end and wants both to end at the same time.
    """
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(settings, url, stop), daemon=True)
    keeper.start()
    try:
        yield stop.set
    finally:
        stop.set()
        keeper.join()


def _keep(settings: Settings, url: str, stop: threading.Event) -> None:
    spawn = multiprocessing.get_context("spawn")
    while not stop.is_set():
        process = spawn.Process(target=work_as_child, args=(settings, url), name="anzhi worker", daemon=True)
        process.start()
        while process.is_alive() and not stop.wait(0.2):
            pass
        if stop.is_set():
            _end(process)
            return
        log.error("the worker ended with code %s; it is started again", process.exitcode)
        stop.wait(AGAIN_AFTER_S)


def _end(process: BaseProcess) -> None:
    process.terminate()
    process.join(PATIENCE_S)
    if process.is_alive():
        process.kill()
        process.join()


def work_as_child(settings: Settings, url: str) -> None:
    """Work in the process until it is told to stop or the service that started it is gone."""
    conceal_logs()
    make_known(url, settings.secret_key)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the service decides when to stop
    stop = threading.Event()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()
    try:
        work_here(settings, url, stop)
    except Exception:
        log.exception("the worker met an error")
        sys.exit(1)


def work_here(settings: Settings, url: str, stop: threading.Event) -> None:
    """Work in this process until ``stop`` or SIGTERM; a job in hand is given back."""

    def leave(*_: object) -> None:
        stop.set()
        raise Stopped

    signal.signal(signal.SIGTERM, leave)
    with contextlib.suppress(Stopped), scratch_folder():
        deployment = _connected(settings, url, stop)
        if deployment is None:
            return
        try:
            work_until(deployment, stop)
        finally:
            deployment.engine.dispose()


def _connected(settings: Settings, url: str, stop: threading.Event) -> Deployment | None:
    """The deployment as soon as its database answers; None where the worker is told to stop before."""
    weather = Weather()
    while not stop.is_set():
        try:
            deployment = connect(settings, url)
        except DBAPIError as trouble:
            if not is_lost(trouble):
                raise
            stop.wait(weather.worse(trouble))
        else:
            weather.better()
            return deployment
    return None


def _follow(sentinel: int) -> None:
    wait([sentinel])
    signal.raise_signal(signal.SIGTERM)
