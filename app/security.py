"""Who is asking: roles, tokens, guests."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum


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
        return self is Role.ADMIN or needed in (self, Role.VIEWER, Role.PUBLIC)


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody with a role; guests are viewers of a synthetic township."""

    name: str
    role: Role


GUEST = Principal("guest", Role.VIEWER)


def new_token() -> str:
    """A token of 256 random bits."""
    return "anzhi_" + secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a token; it is random enough that no salt or slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
