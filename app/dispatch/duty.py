"""Duty: shifts put on the roster and signed by two, each signature once and by somebody else."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, cast

from app.dispatch.duty_schemas import DutyShiftAnswer, SignedShift
from app.platform.clock import now
from app.platform.errors import BadParameter, NotAllowed, NotFound, Refused
from app.platform.work import Work
from gis_layers.stores import duty as store
from gis_layers.stores.duty import DutyShift
from gis_layers.stores.records import record_audit
from risk_model.message import msg

MOMENTS = ("begins_at", "ends_at", "handed_at", "taken_at")
KEPT = (
    "id", "leader", "leader_phone", "officer", "officer_phone", "matters", "handed_by", "taken_by", "created_by", "version",
)  # fmt: skip


def plan_shift(work: Work, values: Mapping[str, Any], *, actor: str) -> int:
    """Put a shift on the roster; its number. Raises BadParameter where it ends before it begins."""
    if values["ends_at"] <= values["begins_at"]:
        wrong = [{"field": "ends_at", "message": msg("值班结束时间应晚于开始时间")}]
        raise BadParameter(wrong[0]["message"], code="days", errors=wrong)
    number = store.add_shift(work.session, {**values, "created_by": actor})
    _audit(work, number, "plan duty shift", actor, {"leader": values["leader"], "officer": values["officer"]})
    return number


def sign_shift(work: Work, held: DutyShift, signed: SignedShift, *, actor: str) -> None:
    """Sign under a shift whose row is held. Raises Refused where that was done, NotAllowed for one hand under both."""
    side = "handed" if signed.signing == "handing" else "taken"
    if getattr(held, f"{side}_by") is not None:
        raise Refused(msg("这一班已经签过字；每方只签一次"), code="ended")
    if side == "taken" and held.handed_by is None:
        raise Refused(msg("交班人还没有签字；先由交班人签，再由接班人签"), code="unready")
    if side == "taken" and held.handed_by == actor:
        raise NotAllowed(msg("交班人和接班人须是两个账号"), code="role")
    told = {"matters": signed.matters} if signed.matters is not None else {}
    store.change_shift(work.session, held.id, {f"{side}_by": actor, f"{side}_at": now(), **told})
    _audit(work, held.id, "sign duty shift", actor, {"signing": signed.signing, **told})


def lock_shift(work: Work, number: int) -> DutyShift:
    """A shift, its row held. Raises NotFound."""
    held = store.lock_shift(work.session, number)
    if held is None:
        raise NotFound(msg("没有编号为 {number} 的值班", number=number))
    return held


def tell_shift(shift: DutyShift) -> DutyShiftAnswer:
    """A shift as answers tell it."""
    moments = {name: _iso(getattr(shift, name)) for name in MOMENTS}
    return cast("DutyShiftAnswer", {**{name: getattr(shift, name) for name in KEPT}, **moments})


def _audit(work: Work, number: int, action: str, actor: str, detail: dict[str, Any]) -> None:
    record_audit(work.session, actor=actor, action=action, subject=f"duty shift {number}", detail=detail)


def _iso(moment: datetime.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
