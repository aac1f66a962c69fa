"""How long to wait after signing in failed: longer each time, by account and by address."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.security import token_digest
from gis_layers.stores import sign_ins

LONGEST_S = 900
FORGOTTEN_AFTER = datetime.timedelta(hours=24)
FREE = {"account": 5, "address": 30}
"""Failures without a delay: a person mistypes a few times; behind one address may sit a whole office."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who is tried from where; the name is counted by its digest, since people type passwords into the wrong field."""

    username: str
    address: str

    def subjects(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """What failures are counted by."""
        return ("account", token_digest(self.username)), ("address", self.address)


def delay_s(kind: str, failures: int) -> int:
    """Seconds to wait after so many failures in a row: none at first, then 2, 4, 8 … up to a quarter of an hour."""
    over = failures - FREE[kind] + 1
    return 0 if over <= 0 else min(LONGEST_S, 2 ** min(over, 10))


def wait_s(session: Session, attempt: Attempt, now: datetime.datetime) -> int:
    """Whole seconds until the next attempt is heard; 0 for at once. Two attempts on one account never run abreast."""
    if not sign_ins.take_turn(session, attempt.subjects()[0][1]):
        return 1
    waits = [_remaining(session, kind, subject, now) for kind, subject in attempt.subjects()]
    return max(waits)


def count_failure(session: Session, attempt: Attempt, now: datetime.datetime) -> int:
    """Count a failure by account and by address; returns the count of the account."""
    counts = [
        sign_ins.count_failure(session, kind, subject, now=now, forgotten_before=now - FORGOTTEN_AFTER)
        for kind, subject in attempt.subjects()
    ]
    return counts[0]


def forget_failures(session: Session, attempt: Attempt) -> None:
    """After a success the account begins anew; the address does not, or one known password would open the gate."""
    sign_ins.forget_failures(session, *attempt.subjects()[0])


def _remaining(session: Session, kind: str, subject: str, now: datetime.datetime) -> int:
    found = sign_ins.failures_of(session, kind, subject)
    if found is None or found[1] < now - FORGOTTEN_AFTER:
        return 0
    until = found[1] + datetime.timedelta(seconds=delay_s(kind, found[0]))
    return max(0, math.ceil((until - now).total_seconds()))
