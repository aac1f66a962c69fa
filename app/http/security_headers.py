"""Headers of every answer to browsers, whatever it is: no guessing, no framing, no leaking, no keeping."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}
"""Set where an answer does not say it itself; pages bring a policy with the mark of their own script."""

BY_HTTPS = "max-age=31536000"
"""For a year this name is asked by https alone; names below it stay their owners' matter."""

PERSONAL_PATHS = ("/sign-in", "/first-admin", "/account", "/api/session")
"""Where secrets are typed or told before anybody is known."""


class SecurityHeadersMiddleware:
    """Adds the headers of ``ALWAYS``, and forbids keeping what was answered to somebody in person.

    Tiles say themselves how they may be kept; static files are the same for everybody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", BY_HTTPS)
                if _personal(scope) or headers.get("location", "").startswith("/sign-in"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, dressed)


class Service(FastAPI):
    """FastAPI with the headers on every answer, those of its outermost error page too."""

    def build_middleware_stack(self) -> ASGIApp:
        """The headers outside of everything else."""
        return SecurityHeadersMiddleware(super().build_middleware_stack())


def _personal(scope: Scope) -> bool:
    principal = scope.get("state", {}).get("principal")
    return (principal is not None and not principal.is_guest) or scope["path"].startswith(PERSONAL_PATHS)
