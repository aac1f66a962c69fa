"""Upkeep: what the worker does beside its jobs, at its start and every minute."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass
from time import monotonic

from app.platform import clock
from app.platform.deployment import Deployment
from app.platform.rulebooks import SOFTWARE
from gis_layers.database import is_lost
from gis_layers.stores import jobs
from gis_layers.stores.records import record_audit
from gis_layers.stores.seals import seal_days

log = logging.getLogger(__name__)
EVERY_S = 60.0


@dataclass(slots=True)
class Upkeep:
    """Remembers when it was last done; a failure is logged and tried again a minute later.

    A database that went away is the worker's matter, who waits for it.
    """

    deployment: Deployment
    due: float = 0.0

    def when_due(self) -> None:
        """Do it where a minute has passed."""
        if monotonic() < self.due:
            return
        self.due = monotonic() + EVERY_S
        try:
            keep_up(self.deployment, clock.now(), clock.today())
        except Exception as trouble:
            if is_lost(trouble):
                raise
            log.exception("the upkeep failed; it is tried again")


def keep_up(deployment: Deployment, now: datetime.datetime, today: datetime.date) -> None:
    """Forget results that were kept long enough, and seal the audit's days that are over."""
    with deployment.sessions.begin() as session:
        kept = datetime.timedelta(days=deployment.settings.batch_days)
        forgotten = jobs.forget_results(session, now - kept)
        if forgotten:
            detail = {"jobs": forgotten, "kept_days": deployment.settings.batch_days}
            record_audit(session, actor=SOFTWARE, action="forget results", subject="jobs", detail=detail)
    seal_days(deployment.sessions, today)
