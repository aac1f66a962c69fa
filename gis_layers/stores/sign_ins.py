"""Sign-ins in force."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from gis_layers.tables.access import Account, SignIn


@dataclass(frozen=True, slots=True)
class StoredSignIn:
    """A sign-in that still counts, with its account."""

    sign_in: SignIn
    account: Account


def save_sign_in(
    session: Session, account: Account, *, digest: str, csrf: str, now: datetime.datetime, expires_at: datetime.datetime
) -> SignIn:
    """Keep a new sign-in by the digest of its cookie; what has expired meanwhile is cleared away."""
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    made = SignIn(
        digest=digest, account_id=account.id, csrf=csrf, created_at=now, last_seen_at=now, expires_at=expires_at
    )
    session.add(made)
    session.flush()
    return made


def find_visit(
    session: Session, digest: str, *, now: datetime.datetime, idle: datetime.timedelta
) -> StoredSignIn | None:
    """The sign-in of a cookie's digest, in one statement; None once it expired, idled or its account was disabled."""
    found = session.execute(
        select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(
            SignIn.digest == digest,
            SignIn.expires_at > now,
            SignIn.last_seen_at > now - idle,
            Account.disabled_at.is_(None),
        )
    ).first()
    return None if found is None else StoredSignIn(found[0], found[1])


def save_last_seen(session: Session, number: int, now: datetime.datetime) -> None:
    """Remember that somebody is still there; where another request is just doing the same, leave it to that one."""
    free = select(SignIn.id).where(SignIn.id == number).with_for_update(skip_locked=True).scalar_subquery()
    session.execute(
        update(SignIn).where(SignIn.id == free).values(last_seen_at=now).execution_options(synchronize_session=False)
    )


def renew_cookie(session: Session, number: int, digest: str) -> None:
    """Let a sign-in go on under another cookie; the former opens nothing any more."""
    session.execute(update(SignIn).where(SignIn.id == number).values(digest=digest))


def end_sign_in(session: Session, number: int) -> None:
    """Sign one browser out."""
    session.execute(delete(SignIn).where(SignIn.id == number))


def end_sign_in_of_cookie(session: Session, digest: str) -> None:
    """Sign out whoever came with the cookie of this digest."""
    session.execute(delete(SignIn).where(SignIn.digest == digest))


def end_sign_ins_of(session: Session, account: Account, *, but: int | None = None) -> int:
    """Sign an account out everywhere (``but`` one); returns how many browsers that were."""
    doomed = delete(SignIn).where(SignIn.account_id == account.id).returning(SignIn.id)
    return len(session.execute(doomed if but is None else doomed.where(SignIn.id != but)).all())
