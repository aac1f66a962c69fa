"""The two answers of every way in: a cookie, or word of why not."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.service import SignedIn
from app.accounts.throttle import KNOWN_FOR
from app.http.cookies import give_cookie, take_cookie
from app.platform.principals import DEVICE_COOKIE, SESSION_COOKIE

HOME = "/"


def keep_sign_in(request: Request, answer: Response, cookie: str) -> None:
    """Set the cookie of a sign-in. It has no age: the server forgets it after eight idle hours or seven days."""
    give_cookie(request, answer, SESSION_COOKIE, cookie)


def keep_device(request: Request, answer: Response, device: str | None) -> None:
    """Let the browser show that somebody signed in with it before, so that guesses of strangers do not hold it up."""
    if device is not None:
        give_cookie(request, answer, DEVICE_COOKIE, device, max_age_s=int(KNOWN_FOR.total_seconds()))


def forget_sign_in(request: Request, answer: Response) -> None:
    """Let the browser forget the sign-in."""
    take_cookie(request, answer, SESSION_COOKIE)


def redirect_signed_in(request: Request, signed_in: SignedIn, wanted: str) -> Response:
    """On to the page that was asked for, with the cookie; to the new password first, where one is due."""
    due = signed_in.found.account.must_change_password
    answer = RedirectResponse("/account" if due else local_path(wanted), 303)
    keep_sign_in(request, answer, signed_in.cookie)
    keep_device(request, answer, signed_in.device)
    return answer


def local_path(wanted: str) -> str:
    """``wanted`` where it is a path of this service, else the overview.

    A backslash or control character is refused, since browsers read some of them as a second slash.
    """
    try:
        parts = urlsplit(wanted)
    except ValueError:  # such as half of an IPv6 address
        return HOME
    elsewhere = parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith("//")
    odd = "\\" in wanted or any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in wanted)
    return HOME if elsewhere or odd else wanted


def address_of(request: Request) -> str:
    """Address a request comes from."""
    return request.client.host if request.client else "unknown"


def with_wait(answer: Response, wait_s: int | None) -> Response:
    """Say when to come back."""
    if wait_s is not None:
        answer.headers["Retry-After"] = str(wait_s)
    return answer
