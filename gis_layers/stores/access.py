"""Tokens of programs."""

from __future__ import annotations

import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gis_layers.tables.access import ROLES, Token

__all__ = ["ROLES", "Token", "find_token", "list_tokens", "revoke_token", "save_token"]


def save_token(
    session: Session, *, name: str, role: str, digest: str, expires_at: datetime.datetime | None = None
) -> Token:
    """Keep a token's digest; raises IntegrityError for a role that does not exist."""
    token = Token(name=name, role=role, digest=digest, expires_at=expires_at)
    session.add(token)
    session.flush()
    return token


def find_token(session: Session, digest: str, now: datetime.datetime | None = None) -> Token | None:
    """The token of ``digest`` unless it was revoked or has expired by ``now`` (the database's clock where not given)."""
    moment = func.now() if now is None else now
    unexpired = or_(Token.expires_at.is_(None), Token.expires_at > moment)
    return session.scalar(select(Token).where(Token.digest == digest, Token.revoked_at.is_(None), unexpired))


def list_tokens(session: Session) -> list[Token]:
    """Every token ever made, oldest first."""
    return list(session.scalars(select(Token).order_by(Token.id)))


def revoke_token(session: Session, token: Token, now: datetime.datetime) -> None:
    """From now on nobody gets in with ``token``."""
    token.revoked_at = now
    session.flush()
