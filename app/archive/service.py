"""Checks looked up and the audit's days told, each to whom it is open."""

from __future__ import annotations

import datetime
import json

from sqlalchemy.orm import Session

from app.archive.schemas import CheckOnRecord, SealedDay, WholeCheckOnRecord
from app.platform.errors import NotFound, SignInNeeded
from app.platform.principals import Principal, Role
from app.platform.work import Work
from gis_layers.stores import checks, seals
from gis_layers.stores.checks import Check, InForce
from gis_layers.stores.publication import read_publication_state
from gis_layers.stores.seals import AuditDay
from risk_model.message import msg

LOOKS_UP = (Role.PLANNER, Role.OFFICER, Role.APPROVER, Role.ADMIN)
"""Who is shown a paper with a number must be able to look it up, whoever made it."""


def find_check(session: Session, number: str, principal: Principal) -> Check:
    """The check of a number; NotFound also where it is not for whoever asks, so that nobody learns what others do."""
    found = checks.find_check(session, number.strip())
    mine = found is not None and not principal.is_guest and found.actor == principal.name
    if found is None or not (mine or principal.role in LOOKS_UP):
        raise NotFound(
            msg("没有编号为「{number}」的筛查记录，或它不是您做的；编号形如 筛查-2026-000123", number=number[:40])
        )
    return found


def in_force(work: Work) -> InForce:
    """What a check made now would stand on."""
    standing = read_publication_state(work.session)
    edition = standing.edition
    return InForce(None if edition is None else edition.fingerprint, work.rulebook_of(standing).fingerprint)


def list_lacking(work: Work, principal: Principal, *, limit: int, offset: int) -> tuple[list[Check], int]:
    """One page of one's own checks that lacked data and can be made again, and how many there are."""
    lacking, mine = in_force(work), principal.name
    found = checks.list_checks(work.session, actor=mine, limit=limit, offset=offset, lacking=lacking)
    return found, checks.count_checks(work.session, mine, lacking)


def list_checks(session: Session, principal: Principal, *, limit: int, offset: int) -> tuple[list[Check], int]:
    """One page of one's own checks, of an admin everybody's, newest first; and how many there are."""
    if principal.is_guest:
        raise SignInNeeded(msg("请先登录：访客的筛查不登记，没有记录"))
    actor = None if principal.role is Role.ADMIN else principal.name
    return checks.list_checks(session, actor=actor, limit=limit, offset=offset), checks.count_checks(session, actor)


def describe_check(check: Check) -> CheckOnRecord:
    """A check in plain values."""
    edition = check.edition, check.edition_fingerprint
    return {
        "id": check.number,
        "number": check.number,
        "at": check.at.astimezone(datetime.UTC).isoformat(),
        "kind": check.kind,
        "by": check.actor,
        "role": check.role,
        "department": check.department,
        "file": check.file,
        "sites": check.site_count,
        "verdict": check.verdict,
        "borderline": check.borderline,
        "verdicts": check.verdicts,
        "edition": {"number": edition[0], "fingerprint": edition[1]} if edition[0] and edition[1] else None,
        "rulebook": {"version": check.rulebook_version, "fingerprint": check.rulebook_fingerprint},
        "judged_on": check.judged_on.isoformat(),
        "software": check.software,
        "input_digest": check.input_digest,
        "result_digest": check.result_digest,
    }


def describe_whole_check(check: Check) -> WholeCheckOnRecord:
    """A check with what was handed in, where it is kept."""
    return {**describe_check(check), "input": None if check.input is None else json.loads(check.input)}


def find_day(session: Session, day: datetime.date) -> AuditDay:
    """The seal of a day; NotFound while it has none."""
    found = seals.find_day(session, day)
    if found is None:
        raise NotFound(msg("{day} 还没有封存；每天结束（北京时间）后由后台封存", day=day.isoformat()))
    return found


def describe_day(day: AuditDay) -> SealedDay:
    """A sealed day in plain values."""
    return {
        "id": day.day.isoformat(),
        "day": day.day.isoformat(),
        "entries": day.entries,
        "checks": day.checks,
        "previous": day.previous,
        "hash": day.hash,
        "sealed_at": day.sealed_at.astimezone(datetime.UTC).isoformat(),
    }
