"""The entrance: every request is asked for its host, its forwarder and its origin before anything else is done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import Request, Response
from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.middleware.forwarding import came_straight, peer_of, without_forwarding
from app.middleware.hosts import HostNames, address_of, bare, host_of
from app.middleware.origins import from_elsewhere
from app.platform.errors import AnzhiError, ForeignHost, NotProven, UnreadableHost
from risk_model.message import msg

HEALTH = "/health"
"""Asked by whatever watches over the service under whatever name; it tells nothing of persons and links nowhere."""


class Entrance:
    """Turns away foreign host names and other origins' requests, and believes ``X-Forwarded-*`` of ``trusted`` alone.

    Behind it the request is as if it had been sent to the public address, where one is set: scheme, host and every
    address made of them. ``request.state.straight`` tells whether it came straight from this machine.
    """

    def __init__(
        self,
        app: ASGIApp,
        names: HostNames,
        trusted: Sequence[str],
        refuse: Callable[[Request, AnzhiError], Response],
    ) -> None:
        self.app = app
        self.names = names
        self.refuse = refuse
        self.forwarded = ProxyHeadersMiddleware(self._admit, trusted_hosts=[*trusted])  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note who is at the other end, then let whoever is trusted say for whom they ask."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        peer = peer_of(scope)
        trusted = peer in self.forwarded.trusted_hosts
        scope.setdefault("state", {}).update(peer=peer, straight=came_straight(scope) and not trusted)
        scope["client"] = (peer, (scope.get("client") or ("", 0))[1])
        if trusted:
            _take_forwarded_host(scope)
        await self.forwarded(scope, receive, send)  # type: ignore[arg-type]

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = address_of(scope["client"][0])  # where a proxy knew no address, whatever it wrote counts as its own
        scope["client"] = (scope["state"]["peer"] if told is None else str(told), scope["client"][1])
        scope["headers"] = without_forwarding(scope)
        trouble = None if scope["path"] == HEALTH else self._trouble_with_host(scope)
        if trouble is None:
            self._name(scope)
            trouble = _trouble_with_origin(scope)
        if trouble is None:
            await self.app(scope, receive, send if self.names.public_url else _leading_on_from_here(scope, send))
        else:
            await self.refuse(Request(scope), trouble)(scope, receive, send)

    def _trouble_with_host(self, scope: Scope) -> AnzhiError | None:
        written = Headers(scope=scope).getlist("host")
        host = host_of(written[0]) if len(written) == 1 else None
        if host is None or not scope["path"].startswith("/"):
            return UnreadableHost(msg("请求没有写明唯一、合法的主机名（Host）；请检查网址或代理的设置"))
        address, port = scope.get("server") or ("", 0)
        if self.names.admit(host, bare(address)):
            return None
        return ForeignHost(
            msg(
                "本服务不以 {host} 这个主机名应答；请打开 {address}，或由管理员设置 ANZHI_PUBLIC_URL",
                host=host,
                address=self.names.advice(port),
            )
        )

    def _name(self, scope: Scope) -> None:
        """Put the public address in the place of whatever the request names, where one is set."""
        url = self.names.public_url
        if url is None:
            return
        kept = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope["headers"] = [(b"host", self.names.authority.encode()), *kept]
        scope["scheme"] = url.scheme


def _leading_on_from_here(scope: Scope, send: Send) -> Send:
    """``send`` with redirects to this service told as paths: what host a request names is not for us to repeat."""
    origin = str(URL(scope=scope).replace(path="", query=""))

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            where = headers.get("location", "").removeprefix(origin)
            if where != headers.get("location", ""):
                headers["location"] = "/" + where.lstrip("/")
        await send(message)

    return sent


def _take_forwarded_host(scope: Scope) -> None:
    """The host a trusted proxy was asked for stands in the place of the one by which the proxy asked."""
    told = Headers(scope=scope).getlist("x-forwarded-host")
    if told:
        kept = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope["headers"] = [(b"host", host.encode("latin-1")) for host in told] + kept


def _trouble_with_origin(scope: Scope) -> AnzhiError | None:
    if scope["path"] == HEALTH or not from_elsewhere(scope):
        return None
    return NotProven(msg("请求来自别的网站；请在本系统自己的页面上操作"))
