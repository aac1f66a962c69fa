"""Accounts of people, and the link that makes the first of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import count

from gis_layers.crs import STORAGE_SRID
from gis_layers.errors import GisError
from gis_layers.tables.access import Account, FirstAdminLink
from risk_model.message import msg

__all__ = [
    "Account",
    "NewAccount",
    "UsernameTaken",
    "count_accounts",
    "find_account",
    "first_admin_link_opens",
    "list_accounts",
    "read_account",
    "save_account",
    "save_area",
    "save_first_admin_link",
    "use_first_admin_link",
]


class UsernameTaken(GisError):
    """An account of this name exists already; choose another name."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made; ``username`` folded to small letters, ``area`` in the storage CRS."""

    username: str
    display_name: str
    role: str
    password_hash: str | None
    department: str | None = None
    hazards: tuple[str, ...] = ()
    area: shapely.MultiPolygon | None = None
    must_change_password: bool = False


def save_account(session: Session, new: NewAccount) -> Account:
    """Keep a new account, a demo one where it has no password; raises UsernameTaken."""
    account = Account(
        username=new.username,
        display_name=new.display_name,
        role=new.role,
        password_hash=new.password_hash,
        department=new.department,
        hazards=list(new.hazards),
        demo=new.password_hash is None,
        must_change_password=new.must_change_password,
    )
    save_area(account, new.area)
    try:
        with session.begin_nested():
            session.add(account)
            session.flush()
    except IntegrityError as error:
        if "uq_accounts_username" in str(error.orig):
            raise UsernameTaken(msg("已有账号「{username}」；请换一个名称", username=new.username)) from error
        raise
    return account


def save_area(account: Account, area: shapely.MultiPolygon | None) -> None:
    """Set where an officer may edit; None is everywhere."""
    account.area = None if area is None else from_shape(area, srid=STORAGE_SRID)


def find_account(session: Session, username: str) -> Account | None:
    """The account of a folded username, disabled or not."""
    return session.scalar(select(Account).where(Account.username == username))


def read_account(session: Session, number: int) -> Account:
    """The account of a number that is known to exist."""
    return session.get_one(Account, number)


def list_accounts(session: Session) -> list[Account]:
    """Every account by name, demo accounts last."""
    return list(session.scalars(select(Account).order_by(Account.demo, Account.username)))


def count_accounts(session: Session) -> int:
    """Number of accounts of people, disabled ones too; demo accounts do not count."""
    return session.scalar(select(count()).select_from(Account).where(~Account.demo)) or 0


def save_first_admin_link(
    session: Session, *, digest: str, now: datetime.datetime, expires_at: datetime.datetime
) -> None:
    """Keep a new link by its digest; links made before it no longer open."""
    session.execute(update(FirstAdminLink).where(FirstAdminLink.used_at.is_(None)).values(used_at=now))
    session.add(FirstAdminLink(digest=digest, created_at=now, expires_at=expires_at))
    session.flush()


def first_admin_link_opens(session: Session, digest: str, now: datetime.datetime) -> bool:
    """Whether the link is known, unused and not too old."""
    found = exists().where(
        FirstAdminLink.digest == digest, FirstAdminLink.used_at.is_(None), FirstAdminLink.expires_at > now
    )
    return bool(session.scalar(select(found)))


def use_first_admin_link(session: Session, digest: str, now: datetime.datetime) -> bool:
    """Use the link up; false where it does not open. Of two at the same time one wins."""
    used = session.execute(
        update(FirstAdminLink)
        .where(FirstAdminLink.digest == digest, FirstAdminLink.used_at.is_(None), FirstAdminLink.expires_at > now)
        .values(used_at=now)
        .returning(FirstAdminLink.id)
    )
    return used.first() is not None
