"""Upkeep: the worker looks into the calendar at its start and every minute, and orders what is due."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass
from time import monotonic

from sqlalchemy.orm import Session

from app.platform import clock
from app.platform.calendar import Occurrence, due, entries_of, retries_due
from app.platform.deployment import Deployment
from app.platform.rulebooks import SOFTWARE
from gis_layers.database import is_lost
from gis_layers.stores import calendar

log = logging.getLogger(__name__)
EVERY_S = 60.0


@dataclass(slots=True)
class Upkeep:
    """Remembers when it last looked; a failure is logged and tried again a minute later.

    A database that went away is the worker's matter, who waits for it.
    """

    deployment: Deployment
    looks_at: float = 0.0

    def when_due(self) -> None:
        """Look where a minute has passed."""
        if monotonic() < self.looks_at:
            return
        self.looks_at = monotonic() + EVERY_S
        try:
            order_due(self.deployment, clock.now())
        except Exception as trouble:
            if is_lost(trouble):
                raise
            log.exception("the calendar could not be read; it is tried again")


def order_due(deployment: Deployment, now: datetime.datetime) -> list[str]:
    """Order the turns that have come and the failed ones whose pause is over, each once; the keys of what was ordered here.

    An entry of which a job still waits or runs is left until that has ended; its turn is not lost.
    """
    entries = entries_of(deployment.settings.calendar)
    with deployment.sessions.begin() as session:
        calendar.lock_calendar(session)
        calendar.begin_entries(session, [entry.key for entry in entries], now)
        busy = calendar.under_way(session)
        turns = due(entries, calendar.last_turns(session), now)
        again = retries_due(entries, calendar.failed_turns(session), now)
        return [turn.entry.key for turn in (*turns, *again) if turn.entry.key not in busy and _order(session, turn)]


def _order(session: Session, turn: Occurrence) -> bool:
    entry, moment = turn.entry, (turn.at, turn.retry)
    return calendar.order_turn(session, entry.key, moment, kind=entry.kind, payload=entry.options, author=SOFTWARE)
