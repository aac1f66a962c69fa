"""Deputies of approvers told in order: appointed for some days, deciding in somebody's place, ended."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from app.platform.clock import CHINA
from app.platform.errors import BadParameter, NotAllowed, NotFound, Refused
from app.platform.principals import Principal, Role
from app.zones.deputy_schemas import DeputyBody, DeputyItem
from gis_layers.stores import deputies as store
from gis_layers.stores.accounts import find_account
from gis_layers.stores.deputies import Deputy, NewDeputy
from gis_layers.stores.records import record_audit
from risk_model.message import msg

LONGEST: Final = datetime.timedelta(days=366)
DEPUTISE: Final = (Role.OFFICER, Role.APPROVER)
"""Roles of those who may be deputies."""


def appoint(session: Session, by: Principal, body: DeputyBody, today: datetime.date) -> DeputyItem:
    """Appoint a deputy: an approver their own, an admin anybody's. Raises NotAllowed, BadParameter."""
    _require_own(by, body.in_place_of)
    if not today <= body.to_on or not body.from_on <= body.to_on <= body.from_on + LONGEST:
        trouble = msg("代理的起止日期应先后有序、最长一年，且不能已经过去")
        raise BadParameter(trouble, code="days", errors=[{"field": "to_on", "message": trouble}])
    if body.deputy == body.in_place_of:
        raise _nobody("deputy")
    _require_account(session, "in_place_of", body.in_place_of, (Role.APPROVER,))
    _require_account(session, "deputy", body.deputy, DEPUTISE)
    new = NewDeputy(body.deputy, body.in_place_of, body.from_on, body.to_on, by.name)
    told = describe_deputy(store.save_deputy(session, new), today)
    detail = {name: told[name] for name in ("deputy", "in_place_of", "from_on", "to_on")}
    record_audit(session, actor=by.name, action="appoint deputy", subject=f"deputy {told['id']}", detail=detail)
    return told


def end(session: Session, by: Principal, number: int, now: datetime.datetime) -> DeputyItem:
    """End an appointment before its last day. NotFound, NotAllowed; Refused where it has ended."""
    found = store.find_deputy(session, number)
    if found is None:
        raise NotFound(msg("没有编号为 {number} 的代理", number=number))
    _require_own(by, found.in_place_of)
    today = now.astimezone(CHINA).date()
    if found.ended_at is not None or found.to_on < today:
        raise Refused(msg("这项代理已经结束"), code="ended")
    found.ended_at, found.ended_by = now, by.name
    session.flush()
    record_audit(session, actor=by.name, action="end deputy", subject=f"deputy {number}", detail={})
    return describe_deputy(found, today)


def acting(
    session: Session, principal: Principal, on: datetime.date, authors: Collection[str] = ()
) -> tuple[Principal, str | None]:
    """The principal as they decide on a day: a deputy as an approver, with the name of whom they stand for.

    Nobody stands for one of the ``authors``: what they may not approve, no deputy of theirs may.
    """
    if principal.role.covers(Role.APPROVER):
        return principal, None
    stood_for = [one.in_place_of for one in store.deputies_on(session, principal.name, on)]
    for name in stood_for:
        account = find_account(session, name)
        if (
            name not in authors
            and account is not None
            and account.disabled_at is None
            and account.role == Role.APPROVER
        ):
            return replace(principal, role=Role.APPROVER), name
    return principal, None


def describe_deputy(one: Deputy, today: datetime.date) -> DeputyItem:
    """An appointment in plain values."""
    return {
        "id": one.id,
        "deputy": one.deputy,
        "in_place_of": one.in_place_of,
        "from_on": one.from_on.isoformat(),
        "to_on": one.to_on.isoformat(),
        "appointed_by": one.appointed_by,
        "appointed_at": one.appointed_at.isoformat(),
        "ended_at": None if one.ended_at is None else one.ended_at.isoformat(),
        "acts_today": one.ended_at is None and one.from_on <= today <= one.to_on,
    }


def _require_own(by: Principal, in_place_of: str) -> None:
    if by.role is not Role.ADMIN and by.name != in_place_of:
        raise NotAllowed(msg("审核人只能委托自己的代理；其他人的代理由管理员设置"))


def _require_account(session: Session, field: str, name: str, roles: Collection[Role]) -> None:
    account = find_account(session, name)
    if account is None or account.disabled_at is not None or account.role not in roles:
        raise _nobody(field)


def _nobody(field: str) -> BadParameter:
    trouble = msg("应为在用账号的用户名：被代理人是审核人，代理人是另一位编制人或审核人")
    return BadParameter(trouble, code="no-such-thing", errors=[{"field": field, "message": trouble}])
