"""The admission gate: a request's body comes first, then it waits in its lane, and only then it is worked on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable
from typing import Final

from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.middleware.bodies import Body, ClientLeft, Pace, Room
from app.middleware.lanes import LANES, Lane, lane_of
from app.middleware.turns import Turns
from app.platform.errors import AnzhiError, Busy
from risk_model.message import msg

PATIENCE_S: Final = 15.0
"""Who waited so long for a slot is told to come back."""

Refusal = Callable[[Request, AnzhiError], Response]


class Admission:
    """Lets in as many requests of each lane as it has slots.

    ``refuse`` answers those that are not let in: too large, too deep, too slow, or with nowhere to wait. Whoever leaves
    while waiting is forgotten, and nothing is worked on for them.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Refusal,
        lanes: Iterable[Lane] = LANES,
        patience_s: float = PATIENCE_S,
        pace: Pace | None = None,
    ) -> None:
        self.app, self.refuse = app, refuse
        self.turns = {lane.name: Turns(lane) for lane in lanes}
        self.patience_s, self.pace, self.room = patience_s, pace or Pace(), Room()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Receive the body, wait for a slot, pass the request on, give the slot back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = Body(receive, self.room)
        try:
            turns = await self._admit(scope, body)
        except ClientLeft:
            return
        except AnzhiError as trouble:
            await self.refuse(Request(scope), trouble)(scope, receive, send)
        else:
            try:
                await self.app(scope, body.receive, send)
            finally:
                turns.give_back()
        finally:
            body.close()

    async def _admit(self, scope: Scope, body: Body) -> Turns:
        """The lane in which the request holds a slot from now on."""
        await body.read(scope, self.pace)
        turns = self.turns[lane_of(scope["path"], body.size).name]
        await self._wait(turns, _client(scope), body)
        return turns

    async def _wait(self, turns: Turns, client: Hashable, body: Body) -> None:
        """Return with a slot. Raises Busy where there is no room or it takes too long, ClientLeft where nobody waits."""
        if turns.take():
            return
        if not turns.has_room(client):
            raise Busy(msg("现在请求太多；请稍后重试"))
        turn, gone = turns.wait(client), asyncio.ensure_future(body.gone())
        admitted = False
        try:
            await asyncio.wait({turn, gone}, timeout=self.patience_s, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                raise ClientLeft
            if not turn.done():
                raise Busy(msg("等候的请求太多，没有轮到这一个；请稍后重试"))
            admitted = True
        finally:
            gone.cancel()
            if not admitted:
                turns.leave(client, turn)


def _client(scope: Scope) -> Hashable:
    """The caller, as far as known without asking the database: an address and what it shows of itself."""
    headers = Headers(scope=scope)
    return scope["client"] and scope["client"][0], headers.get("authorization"), headers.get("cookie")
