"""What an open desk shows, and the mark by which it learns within seconds that something changed."""

from __future__ import annotations

import datetime
from dataclasses import asdict

from app.dispatch.duty import tell_shift
from app.dispatch.report_schemas import DeskAnswer
from app.dispatch.situation_reports import under_way
from app.platform.clock import CHINA
from app.platform.etags import etag_of
from app.platform.work import Work
from gis_layers.stores.desk_state import DeskState
from gis_layers.stores.duty import find_shift_at, read_shifts
from gis_layers.stores.town import read_register
from risk_model.readiness import lapse_of

LATEST_SHIFTS = 10


def desk_tag(state: DeskState, day: datetime.date, *, language: str) -> str:
    """The tag of what a desk shows: it changes whenever the state does, and with the day, on which forces become stale."""
    return etag_of(*asdict(state).values(), day, language)


def tell_desk(work: Work, state: DeskState, at: datetime.datetime, *, language: str) -> DeskAnswer:
    """What a desk shows at a moment."""
    shift = find_shift_at(work.session, at)
    waiting = [one for one in read_shifts(work.session, limit=LATEST_SHIFTS) if one.taken_by is None]
    today = at.astimezone(CHINA).date()
    verified = read_register(work.session, "forces")["last_verified"]
    return {
        "marks": {"log": state.log, "closures": state.closures, "forces": state.forces, "duty": state.duty},
        "shift": None if shift is None else tell_shift(shift),
        "unsigned": tell_shift(waiting[-1]) if waiting else None,
        "incidents": under_way(work, language),
        "overdue_closures": state.overdue,
        "unverified_forces": sum(lapse_of("last_verified", day, today) is not None for day in verified),
    }
