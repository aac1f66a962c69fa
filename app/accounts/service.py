"""Signing in, out and in for the first time, told in order."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.accounts import throttle
from app.accounts.passwords import check_password, hash_password, outdated, password_matches
from app.accounts.people import NewPerson, add_person, fold_username
from app.accounts.throttle import Attempt
from app.platform.errors import NotAllowed, NotFound, Refused
from app.platform.principals import (
    ABSOLUTE,
    DEMO_ROLES,
    BrowserSession,
    Principal,
    Role,
    new_secret,
    token_digest,
)
from app.platform.rulebooks import SOFTWARE
from gis_layers.stores import accounts, sign_in_failures, sign_ins
from gis_layers.stores.records import record_audit
from gis_layers.stores.sign_in_failures import Counter
from gis_layers.stores.sign_ins import StoredSignIn as Found
from risk_model.codes import code_name
from risk_model.message import msg

LINK_LASTS = datetime.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A sign-in: what was typed, where from, which cookie (another sign-in's, or an attacker's), on which device."""

    username: str
    password: str
    address: str
    cookie: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A new password, and the present one as proof."""

    current: str
    new: str
    address: str
    device: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that stands; ``cookie``, and what the device is known by, are told this once and kept nowhere."""

    found: Found
    cookie: str
    device: str | None = None


@dataclass(frozen=True, slots=True)
class SignInFailed:
    """A sign-in that failed, to be answered without an exception, so that the count of failures is committed.

    ``wait_s`` is None for a wrong name or password, else the seconds until the next attempt is heard.
    """

    detail: str
    wait_s: int | None = None


def sign_in(session: Session, typed: Credentials, now: datetime.datetime) -> SignedIn | SignInFailed:
    """Check a name and password; the same work is done and the same words are said for a name nobody has."""
    username = fold_username(typed.username)
    attempt = Attempt(username, typed.address, typed.device)
    counters = throttle.counters_of(session, attempt, now)
    wait_s = throttle.wait_s(session, counters, now)
    if wait_s:
        return SignInFailed(msg("尝试次数过多；请在 {seconds} 秒后再试", seconds=wait_s), wait_s)
    account = accounts.find_account(session, username)
    matches = password_matches(account.password_hash if account else None, typed.password)
    if account is None or not matches or account.disabled_at is not None:
        return _turn_away(session, attempt, counters, known=account is not None, now=now)
    if account.password_hash and outdated(account.password_hash):
        account.password_hash = hash_password(typed.password)
    device = throttle.welcome(session, account.id, attempt, counters, now)
    return replace(_welcome(session, account.id, typed.cookie, now, address=typed.address), device=device)


def sign_in_demo(session: Session, role: Role, *, cookie: str | None, address: str, now: datetime.datetime) -> SignedIn:
    """Sign in as the demo account of ``role``. The caller has made sure that this is a demo."""
    if role not in DEMO_ROLES:
        raise Refused(msg("演示角色只有：{roles}", roles=[*DEMO_ROLES]))
    seat_demo_accounts(session)
    account = accounts.find_account(session, demo_username(role))
    if account is None or not account.demo or account.disabled_at is not None:
        raise NotAllowed(msg("演示账号 {account} 已停用", account=demo_username(role)))
    return _welcome(session, account.id, cookie, now, address=address)


def sign_out(session: Session, principal: Principal) -> None:
    """End the sign-in somebody came with."""
    if principal.visit is None:
        return
    sign_ins.end_sign_in(session, principal.visit.number)
    record_audit(session, actor=principal.name, action="sign out", subject=_subject(principal.visit.account), detail={})


def change_password(
    session: Session, visit: BrowserSession, typed: PasswordChange, now: datetime.datetime
) -> str | SignInFailed:
    """Set a new password, signing out every other browser; returns the cookie this one goes on with."""
    account = accounts.read_account(session, visit.account)
    if account.demo:
        raise NotAllowed(msg("演示账号没有密码"))
    attempt, counters = Attempt(account.username, typed.address, typed.device), (("visit", str(visit.number)),)
    wait_s = throttle.wait_s(session, counters, now)
    if wait_s:
        return SignInFailed(msg("尝试次数过多；请在 {seconds} 秒后再试", seconds=wait_s), wait_s)
    if not password_matches(account.password_hash, typed.current):
        return _turn_away(session, attempt, counters, known=True, now=now)
    check_password(typed.new, account.username)
    if typed.current == typed.new:
        raise Refused(msg("新密码与原密码相同；请换一个"), code="password-weak", field="password")
    account.password_hash, account.must_change_password = hash_password(typed.new), False
    sign_in_failures.forgive(session, counters)
    sign_in_failures.forget_known(session, account.id, but=attempt.device_digest)
    cookie, ended = new_secret(), sign_ins.end_sign_ins_of(session, account, but=visit.number)
    sign_ins.renew_cookie(session, visit.number, token_digest(cookie))
    detail = {"signed_out": ended}
    record_audit(session, actor=account.username, action="change password", subject=_subject(account.id), detail=detail)
    return cookie


def open_first_admin_link(session: Session, now: datetime.datetime) -> str | None:
    """A new one-time token where nobody has an account yet; None where somebody has."""
    if accounts.count_accounts(session):
        return None
    token = new_secret()
    accounts.save_first_admin_link(session, digest=token_digest(token), now=now, expires_at=now + LINK_LASTS)
    detail = {"expires_at": (now + LINK_LASTS).isoformat()}
    record_audit(session, actor=SOFTWARE, action="open first-admin link", subject="first admin", detail=detail)
    return token


def check_first_admin_link(session: Session, token: str, now: datetime.datetime) -> None:
    """Raises NotFound where the link does not open (any more)."""
    opens = accounts.first_admin_link_opens(session, token_digest(token), now)
    if not opens or accounts.count_accounts(session):
        raise NotFound(msg("这个链接已经用过或已失效；请在服务器上重新运行 anzhi up，或用 anzhi user add 建立账号"))


def make_first_admin(
    session: Session, token: str, person: NewPerson, *, address: str, now: datetime.datetime
) -> SignedIn:
    """Use the link up, make the admin and sign them in; raises NotFound, or Refused for a name or password."""
    check_first_admin_link(session, token, now)
    account = add_person(session, person, actor="first-admin link")
    if not accounts.use_first_admin_link(session, token_digest(token), now):
        raise NotFound(msg("这个链接刚刚被用过"))
    return _welcome(session, account.id, None, now, address=address)


def seat_demo_accounts(session: Session) -> None:
    """Make the demo accounts that are missing; only for a synthetic township."""
    for role in DEMO_ROLES:
        if accounts.find_account(session, demo_username(role)) is None:
            hazards = ("*",) if role is Role.OFFICER else ()
            new = accounts.NewAccount(
                demo_username(role), f"演示·{code_name('role', role.value)}", role.value, None, "演示单位", hazards
            )
            made = accounts.save_account(session, new)
            detail = {"username": made.username, "role": made.role, "demo": True}
            record_audit(session, actor="demo", action="add account", subject=_subject(made.id), detail=detail)


def demo_username(role: Role) -> str:
    """The account a guest enters with one click."""
    return f"demo-{role.value}"


def _welcome(session: Session, number: int, former: str | None, now: datetime.datetime, *, address: str) -> SignedIn:
    """A sign-in always begins with a new cookie; whatever cookie the browser came with opens nothing any more."""
    if former:
        sign_ins.end_sign_in_of_cookie(session, token_digest(former))
    account, cookie = accounts.read_account(session, number), new_secret()
    made = sign_ins.save_sign_in(
        session, account, digest=token_digest(cookie), csrf=new_secret(), now=now, expires_at=now + ABSOLUTE
    )
    detail = {"address": address}
    record_audit(session, actor=account.username, action="sign in", subject=_subject(number), detail=detail)
    return SignedIn(Found(made, account), cookie)


def _turn_away(
    session: Session, attempt: Attempt, counters: Sequence[Counter], *, known: bool, now: datetime.datetime
) -> SignInFailed:
    """Count the failure; a name nobody has is not written down, it may be a password typed into the wrong field."""
    failures = throttle.count_failure(session, counters, now)
    detail = {"address": attempt.address, "failures": failures}
    name = attempt.username if known else "unknown"
    record_audit(session, actor=name, action="fail to sign in", subject="session", detail=detail)
    return SignInFailed("用户名或密码不正确")


def _subject(number: int) -> str:
    return f"account {number}"
