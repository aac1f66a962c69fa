"""Tokens of programs."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.tables.access import ROLES, Token

__all__ = ["ROLES", "find_token", "save_token"]


def save_token(session: Session, *, name: str, role: str, digest: str) -> Token:
    """Keep a token's digest; raises IntegrityError for a role that does not exist."""
    token = Token(name=name, role=role, digest=digest)
    session.add(token)
    session.flush()
    return token


def find_token(session: Session, digest: str) -> Token | None:
    """The token of ``digest`` unless it was revoked."""
    return session.scalar(select(Token).where(Token.digest == digest, Token.revoked_at.is_(None)))
