"""Turns: the slots of one lane, and who waits for one."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Hashable

from app.middleware.lanes import Lane

LARGEST_SHARE = 0.5
"""One client may take so much of the room in which requests wait; the rest is left to others."""


class Turns:
    """The slots of a lane. Clients take turns, so that one who asks for a thousand things delays another by one thing.

    It is used by the event loop alone and needs no lock.
    """

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.free = lane.slots
        self.waiting = 0
        self._queues: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()

    def take(self) -> bool:
        """Take a slot where one is free."""
        if not self.free:
            return False
        self.free -= 1
        return True

    def has_room(self, client: Hashable) -> bool:
        """Whether one more request of ``client`` may wait."""
        own = len(self._queues.get(client, ()))
        return self.waiting < self.lane.room and own < self.lane.room * LARGEST_SHARE

    def wait(self, client: Hashable) -> asyncio.Future[None]:
        """A place in the queue; it is done when a slot is handed over."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(turn)
        self.waiting += 1
        return turn

    def leave(self, client: Hashable, turn: asyncio.Future[None]) -> None:
        """Give up a place in the queue, and the slot too where it was handed over meanwhile."""
        if turn.done():
            self.give_back()
            return
        own = self._queues[client]
        own.remove(turn)
        self.waiting -= 1
        if not own:
            del self._queues[client]

    def give_back(self) -> None:
        """Hand a slot to the next client, to its eldest request; free it where nobody waits."""
        if not self._queues:
            self.free += 1
            return
        client, own = self._queues.popitem(last=False)
        turn = own.popleft()
        self.waiting -= 1
        if own:
            self._queues[client] = own
        turn.set_result(None)
