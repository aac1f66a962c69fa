"""Delays after failed sign-ins: strangers by account and by place, each known device or place by itself.

Failures are counted by one of these kinds, and each further attempt waits longer by whichever has counted too many:

- ``device``: a browser from which the account signed in before, known by its cookie. Nothing anybody else does is counted there.
- ``place``: an account tried from one network. Where the account has signed in from there, nothing else is asked.
- ``account``: an account tried by strangers, from wherever; this bounds what many places guess together in a day.
- ``address``: all accounts tried by strangers from one network.
- ``visit``: the present password, asked of somebody who is signed in.
"""

from __future__ import annotations

import datetime
import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.platform.principals import new_secret, token_digest
from gis_layers.stores import sign_in_failures
from gis_layers.stores.sign_in_failures import Counter

FORGOTTEN_AFTER = datetime.timedelta(hours=24)
KNOWN_FOR = datetime.timedelta(days=180)
MOST_KNOWN = 20
"""Devices, and places, an account is known from at the same time: each has guesses of its own, and these are bounded."""
MOST_COUNTED = 50_000
"""Counters kept at the same time, so that inventing names or addresses fills no disk."""

FREE = {"device": 5, "place": 5, "visit": 5, "account": 200, "address": 100}
"""Failures without a delay. A person mistypes a few times; one place alone cannot use up an account's for all others."""
LONGEST_S = {"device": 900, "place": 900, "visit": 900, "account": 900, "address": 60}
"""Behind one address may sit a whole office: who is new there never waits long for what the others did."""
FORGIVEN = 10
"""Failures by address that a newcomer's success takes back: an office that moves in has both."""
NETWORK = {4: 32, 6: 64}
"""What one subscriber is given: an address of the fourth version, of the sixth a network of that many bits."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in attempt; the name is counted by its digest, since people type passwords into the wrong field.

    ``device`` is what the browser shows to be recognised by.
    """

    username: str
    address: str
    device: str | None = None

    @property
    def place(self) -> str:
        """The network the address belongs to."""
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        return str(ipaddress.ip_network(f"{address}/{NETWORK[address.version]}", strict=False))

    @property
    def device_digest(self) -> str:
        """By which the device is known."""
        return token_digest(self.device or "")


def counters_of(session: Session, attempt: Attempt, now: datetime.datetime) -> tuple[Counter, ...]:
    """Counters for failures of ``attempt``; the same statements are asked for a name nobody has."""
    account, since = token_digest(attempt.username), now - KNOWN_FOR
    known_device = sign_in_failures.is_known(session, attempt.username, ("device", attempt.device_digest), since=since)
    known_place = sign_in_failures.is_known(session, attempt.username, ("place", attempt.place), since=since)
    if known_device:
        return (("device", f"{account} {attempt.device_digest}"),)
    place = ("place", f"{account} {attempt.place}")
    return (place,) if known_place else (place, ("account", account), ("address", attempt.place))


def delay_s(kind: str, failures: int) -> int:
    """Seconds to wait after so many failures: none at first, then 2, 4, 8 … up to the longest of the kind."""
    over = failures - FREE[kind] + 1
    return 0 if over <= 0 else min(LONGEST_S[kind], 2 ** min(over, 10))


def wait_s(session: Session, counters: Sequence[Counter], now: datetime.datetime) -> int:
    """Whole seconds until the next attempt is heard; 0 for at once.

    Two attempts by one device, place or account's strangers never run abreast: none is heard before the other is counted.
    """
    if not sign_in_failures.take_turns(session, [counter for counter in counters if counter[0] != "address"]):
        return 1
    return max((_remaining(*counted, now) for counted in sign_in_failures.failures_by(session, counters)), default=0)


def count_failure(session: Session, counters: Sequence[Counter], now: datetime.datetime) -> int:
    """Count a failure; returns the highest count."""
    counted = sign_in_failures.count_failure(session, counters, now, forgotten_before=now - FORGOTTEN_AFTER)
    sign_in_failures.keep_most_counted(session, MOST_COUNTED)
    return counted


def welcome(
    session: Session, account_id: int, attempt: Attempt, counters: Sequence[Counter], now: datetime.datetime
) -> str:
    """After a success the device and place are known; returns what the device shows from now on.

    The account's strangers are forgiven nothing, or each morning's sign-in would give them another day's guesses. A
    device gets a new cookie each time: one that somebody planted is worth nothing once it has served.
    """
    kinds = dict(counters)
    sign_in_failures.forgive(session, [counter for counter in counters if counter[0] in ("device", "place")])
    if "address" in kinds:
        sign_in_failures.forgive(session, [("address", kinds["address"])], FORGIVEN)
    shown = new_secret()
    if attempt.device:
        sign_in_failures.rename_device(session, attempt.device_digest, token_digest(shown))
    for client in (("device", token_digest(shown)), ("place", attempt.place)):
        sign_in_failures.save_known(session, account_id, client, now, most=MOST_KNOWN)
    return shown


def _remaining(kind: str, failures: int, last_at: datetime.datetime, now: datetime.datetime) -> int:
    if last_at < now - FORGOTTEN_AFTER:
        return 0
    until = last_at + datetime.timedelta(seconds=delay_s(kind, failures))
    return max(0, math.ceil((until - now).total_seconds()))
