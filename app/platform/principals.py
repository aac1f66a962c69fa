"""The caller: roles, accounts, tokens, guests. Nothing here speaks HTTP or opens the database."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

SESSION_COOKIE = "anzhi_session"
DEVICE_COOKIE = "anzhi_device"
"""Opens nothing: a browser shows with it that somebody signed in there before."""
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"

IDLE = datetime.timedelta(hours=8)
"""A working day: who leaves the desk in the evening signs in again in the morning."""
ABSOLUTE = datetime.timedelta(days=7)
SEEN_EVERY = datetime.timedelta(minutes=1)


class Role(StrEnum):
    """The roles of the contract; ``public`` is what needs none."""

    PUBLIC = "public"
    VIEWER = "viewer"
    PLANNER = "planner"
    DISPATCHER = "dispatcher"
    OFFICER = "officer"
    APPROVER = "approver"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        """Whether this role may do what ``needed`` may: an admin everything, every other what a viewer may."""
        if self is Role.PUBLIC:
            return needed is Role.PUBLIC
        return self is Role.ADMIN or needed in (self, Role.VIEWER, Role.PUBLIC)


def token_name(name: str) -> str:
    """What a program is called that has the token of this name."""
    return f"token:{name}"


LOADED_BY_DISPATCHERS = ("stations", "forces")
"""Layers whose registers the dispatcher keeps: their files come in through the same gate."""
DEMO_ROLES = (Role.PLANNER, Role.DISPATCHER, Role.OFFICER, Role.APPROVER)
"""What a guest of the synthetic township may become with one click."""


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """The sign-in a request came with: its number, its account, and what a write has to prove."""

    number: int
    account: int
    csrf: str
    display_name: str
    must_change_password: bool = False


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody with a role. ``name`` is what the audit writes: a username, or ``token:NAME``.

    ``hazards`` (``*`` is every one) and ``area`` (storage CRS; None is everywhere) bound what an officer may edit.
    """

    name: str
    role: Role
    department: str | None = None
    hazards: tuple[str, ...] = ()
    area: BaseGeometry | None = None
    visit: BrowserSession | None = None

    @property
    def is_guest(self) -> bool:
        """Whether nobody signed in."""
        return self in (GUEST, NOBODY)

    @property
    def is_demo(self) -> bool:
        """Whether anybody could have signed in like this, with one click."""
        return self.visit is not None and self.name.startswith("demo-")

    def may_load(self, layer: str) -> bool:
        """Whether files of a layer are this person's to load: an officer's every one, a dispatcher's the registers they keep."""
        if self.role.covers(Role.OFFICER):
            return True
        return self.role is Role.DISPATCHER and layer in LOADED_BY_DISPATCHERS

    def may_edit(self, hazard: str) -> bool:
        """Whether zones of ``hazard`` are this officer's to edit; ``area`` bounds where."""
        if self.role is Role.ADMIN:
            return True
        return self.role is Role.OFFICER and bool({"*", hazard} & set(self.hazards))


GUEST = Principal("guest", Role.VIEWER)
"""Whoever looks at a synthetic township."""
NOBODY = Principal("nobody", Role.PUBLIC)


def new_token() -> str:
    """A token of 256 random bits."""
    return "anzhi_" + secrets.token_urlsafe(32)


def new_secret() -> str:
    """256 random bits for a cookie, a form or a link."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Digest kept of a token or cookie, which is random enough that no salt or slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def same_secret(one: str | None, other: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing of where they differ."""
    return one is not None and secrets.compare_digest(one.encode(), other.encode())
