"""The heads of requests: bounded in length and in time, before there is anything that could wait for its turn."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BYTES: Final = 64 * 1024
"""Of an address and all headers together; browsers and proxies stay below 16 kB."""
PATIENCE_S: Final = 20.0


class BoundedHeads(HttpToolsProtocol):
    """A connection is closed where a head grows beyond ``MOST_BYTES`` or is not whole ``PATIENCE_S`` after it began.

    The server itself waits for ever and keeps all it is sent; who opens a connection and says nothing is held to the same.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_bytes = 0
        self._within_body = False
        self._clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in a piece, and look whether a head is still open after it."""
        if not self._within_body:
            self._head_bytes += len(data)
            self._wait()
        super().data_received(data)
        if self._head_bytes > MOST_BYTES:
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """A head is whole; what follows is its body."""
        self._head_bytes, self._within_body = 0, True
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next byte begins another head."""
        self._within_body = False
        super().on_message_complete()

    def _wait(self) -> None:
        if self._clock is None:
            self._clock = self.loop.call_later(PATIENCE_S, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
