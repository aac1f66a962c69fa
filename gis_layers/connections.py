"""Connections that never wait for ever: every wait for PostGIS has an end, and Ctrl-C reaches it.

libpq waits inside itself, where neither a signal nor a deadline reaches it: a server that is frozen (stopped, its disk
hanging, its network swallowing) holds its callers for good. psycopg2 lets us do the waiting, for the whole process.
"""

from __future__ import annotations

import errno
import functools
import os
import select
import threading
import time
from collections.abc import Callable
from contextlib import closing
from contextvars import ContextVar
from typing import Any

import psycopg2
from psycopg2 import extensions

from risk_model.message import msg

CONNECT_S = 5.0
"""How long a server may take to let somebody in."""
PROMPT_S = 2.0
"""How long everything together may take that is asked only to see whether the server answers."""
ASK_AFTER_S = 1.0
"""How long a statement is waited for before somebody looks whether the server still answers at all; then again and again."""
SILENT_S = 4.0
"""A server that answered no look for so long is taken for frozen, and nothing is waited for any more."""
QUEUE_FULL = os.strerror(errno.EAGAIN)
"""What the kernel says at a local socket where as many wait already as may wait."""


LEAVING_S = 0.2
"""How often a statement that may become unwanted is asked whether it has."""

UNWANTED: ContextVar[Callable[[], bool] | None] = ContextVar("unwanted", default=None)
"""Tells whether anybody still wants what this thread asks; a statement nobody wants is stopped. None: it always is."""


class DatabaseSilent(psycopg2.OperationalError):
    """The server is there and does not answer."""


class Connection(extensions.connection):
    """A connection that is made within ``CONNECT_S`` or not at all; its statements take as long as the server lives."""

    patience_s = CONNECT_S

    def __init__(self, address: str, **options: Any) -> None:
        self.address = address
        self.not_in_vain()
        self.deadline: float | None = time.monotonic() + self.patience_s
        self.stopped = False
        """Whether the statement that is waited for was stopped; it answers that it was."""
        try:
            super().__init__(address, **options)
        except psycopg2.OperationalError as trouble:
            if QUEUE_FULL in str(trouble):
                raise DatabaseSilent(msg("数据库服务器不让任何人连接")) from trouble
            raise
        pulse_of(address).heard()
        self.deadline = self.kept_deadline()

    def not_in_vain(self) -> None:
        """Raises DatabaseSilent at once where the server is known to answer nobody."""
        pulse = pulse_of(self.address)
        if pulse.was_silent and pulse.silent_s() >= SILENT_S:
            raise DatabaseSilent(msg("数据库服务器没有回应"))

    def kept_deadline(self) -> float | None:
        """Until when everything asked here has to be answered, once the connection stands."""
        return None

    def wait_for(self, gate: select.poll) -> None:
        """Wait until ``gate`` opens; raises DatabaseSilent where it does not open in time."""
        if self.deadline is not None:
            # A late look at an open gate is an answer in time: it was this process that was busy.
            if not gate.poll(max(0.0, self.deadline - time.monotonic()) * 1000):
                raise DatabaseSilent(
                    msg("数据库服务器在 {patience_s} 秒内没有回应", patience_s=f"{self.patience_s:.0f}")
                )
            return
        while not self._opens(gate):
            if (silent_s := pulse_of(self.address).silent_s()) >= SILENT_S:
                raise DatabaseSilent(msg("数据库服务器已有 {silent_s} 秒没有回应", silent_s=f"{silent_s:.0f}"))

    def _opens(self, gate: select.poll) -> bool:
        """Whether ``gate`` opens within ``ASK_AFTER_S``; a statement nobody wants any more is stopped meanwhile, once."""
        unwanted = UNWANTED.get()
        if unwanted is None or self.stopped:
            return bool(gate.poll(ASK_AFTER_S * 1000))
        for _ in range(round(ASK_AFTER_S / LEAVING_S)):
            if gate.poll(LEAVING_S * 1000):
                return True
            if unwanted():
                self.stopped = True
                # libpq waits for the server here too, which may be frozen by now: not in this thread, and not for ever.
                stopping = threading.Thread(target=self.cancel, name="stop a statement", daemon=True)
                stopping.start()
                stopping.join(PROMPT_S)
                return False
        return False


class PromptConnection(Connection):
    """A connection on which everything, from first to last, is answered within ``PROMPT_S``."""

    patience_s = PROMPT_S

    def not_in_vain(self) -> None:
        """It is what finds out, and tries."""

    def kept_deadline(self) -> float | None:
        """The deadline it was made with."""
        return self.deadline


class Pulse:
    """Whether the server at one address answers; many who wait share one look a second."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._one_looks = threading.Lock()
        self._looked = -ASK_AFTER_S
        self._silent_since: float | None = None

    @property
    def was_silent(self) -> bool:
        """Whether the last look found no answer."""
        return self._silent_since is not None

    def heard(self) -> None:
        """Note that the server let somebody in."""
        self._silent_since = None

    def silent_s(self) -> float:
        """For how many seconds the server has answered no look; 0.0 where it answers, were it with a refusal."""
        with self._one_looks:
            if time.monotonic() - self._looked >= ASK_AFTER_S:
                began = time.monotonic()
                if self._answers():
                    self._silent_since = None
                elif self._silent_since is None:
                    self._silent_since = began
                self._looked = time.monotonic()
            since = self._silent_since
            return 0.0 if since is None else time.monotonic() - since

    def _answers(self) -> bool:
        try:
            with (
                closing(psycopg2.connect(self._address, connection_factory=PromptConnection)) as made,
                made.cursor() as cursor,
            ):
                cursor.execute("SELECT 1")
        except DatabaseSilent:
            return False
        except psycopg2.OperationalError:
            pass  # Whoever refuses is awake.
        return True


@functools.cache
def pulse_of(address: str) -> Pulse:
    """The one pulse of the server at ``address``."""
    return Pulse(address)


def wait(connection: Any) -> None:
    """Wait in place of libpq, called by psycopg2; raises DatabaseSilent, and whatever a signal raises."""
    if isinstance(connection, Connection):
        connection.stopped = False
    while (state := connection.poll()) != extensions.POLL_OK:
        gate = select.poll()
        gate.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        if isinstance(connection, Connection):
            connection.wait_for(gate)
        else:
            gate.poll()


extensions.set_wait_callback(wait)
