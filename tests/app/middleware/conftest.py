"""Requests sent to an application by hand, so that a test decides when each piece of a body comes and who hangs up."""

import asyncio
from dataclasses import dataclass, field

from starlette.types import ASGIApp


@dataclass
class Sender:
    """One client: what it sends goes into ``pieces``, what it is answered comes back from ``ask``."""

    app: ASGIApp
    path: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    client: str = "10.0.0.1"
    pieces: asyncio.Queue = field(default_factory=asyncio.Queue)
    received: int = 0

    def send(self, *bodies: bytes, more: bool = False) -> "Sender":
        for place, body in enumerate(bodies):
            last = place == len(bodies) - 1
            self.pieces.put_nowait({"type": "http.request", "body": body, "more_body": more or not last})
        return self

    def hang_up(self) -> None:
        self.pieces.put_nowait({"type": "http.disconnect"})

    async def ask(self, method: str = "POST") -> tuple[int | None, dict[str, str], bytes]:
        """Status (None where nothing was answered), headers and body."""
        answer: list = []

        async def receive():
            message = await self.pieces.get()
            self.received += len(message.get("body", b""))
            return message

        async def send(message):
            answer.append(message)

        headers = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        scope = {
            "type": "http", "method": method, "path": self.path, "raw_path": self.path.encode(), "query_string": b"",
            "root_path": "", "scheme": "http", "http_version": "1.1", "headers": headers, "client": (self.client, 1),
            "server": ("testserver", 80), "state": {},
        }  # fmt: skip
        await self.app(scope, receive, send)
        if not answer:
            return None, {}, b""
        told = {name.decode(): value.decode() for name, value in answer[0]["headers"]}
        return answer[0]["status"], told, b"".join(message.get("body", b"") for message in answer[1:])
