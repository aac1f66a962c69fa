"""Calls to villages: written into the log of an incident, and told as where each village stands."""

from __future__ import annotations

from collections.abc import Sequence

from app.dispatch.log import BEGINNING, occurred, write_entry
from app.dispatch.report_schemas import VillageCalled
from app.dispatch.schemas import VillageCallAnswer
from app.platform.clock import now
from app.platform.work import Work
from gis_layers.stores.dispatch_log import NewEntry, read_log
from risk_model.dispatch import VillageCall, call_state


def note_call(work: Work, number: int, called: VillageCalled, *, actor: str) -> None:
    """Write into the log of an incident whose row is held that somebody in a village was called."""
    moment = occurred(called.occurred_at, at=now(), after=BEGINNING)
    content = {name: getattr(called, name) for name in ("village", "village_code", "who", "answered")}
    write_entry(work, number, NewEntry("call", actor, moment, said=called.said, content=content))


def read_calls(work: Work, number: int) -> list[VillageCall]:
    """Every call on the log of an incident."""
    return [
        VillageCall(
            str(one.content["village"]),
            one.content.get("village_code"),
            str(one.content["who"]),
            one.content["answered"] is True,
            one.occurred_at,
        )
        for one in read_log(work.session, number, "call")
    ]


def tell_call(calls: Sequence[VillageCall], village: str, code: str | None) -> VillageCallAnswer:
    """Where one village stands after all calls of an incident."""
    state = call_state(one for one in calls if one.is_to(village, code))
    return {
        "village": village,
        "village_code": code,
        "state": state.state,
        "attempts": state.attempts,
        "since": None if state.since is None else state.since.isoformat(),
        "who": state.who,
        "at": None if state.at is None else state.at.isoformat(),
    }


def tell_calls(work: Work, number: int) -> list[VillageCallAnswer]:
    """Where every village stands that was called in an incident, in the order of the first calls."""
    calls = read_calls(work, number)
    called = dict.fromkeys((one.village, one.code) for one in calls)
    return [tell_call(calls, village, code) for village, code in called]
