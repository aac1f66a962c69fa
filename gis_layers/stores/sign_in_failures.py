"""Number of failed sign-ins, and places an account is known from."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis_layers.tables.access import Account, FailedSignIns, KnownClient

Counter = tuple[str, str]
"""What failures are counted by: a kind and its subject."""


def take_turns(session: Session, counters: Sequence[Counter]) -> bool:
    """Whether nobody else tries by the same counters right now; the turns last until the transaction ends."""
    lock = text("SELECT pg_try_advisory_xact_lock(hashtextextended('sign in ' || :counter, 0))")
    return all(session.scalar(lock, {"counter": " ".join(counter)}) for counter in counters)


def failures_by(session: Session, counters: Sequence[Counter]) -> list[tuple[str, int, datetime.datetime]]:
    """Kind, failures and moment of the last one, of each counter that has counted any."""
    columns = (FailedSignIns.kind, FailedSignIns.failures, FailedSignIns.last_at)
    found = session.execute(select(*columns).where(_any_of(counters)).order_by(FailedSignIns.kind))
    return [(kind, failures, last_at) for kind, failures, last_at in found]


def count_failure(
    session: Session, counters: Sequence[Counter], now: datetime.datetime, *, forgotten_before: datetime.datetime
) -> int:
    """Count one more failure by each counter and return the highest count; what is older is forgotten."""
    session.execute(delete(FailedSignIns).where(FailedSignIns.last_at < forgotten_before))
    rows = [{"kind": kind, "subject": subject, "failures": 1, "last_at": now} for kind, subject in sorted(counters)]
    counted = insert(FailedSignIns).values(rows)
    counted = counted.on_conflict_do_update(
        index_elements=["kind", "subject"], set_={"failures": FailedSignIns.failures + 1, "last_at": now}
    )
    return max(session.scalars(counted.returning(FailedSignIns.failures)))


def keep_most_counted(session: Session, most: int) -> None:
    """Forget a tenth where more than ``most`` counters stand: those that counted least, of these the oldest."""
    if session.execute(select(func.count()).select_from(FailedSignIns)).scalar_one() <= most:
        return
    place = (FailedSignIns.kind, FailedSignIns.subject)
    kept = select(*place).order_by(FailedSignIns.failures.desc(), FailedSignIns.last_at.desc()).limit(most - most // 10)
    session.execute(
        delete(FailedSignIns).where(tuple_(*place).not_in(kept)).execution_options(synchronize_session=False)
    )


def forgive(session: Session, counters: Sequence[Counter], fewer: int | None = None) -> None:
    """Count ``fewer`` failures by each counter, none any more where it is not said."""
    among = _any_of(counters)
    if fewer is not None:
        less = update(FailedSignIns).where(among, FailedSignIns.failures > fewer)
        session.execute(less.values(failures=FailedSignIns.failures - fewer))
        among &= FailedSignIns.failures <= fewer
    session.execute(delete(FailedSignIns).where(among))


def is_known(session: Session, username: str, client: Counter, *, since: datetime.datetime) -> bool:
    """Whether the account of that name signed in from a device or place lately; false for a name nobody has."""
    known = select(KnownClient.subject).join(Account, Account.id == KnownClient.account_id)
    kind, subject = client
    found = known.where(
        Account.username == username,
        KnownClient.kind == kind,
        KnownClient.subject == subject,
        KnownClient.last_at > since,
    )
    return session.scalar(found) is not None


def save_known(session: Session, account_id: int, client: Counter, now: datetime.datetime, *, most: int) -> None:
    """Remember that an account signed in from a device or place; of each kind the ``most`` last ones are kept."""
    kind, subject = client
    statement = insert(KnownClient).values(account_id=account_id, kind=kind, subject=subject, last_at=now)
    session.execute(
        statement.on_conflict_do_update(index_elements=["account_id", "kind", "subject"], set_={"last_at": now})
    )
    same = (KnownClient.account_id == account_id, KnownClient.kind == kind)
    kept = select(KnownClient.subject).where(*same).order_by(KnownClient.last_at.desc()).limit(most)
    session.execute(
        delete(KnownClient).where(*same, KnownClient.subject.not_in(kept)).execution_options(synchronize_session=False)
    )


def rename_device(session: Session, former: str, digest: str) -> None:
    """A device shows another cookie from now on, for every account that is known from it."""
    session.execute(
        update(KnownClient).where(KnownClient.kind == "device", KnownClient.subject == former).values(subject=digest)
    )


def forget_known(session: Session, account_id: int, *, but: str = "") -> None:
    """An account is known from nowhere any more, ``but`` perhaps from one device."""
    session.execute(delete(KnownClient).where(KnownClient.account_id == account_id, KnownClient.subject != but))


def _any_of(counters: Sequence[Counter]) -> ColumnElement[bool]:
    return tuple_(FailedSignIns.kind, FailedSignIns.subject).in_(counters)
