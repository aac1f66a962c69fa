"""Tokens of programs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from gis_layers.tables.access import Token

__all__ = ["Bearer", "Token", "find_bearer", "is_open", "list_tokens", "revoke_token", "save_token", "save_use"]


def save_token(
    session: Session, *, name: str, role: str, digest: str, expires_at: datetime.datetime | None = None
) -> Token:
    """Keep a token's digest; raises IntegrityError for a role that does not exist."""
    token = Token(name=name, role=role, digest=digest, expires_at=expires_at)
    session.add(token)
    session.flush()
    return token


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token stands for."""

    name: str
    role: str
    id: int
    used_on: datetime.date | None


def find_bearer(session: Session, digest: str, now: datetime.datetime | None = None) -> Bearer | None:
    """Whose token has ``digest``; None once it was revoked or has expired by ``now`` (the database's clock where not given).

    Programs ask this with every request, so it is written out.
    """
    found = session.connection().exec_driver_sql(_BEARER, {"digest": digest, "now": now}).one_or_none()
    return None if found is None else Bearer(*found)


_BEARER = """
SELECT name, role, id, used_on FROM tokens WHERE digest = %(digest)s AND revoked_at IS NULL
AND (expires_at IS NULL OR expires_at > coalesce(CAST(%(now)s AS timestamptz), now()))
"""


def save_use(session: Session, token: int, day: datetime.date) -> bool:
    """Remember that a token is used on ``day``; whether this is the first to say so. Never waits for another who does."""
    free = select(Token.id).where(Token.id == token, Token.used_on.is_distinct_from(day))
    locked = free.with_for_update(skip_locked=True).scalar_subquery()
    said = update(Token).where(Token.id == locked).values(used_on=day).execution_options(synchronize_session=False)
    done: CursorResult[Any] = session.execute(said)  # type: ignore[assignment]
    return done.rowcount == 1


def list_tokens(session: Session) -> list[Token]:
    """Every token ever made, oldest first."""
    return list(session.scalars(select(Token).order_by(Token.id)))


def is_open(token: Token, now: datetime.datetime) -> bool:
    """Whether ``token`` lets somebody in at a moment: neither revoked nor expired."""
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > now)


def revoke_token(session: Session, token: Token, now: datetime.datetime) -> None:
    """From now on nobody gets in with ``token``."""
    token.revoked_at = now
    session.flush()
