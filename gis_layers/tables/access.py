"""Who may do what: roles and the tokens of programs."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Id, Moment

ROLES = ("viewer", "planner", "dispatcher", "officer", "approver", "admin")


class Token(Base):
    """An API token: only the SHA-256 of its (256-bit random) text is kept."""

    __tablename__ = "tokens"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role_known"),)

    id: Mapped[Id]
    name: Mapped[str]
    role: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    revoked_at: Mapped[Moment | None]
