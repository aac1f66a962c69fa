"""Bodies of requests: received whole, within their limits, before a request takes a slot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Final

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from app.middleware.body_limits import MB, check_depth, may_be_deep, most_bytes
from app.platform.errors import BodyTooLarge, BodyTooSlow, Busy
from risk_model.message import msg

IN_MEMORY_BYTES: Final = 64 * 1024
"""A longer body waits in a temporary file, where there is room."""
CHUNK_BYTES: Final = 64 * 1024
ROOM_BYTES: Final = 1024 * MB
"""So much may all long bodies together hold at a time; short ones always have room, so that nobody is kept out by a few."""
FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")


class ClientLeft(Exception):
    """The client hung up; nothing is left to answer."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Slowest pace of a body: ``grace_s``, and a second more for each ``least_bytes_per_s``."""

    grace_s: float = 20.0
    least_bytes_per_s: float = 32 * 1024


@dataclass(slots=True)
class Room:
    """Room that the long bodies at hand take together, and may take at most, in bytes."""

    most: int = ROOM_BYTES
    held: int = 0


class Body:
    """The body of one request; ``receive`` hands it to the application, then what the server has to say."""

    def __init__(self, receive: Receive, room: Room) -> None:
        self.size = 0
        self._server, self._room = receive, room
        self._kept: SpooledTemporaryFile[bytes] | None = None
        self._held = self._left = 0
        self._handed = False

    async def read(self, scope: Scope, pace: Pace) -> None:
        """Receive all of it. Raises BodyTooLarge, BodyTooSlow, BodyTooDeep, Busy and ClientLeft."""
        headers = Headers(scope=scope)
        told = headers.get("content-length", "0")
        if "transfer-encoding" not in headers and told == "0":
            return
        most = most_bytes(scope["path"], headers)
        if told.isdecimal() and int(told) > most:
            raise _too_large(most)
        self._kept = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 it lives as long as the request
        try:
            await self._take_in(most, pace)
        except TimeoutError as late:
            raise BodyTooSlow(msg("请求内容传得太慢，已停止接收；请检查网络后重试")) from late
        if not headers.get("content-type", "").lower().startswith(FORMS):
            await self._check_depth()
        self._kept.seek(0)
        self._left = self.size

    async def _take_in(self, most: int, pace: Pace) -> None:
        began = asyncio.get_running_loop().time()
        async with asyncio.timeout(pace.grace_s) as limit:
            more = True
            while more:
                message = await self._server()
                if message["type"] == "http.disconnect":
                    raise ClientLeft
                await self._keep(message.get("body", b""), most)
                more = message.get("more_body", False)
                limit.reschedule(began + pace.grace_s + self.size / pace.least_bytes_per_s)

    async def _keep(self, chunk: bytes, most: int) -> None:
        self.size += len(chunk)
        if self.size > most:
            raise _too_large(most)
        assert self._kept is not None, "there is a place to keep it"
        if self.size > IN_MEMORY_BYTES:
            self._hold()
            await run_in_threadpool(self._kept.write, chunk)
        else:
            self._kept.write(chunk)

    def _hold(self) -> None:
        self._room.held += self.size - self._held
        self._held = self.size
        if self._room.held > self._room.most:
            raise Busy(msg("正在接收的内容太多；请稍后重试"))

    async def _check_depth(self) -> None:
        assert self._kept is not None, "there is a place to keep it"
        self._kept.seek(0)
        content = self._kept.read()
        if may_be_deep(content):
            await run_in_threadpool(check_depth, content)

    async def receive(self) -> Message:
        """The next piece, and after the last what the server says: that the client left."""
        if self._handed:
            return await self._server()
        chunk = await self._next_chunk()
        self._left -= len(chunk)
        self._handed = self._left == 0
        return {"type": "http.request", "body": chunk, "more_body": not self._handed}

    async def _next_chunk(self) -> bytes:
        if self._kept is None:
            return b""
        if self.size > IN_MEMORY_BYTES:
            return await run_in_threadpool(self._kept.read, CHUNK_BYTES)
        return self._kept.read()

    async def gone(self) -> None:
        """Wait until the client leaves; only while nobody else receives, and after the body came whole."""
        while (await self._server())["type"] != "http.disconnect":
            pass

    def close(self) -> None:
        """Forget what was kept."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        self._room.held -= self._held
        self.size = self._held = 0


def _too_large(most: int) -> BodyTooLarge:
    kb = most // 1024
    if kb < 1024:
        return BodyTooLarge(msg("请求内容超过 {most} kB；请减少内容后重试", most=kb))
    return BodyTooLarge(msg("请求内容超过 {most} MB；请减少内容、分几次提交，或由管理员在控制台导入", most=most // MB))
