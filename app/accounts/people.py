"""Accounts made, changed and closed, each with its audit entry."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass, field

import shapely
from sqlalchemy.orm import Session

from app.accounts.passwords import check_password, hash_password
from app.platform.errors import NotFound, Refused
from app.platform.principals import Role
from gis_layers.stores import accounts, sign_in_failures, sign_ins
from gis_layers.stores.accounts import Account
from gis_layers.stores.records import record_audit
from risk_model.message import msg

USERNAME = re.compile(r"[\w.\-@]{2,40}")


@dataclass(frozen=True, slots=True)
class Rights:
    """An officer's editing rights: hazards (``*`` is every one) inside ``area`` (storage CRS; None is everywhere)."""

    hazards: tuple[str, ...] = ()
    area: shapely.MultiPolygon | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to get an account. ``one_time`` passwords must be changed at the first sign-in."""

    username: str
    password: str
    role: Role
    display_name: str = ""
    department: str | None = None
    rights: Rights = field(default_factory=Rights)
    one_time: bool = False


@dataclass(frozen=True, slots=True)
class AccountChange:
    """Changes to an account; None stays as it is, and so does the area unless ``area_too``."""

    role: Role | None
    department: str | None
    rights: Rights
    area_too: bool


def fold_username(typed: str) -> str:
    """The one spelling of a username: full-width letters, capitals and surrounding blanks make no difference.

    Empty for what can be nobody's name.
    """
    folded = unicodedata.normalize("NFKC", typed).strip().casefold().lower()
    return folded if USERNAME.fullmatch(folded) else ""


def add_person(session: Session, person: NewPerson, *, actor: str) -> Account:
    """Make an account; raises Refused for a name or password that will not do, UsernameTaken for a name in use."""
    username = fold_username(person.username)
    if not username:
        raise Refused(msg("用户名应为 2 至 40 个汉字、字母、数字或 . - _ @"), field="username")
    if username.startswith("demo-"):
        raise Refused(msg("以 demo- 开头的用户名留给演示账号；请换一个"), field="username")
    check_password(person.password, username)
    account = accounts.save_account(
        session,
        accounts.NewAccount(
            username=username,
            display_name=person.display_name.strip()[:80] or username,
            role=person.role.value,
            password_hash=hash_password(person.password),
            department=person.department,
            hazards=person.rights.hazards,
            area=person.rights.area,
            must_change_password=person.one_time,
        ),
    )
    detail = {"username": username, "role": account.role, "department": account.department}
    _audit(session, actor, "add account", account, {**detail, "hazards": account.hazards})
    return account


def find_person(session: Session, username: str) -> Account:
    """The account of a person, disabled or not; raises NotFound."""
    account = accounts.find_account(session, fold_username(username))
    if account is None or account.demo:
        raise NotFound(msg("没有账号「{username}」；用 `anzhi user list` 查看全部账号", username=username))
    return account


def disable(session: Session, account: Account, *, actor: str, now: datetime.datetime) -> int:
    """Close an account: its sign-ins end at once; returns how many there were."""
    account.disabled_at = account.disabled_at or now
    ended = sign_ins.end_sign_ins_of(session, account)
    _audit(session, actor, "disable account", account, {"signed_out": ended})
    return ended


def enable(session: Session, account: Account, *, actor: str) -> None:
    """Open a closed account again, with its old password."""
    account.disabled_at = None
    _audit(session, actor, "enable account", account, {})


def change_person(session: Session, account: Account, change: AccountChange, *, actor: str) -> None:
    """Change role, department and rights; they hold from the account's next request on."""
    account.role = account.role if change.role is None else change.role.value
    account.department = account.department if change.department is None else change.department
    account.hazards = list(change.rights.hazards)
    if change.area_too:
        accounts.save_area(account, change.rights.area)
    detail = {"role": account.role, "department": account.department, "hazards": account.hazards}
    _audit(session, actor, "change account", account, {**detail, "area": account.area is not None})


def reset_password(session: Session, account: Account, password: str, *, one_time: bool, actor: str) -> int:
    """Give another password; the account is signed out everywhere. Returns how many browsers that were."""
    check_password(password, account.username)
    account.password_hash, account.must_change_password = hash_password(password), one_time
    ended = sign_ins.end_sign_ins_of(session, account)
    sign_in_failures.forget_known(session, account.id)
    _audit(session, actor, "reset password", account, {"one_time": one_time, "signed_out": ended})
    return ended


def _audit(session: Session, actor: str, action: str, account: Account, detail: dict[str, object]) -> None:
    session.flush()
    record_audit(session, actor=actor, action=action, subject=f"account {account.id}", detail=detail)
