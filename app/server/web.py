"""The web server: in a thread of its own, so that nothing a request does can hold up the end of the process."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from app.middleware.heads import BoundedHeads
from app.middleware.lanes import WITH_DATABASE
from gis_layers.database import ConnectionLimits

REQUEST_LIMITS: Final = ConnectionLimits(most=sum(lane.slots for lane in WITH_DATABASE), statement_s=30, idle_s=120)
"""Of the connections that serve requests: one for each slot, and an end to what each may ask of the database."""

GRACE_S: Final = 3.0
"""So long answers at hand may take after Ctrl-C."""
LEAVE_S: Final = 1.0
"""So long threads may take to notice that there is no more work."""
KEEP_ALIVE_S: Final = 30
SWITCH_INTERVAL_S: Final = 0.001
"""Threads at work yield so often to the one that accepts requests; Python's own 5 ms add up where several are busy."""
NEW_OBJECTS: Final = 20_000
"""So many objects more than went are made before the newest are looked through for circles; a page makes some thousands."""
OPEN_FILES: Final = 16_384
"""A connection is an open file, and systems allow 1,024 unless asked."""


SERVED: Final[dict[str, Any]] = {
    "log_level": "warning",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    "http": BoundedHeads,
    "timeout_keep_alive": KEEP_ALIVE_S,
    "timeout_graceful_shutdown": round(GRACE_S),
}
"""How it is served. ``X-Forwarded-*`` is the entrance's matter: the server's own reading believes this whole machine."""


class Announcing(uvicorn.Server):
    """A server that says where it is once it answers."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self.announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the address."""
        await super().startup(sockets)
        set_aside_what_is_loaded()
        if self.started:
            self.announce()


def serve(
    app: FastAPI,
    host: str,
    port: int,
    *,
    announce: Callable[[], None],
    leaving: Callable[[], None],
    bound: list[socket.socket] | None = None,
) -> None:
    """Serve until Ctrl-C, then let answers at hand be finished; what is not done soon is left where it is.

    ``bound`` are sockets to listen on that were bound before, where only root may bind them.
    ``leaving`` is called at Ctrl-C, for whatever else may end at the same time.
    """
    _raise_limits()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is born deaf to it
    server = Announcing(uvicorn.Config(app, host=host, port=port, **SERVED), announce)
    thread = threading.Thread(target=server.run, args=(bound,), name="web", daemon=True)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        leaving()
        server.should_exit = True
        thread.join(GRACE_S + LEAVE_S)


def end_process() -> None:
    """End, after everything was closed in order, although a thread may still compute what nobody waits for.

    The interpreter is not taken apart first: with all its libraries and helpers that takes seconds and changes nothing.
    """
    patience = time.monotonic() + LEAVE_S
    while (left := _threads_left()) and time.monotonic() < patience:
        left[0].join(0.05)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _threads_left() -> list[threading.Thread]:
    """Those that would hold the process, and the server's own, which must not meet an interpreter that is half gone."""
    others = [one for one in threading.enumerate() if one is not threading.main_thread()]
    return [one for one in others if not one.daemon or one.name == "web"]


def set_aside_what_is_loaded() -> None:
    """Never look again for circles among the libraries and whatever else stays: that took a tenth of every page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def _raise_limits() -> None:
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
