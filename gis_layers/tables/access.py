"""Rights of access: accounts of people, their sign-ins, and the tokens of programs."""

from __future__ import annotations

import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, Moment, code_of, geometry_type

A_DIGEST = "digest ~ '^[0-9a-f]{64}$'"


class Account(Base):
    """Somebody with a role. ``username`` is kept folded to small letters, so that it is unique however it is typed.

    An officer may edit the hazards in ``hazards`` (none where empty, every one where it holds ``*``) inside ``area``
    (the whole deployment where null). A demo account has no password: it is entered by one click or not at all.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("username = lower(username) AND username ~ '^[^\\s:]{2,40}$'", name="username_folded"),
        CheckConstraint("length(btrim(display_name)) BETWEEN 1 AND 80", name="display_name_given"),
        code_of("role", "role", but=("public",)),
        CheckConstraint("demo = (password_hash IS NULL)", name="only_demo_without_password"),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_is_hashed"),
        CheckConstraint("area IS NULL OR (ST_IsValid(area) AND NOT ST_IsEmpty(area))", name="area_sound"),
        CheckConstraint("array_position(hazards, NULL) IS NULL", name="hazards_named"),
    )

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[str]
    department: Mapped[str | None]
    hazards: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    area: Mapped[WKBElement | None] = mapped_column(geometry_type("MULTIPOLYGON"))
    demo: Mapped[Flag]
    must_change_password: Mapped[Flag]
    disabled_at: Mapped[Moment | None]
    created_at: Mapped[CreatedAt]


class SignIn(Base):
    """One browser signed in to one account: only the SHA-256 of its cookie is kept. Signing out deletes the row."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint(A_DIGEST, name="digest_is_sha256"),
        CheckConstraint("length(csrf) >= 32", name="csrf_long_enough"),
        CheckConstraint("created_at <= last_seen_at AND created_at < expires_at", name="moments_in_order"),
    )

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    last_seen_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), index=True)


class FirstAdminLink(Base):
    """A link that makes the first admin, once."""

    __tablename__ = "first_admin_links"
    __table_args__ = (
        CheckConstraint(A_DIGEST, name="digest_is_sha256"),
        CheckConstraint("created_at < expires_at", name="moments_in_order"),
    )

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[Moment | None]


class KnownClient(Base):
    """A device or place somebody signed in from: what comes from there is not counted with the guesses of strangers.

    ``subject`` is the SHA-256 of a device's cookie, or the network a place is known by.
    """

    __tablename__ = "known_clients"
    __table_args__ = (
        code_of("known_client", "kind"),
        CheckConstraint(f"kind <> 'device' OR subject {A_DIGEST.removeprefix('digest ')}", name="device_is_sha256"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True, index=True)
    last_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))


class FailedSignIns(Base):
    """Failed sign-ins, by what they are counted by: ``app.accounts.throttle`` says what the kinds are.

    An account is named by the SHA-256 of what was typed: people type passwords into the wrong field.
    """

    __tablename__ = "failed_sign_ins"
    __table_args__ = (
        code_of("failure_kind", "kind"),
        CheckConstraint("failures > 0", name="failures_counted"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), index=True)


class Token(Base):
    """An API token: only the SHA-256 of its (256-bit random) text is kept. ``used_on`` is the last day it was used."""

    __tablename__ = "tokens"
    __table_args__ = (code_of("role", "role", but=("public",)),)

    id: Mapped[Id]
    name: Mapped[str]
    role: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
    used_on: Mapped[datetime.date | None]
