"""Clients that hang up: whoever works for one is told, in whatever thread, that nobody waits for the answer any more."""

from __future__ import annotations

import asyncio
import threading

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEFT = "left"
"""Where a request's state keeps the event."""


class Disconnects:
    """Listens, once a request has come whole, for its client leaving, and sets ``request.state.left``.

    It is set too when the request ends in any other way, so that nothing goes on for one the service itself gave up.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with somebody listening."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        listening = _Listening(receive)
        scope.setdefault("state", {})[LEFT] = listening.left
        if scope["method"] in ("GET", "HEAD"):
            listening.begin()
        try:
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
