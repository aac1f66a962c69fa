"""Cookies: how they are named and given, so that no other site and no sister name of this one can plant or read them."""

from __future__ import annotations

from fastapi import Request, Response


def cookie_name(request: Request, plain: str) -> str:
    """The name of a cookie on this connection: by https the browser itself keeps other names from planting it."""
    return f"__Host-{plain}" if request.url.scheme == "https" else plain


def shown_cookie(request: Request, plain: str) -> str | None:
    """The cookie the request came with."""
    return request.cookies.get(cookie_name(request, plain)) or None


def give_cookie(request: Request, answer: Response, plain: str, value: str, *, max_age_s: int | None = None) -> None:
    """Set a cookie: not readable by scripts, not sent by other sites' forms, only by https where that is used.

    Without ``max_age_s`` the browser forgets it on closing.
    """
    answer.set_cookie(
        cookie_name(request, plain),
        value,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def take_cookie(request: Request, answer: Response, plain: str) -> None:
    """Let the browser forget a cookie."""
    secure = request.url.scheme == "https"
    answer.delete_cookie(cookie_name(request, plain), path="/", httponly=True, samesite="lax", secure=secure)
