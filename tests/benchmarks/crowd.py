"""A crowd of clients in a process of its own: ``python -m tests.benchmarks.crowd`` reads what to ask and tells how it went.

Nothing but the standard library's streams, so that the crowd itself takes little of the machine.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tests.benchmarks.alone import ROOT

CUT = 0
"""The status of a connection that ended before its answer did, or was never made."""
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what is sent, byte for byte; ``headers`` are lines of its head, ``keeps`` sends the mark of the last answer."""

    method: str
    path: str
    body: str = ""
    headers: Sequence[str] = ()
    keeps: bool = False

    def sent(self, port: int, mark: str = "") -> bytes:
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Accept-Encoding: gzip",
            *self.headers,
        ]
        if mark:
            lines.append(f"If-None-Match: {mark}")
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body.encode())}"]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()


@dataclass(frozen=True, slots=True)
class Crowd:
    """``clients`` come within ``within_s``. Each asks its next ``at_once`` requests together, thinks, and does so ``rounds`` times."""

    clients: int
    at_once: int
    rounds: int = 1
    thinking_s: float = 0.0
    within_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: its status (``CUT`` where there was none) and the seconds until its last byte."""

    path: str
    status: int
    seconds: float


def send_crowd(port: int, crowd: Crowd, asked: Sequence[Asked]) -> list[Answered]:
    """Send a crowd from a process of its own; requests are dealt out in turn."""
    with start_crowd(port, crowd, asked) as process:
        return answers_of(process)


def start_crowd(port: int, crowd: Crowd, asked: Sequence[Asked]) -> subprocess.Popen[str]:
    """Begin sending; ``answers_of`` waits for the end. SIGINT lets each client end with what it has asked."""
    command = [sys.executable, "-m", "tests.benchmarks.crowd"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None, "it was asked for"
    with process.stdin as told:
        json.dump({"port": port, "crowd": asdict(crowd), "asked": [asdict(one) for one in asked]}, told)
    assert process.stdout is not None, "it was asked for"
    process.stdout.readline()  # from now on it hears SIGINT
    return process


def answers_of(process: subprocess.Popen[str]) -> list[Answered]:
    """What a crowd was answered, when the last one is gone."""
    assert process.stdout is not None, "it was asked for"
    return [Answered(*one) for one in json.load(process.stdout)]


class _Line:
    """One connection, kept from request to request as browsers keep theirs."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.marks: dict[str, str] = {}

    async def ask(self, asked: Asked) -> Answered:
        began = time.perf_counter()
        try:
            status = await asyncio.wait_for(self._ask(asked), PATIENCE_S)
        except (OSError, EOFError, TimeoutError, ValueError):
            status = CUT
            self.close()
        return Answered(asked.path, status, time.perf_counter() - began)

    async def _ask(self, asked: Asked) -> int:
        if self.ends is None:
            self.ends = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.ends
        writer.write(asked.sent(self.port, self.marks.get(asked.path, "")))
        await writer.drain()
        told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        head = told.lower()
        if asked.keeps and "\netag:" in head:
            self.marks[asked.path] = told[head.index("\netag:") + 6 :].split("\r\n")[0].strip()
        status = int(head.split(" ", 2)[1])
        if "transfer-encoding: chunked" in head:
            while size := int(await reader.readline(), 16):
                await reader.readexactly(size + 2)
            await reader.readline()
        elif "content-length:" in head:
            await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
        if "connection: close" in head:
            self.close()
        return status

    def close(self) -> None:
        if self.ends is not None:
            self.ends[1].close()
            self.ends = None


async def _be_client(
    number: int, port: int, crowd: Crowd, asked: Sequence[Asked], enough: asyncio.Event
) -> list[Answered]:
    await asyncio.sleep(crowd.within_s * number / crowd.clients)
    lines, answers = [_Line(port) for _ in range(crowd.at_once)], []
    for turn in range(crowd.rounds):
        if enough.is_set():
            break
        first = (number + turn) * crowd.at_once  # clients are never all in step
        wanted = [asked[(first + place) % len(asked)] for place in range(crowd.at_once)]
        answers += await asyncio.gather(*(line.ask(one) for line, one in zip(lines, wanted, strict=True)))
        await asyncio.sleep(crowd.thinking_s)
    for line in lines:
        line.close()
    return answers


async def _be_crowd(port: int, crowd: Crowd, asked: Sequence[Asked]) -> list[Answered]:
    enough = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, enough.set)
    print(flush=True)  # noqa: T201
    clients = [_be_client(number, port, crowd, asked, enough) for number in range(crowd.clients)]
    return [one for answers in await asyncio.gather(*clients) for one in answers]


if __name__ == "__main__":
    told = json.load(sys.stdin)
    requests = [Asked(**one) for one in told["asked"]]
    answers = asyncio.run(_be_crowd(told["port"], Crowd(**told["crowd"]), requests))
    json.dump([(one.path, one.status, one.seconds) for one in answers], sys.stdout)
