"""The keeper: a thread that starts the private server again when it is gone, for as long as somebody serves on it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gis_layers.embedded.errors import ClusterError
from gis_layers.embedded.locks import taking_turns
from gis_layers.embedded.postmaster import find_postmaster, is_frozen
from gis_layers.embedded.server import Server
from risk_model.message import msg

LOOK_EVERY_S = 0.5
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
"""A server that lived so long since it was started again did not die of being started."""
log = logging.getLogger(__name__)


@contextmanager
def kept_running(server: Server, *, durable: bool, say: Callable[[str], None] = log.warning) -> Iterator[None]:
    """Start the server again whenever it is gone while the block runs; `say` hears one line for each change.

    Several keepers of one folder take turns. At the end of the block the keeper gives up, also in the midst of a start.
    """
    keeper = _Keeper(server, durable, say)
    keeper.start()
    try:
        yield
    finally:
        server.given_up.set()
        keeper.join()
        server.given_up.clear()


class _Keeper(threading.Thread):
    def __init__(self, server: Server, durable: bool, say: Callable[[str], None]) -> None:
        super().__init__(name="keeper of the database", daemon=True)
        self._server, self._durable, self._say = server, durable, say
        self._pause_s = 0.0
        self._frozen: int | None = None
        self._begun = time.monotonic()

    def run(self) -> None:
        while not self._server.given_up.wait(LOOK_EVERY_S):
            try:
                self._look()
            except Exception:
                log.exception("the keeper of the database met an error; it goes on")

    def _look(self) -> None:
        running = find_postmaster(self._server.place.postgres_dir)
        if running is None:
            self._bring_back()
            return
        frozen = running.pid if is_frozen(running.pid) else None
        if frozen is not None and frozen != self._frozen:
            self._say(
                msg(
                    "数据库服务器（进程 {frozen}）被暂停，没有回应：`kill -CONT {frozen}` 可让它继续，`kill -9 {frozen}` 可让它重新启动",
                    frozen=frozen,
                )
            )
        elif frozen is None and self._frozen is not None:
            self._say(msg("数据库服务器继续运行"))
        self._frozen = frozen

    def _bring_back(self) -> None:
        gone, told = time.monotonic(), None
        if gone - self._begun > STEADY_S:
            self._pause_s = 0.0
        self._say(msg("数据库服务器不在了；正在重新启动"))
        while not self._server.given_up.wait(self._pause_s):
            self._pause_s = min(max(FIRST_PAUSE_S, self._pause_s * 2), LONGEST_PAUSE_S)
            try:
                with taking_turns(self._server.place.home):
                    self._server.ensure_running(durable=self._durable)
            except ClusterError as trouble:
                if str(trouble) != told and not self._server.given_up.is_set():
                    told = str(trouble)
                    self._say(msg("数据库服务器没有启动起来；会一再重试。{told}", told=told))
                continue
            self._begun = time.monotonic()
            self._say(msg("数据库服务器 {begun} 秒后恢复回应", begun=f"{self._begun - gone:.0f}"))
            return
