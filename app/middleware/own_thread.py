"""A question asked apart: by a thread that does nothing else, for all who ask it at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class AskedApart(Generic[Answer]):
    """A question; whoever asks while it is open waits for the same answer.

    A question that is never answered so holds one thread, however often it is asked, and not the end of the process.
    """

    def __init__(self) -> None:
        self._asked: Future[Answer] | None = None

    async def ask(self, find: Callable[[], Answer], patience_s: float) -> Answer:
        """Answer that ``find`` gives; raises TimeoutError after ``patience_s``, and whatever ``find`` raises."""
        if self._asked is None or self._asked.done():
            self._asked = Future()
            self._asked.set_running_or_notify_cancel()
            Thread(target=_find, args=(find, self._asked), name="asked apart", daemon=True).start()
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._asked)), patience_s)


def _find(find: Callable[[], Answer], answer: Future[Answer]) -> None:
    try:
        found = find()
    except BaseException as trouble:  # noqa: BLE001 whoever asked is told
        answer.set_exception(trouble)
    else:
        answer.set_result(found)
