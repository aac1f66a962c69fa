"""Clients that hang up: whoever works for one is told, in whatever thread, that nobody waits for the answer any more."""

from __future__ import annotations

import asyncio
import threading

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.middleware.lanes import HEAVY, lane_of
from app.middleware.origins import READING
from app.platform.errands import Errand, on
from gis_layers.sandbox import Limits

ERRAND = "errand"
"""Where a request's state keeps what it ordered."""


class Disconnects:
    """Listens, once a request has come whole, for its client leaving, which ends its errand (``app.platform.errands``).

    It ends too when the request ends in any other way, so that nothing goes on for one the service itself gave up.
    Statements of a small write are not stopped: whoever sent it meant it. ``limits`` are those of one answer.
    """

    def __init__(self, app: ASGIApp, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self.app, self.limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with somebody listening."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        listening = _Listening(receive)
        reading = scope["method"] in READING
        errand = Errand(listening.left, self.limits, bounded=reading)
        scope.setdefault("state", {})[ERRAND] = errand
        if reading:
            listening.begin()
        try:
            with on(errand, stops_statements=reading or lane_of(scope["path"]) is HEAVY):
                await self.app(scope, listening.receive, send)
        finally:
            listening.end()


class _Listening:
    """One request's line: its body goes through, and then this alone listens to the server."""

    def __init__(self, receive: Receive) -> None:
        self.left = threading.Event()
        self._server = receive
        self._gone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def receive(self) -> Message:
        """The next piece of the body, then, when it is so, that the client left."""
        if self._task is None:
            message = await self._server()
            if message["type"] == "http.request":
                if not message.get("more_body", False):
                    self.begin()
                return message
            self._leave()
        await self._gone.wait()
        return {"type": "http.disconnect"}

    def begin(self) -> None:
        self._task = asyncio.create_task(self._listen())

    def end(self) -> None:
        self.left.set()
        if self._task is not None:
            self._task.cancel()

    async def _listen(self) -> None:
        while (await self._server())["type"] != "http.disconnect":
            pass
        self._leave()

    def _leave(self) -> None:
        self.left.set()
        self._gone.set()
