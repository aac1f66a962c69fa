"""Log of dispatch: every act on an incident is written here and in the audit, with when it occurred."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final, cast

from app.dispatch.incident_schemas import LogAnswer, LogListing
from app.judgement.road_network import find_network
from app.platform.errors import BadParameter
from app.platform.work import Work
from gis_layers.stores.closures import ACTIVE, ClosureQuery, read_closures
from gis_layers.stores.dispatch_log import DispatchLogEntry, NewEntry, add_entry_of, read_log
from gis_layers.stores.records import record_audit
from risk_model.message import msg

BEGINNING: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""Nothing on record occurred before it."""


def write_entry(work: Work, incident: int, entry: NewEntry) -> None:
    """Add an entry to the log of an incident, and to the audit what it was."""
    add_entry_of(work.session, incident, entry)
    detail = {"act": entry.act, "state": entry.state, "assignment": entry.assignment, "said": entry.said}
    record_audit(work.session, actor=entry.by, action="log dispatch", subject=f"incident {incident}", detail=detail)


def occurred(given: datetime.datetime | None, *, at: datetime.datetime, after: datetime.datetime) -> datetime.datetime:
    """When something occurred: ``given``, else now. Raises BadParameter for the future, or for before what it follows."""
    moment = given or at
    if moment > at or moment < after:
        wrong = [{"field": "occurred_at", "message": msg("发生时间不能晚于现在，也不能早于上一步")}]
        raise BadParameter(wrong[0]["message"], code="days", errors=wrong)
    return moment


def circumstances(work: Work) -> dict[str, Any]:
    """What an order of forces rests on now: the network, and the closures in force."""
    network = find_network(work)
    closures = read_closures(work.session, ClosureQuery(ACTIVE))
    told = closures[["id", "kind", "reason", "share_left", "on_foot"]].to_dict("records")
    return {"graph_now": None if network is None else network.version, "closures": told}


def tell_log(work: Work, incident: int) -> LogListing:
    """The whole log of an incident, in the order it was recorded."""
    return {"items": [_told(one) for one in read_log(work.session, incident)]}


def _told(entry: DispatchLogEntry) -> LogAnswer:
    content: Mapping[str, Any] = entry.content
    return cast(
        "LogAnswer",
        {
            "id": entry.id,
            "act": entry.act,
            "state": entry.state,
            "assignment": entry.assignment_id,
            "occurred_at": entry.occurred_at.isoformat(),
            "recorded_at": entry.recorded_at.isoformat(),
            "by": entry.taken_by,
            "said": entry.said,
            "content": dict(content),
        },
    )
