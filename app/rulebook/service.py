"""A change of the rules told in order: proposed, looked at, decided by somebody else, in force for everybody at once."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.platform.errors import NotAllowed, NotFound, PreconditionMissing, Refused, RuleChangeRefused, Stale
from app.platform.principals import Principal
from app.platform.rulebooks import archive_texts
from app.platform.work import Work
from app.rulebook.impact import impact_of
from app.rulebook.proposals import Proposed, rulebook_proposed
from gis_layers.stores import rulebooks
from gis_layers.stores.publication import read_rulebook_in_force
from gis_layers.stores.records import record_audit
from risk_model.message import msg
from risk_model.rulebook import RuleBook
from risk_model.rulebook.comparison import differences

RETURNED, WITHDRAWN, PUBLISHED = "returned", "withdrawn", "published"


def propose(work: Work, principal: Principal, proposed: Proposed) -> Any:
    """Keep a proposal that could be put in force as things stand; RuleChangeRefused or Refused otherwise."""
    if not proposed.reason.strip():
        raise Refused("请写明修改理由")
    rulebook_proposed(work, proposed)
    steps = [dict(step) for step in proposed.steps]
    proposal = rulebooks.save_proposal(
        work.session, author=principal.name, reason=proposed.reason.strip(), steps=steps, equal_to=proposed.equal_to
    )
    _audit(
        work.session, principal, "propose rulebook change", proposal, {"steps": steps, "equal_to": proposed.equal_to}
    )
    return proposal


def require_proposal(session: Session, number: int, *, lock: bool = False) -> Any:
    """The proposal of this number; NotFound without one."""
    proposal = rulebooks.find_proposal(session, number, lock=lock)
    if proposal is None:
        raise NotFound(msg("没有第 {number} 号规则修改提议；全部提议见 /rulebook/proposals", number=number))
    return proposal


def require_version(session: Session, number: int) -> Any:
    """The version of this number; NotFound without one."""
    version = rulebooks.find_version(session, number)
    if version is None:
        raise NotFound(msg("没有第 {number} 版规则库；已有的版本见 /rulebook/versions", number=number))
    return version


def etag_of(session: Session, proposal: Any) -> str:
    """Tag a decision must show it has seen: the proposal's state and the rulebook it would change."""
    in_force = read_rulebook_in_force(session)
    return f'"{proposal.id}-{proposal.state}-{in_force.number if in_force else 0}"'


def preview(work: Work, proposed: Proposed, on: datetime.date) -> dict[str, Any]:
    """Effect of a proposal: fields, and the registered projects under its rulebook; nothing is kept."""
    book = rulebook_proposed(work, proposed)
    return {
        "fingerprint": book.fingerprint,
        "diff": differences(work.rulebook.texts, book.texts),
        "impact": impact_of(work, book, on),
    }


def look_at(work: Work, proposal: Any, on: datetime.date) -> dict[str, Any]:
    """An open proposal's preview as things stand today, or why it no longer can be put in force."""
    if proposal.state != "open":
        return {"preview": None, "refused": None}
    proposed = Proposed(proposal.reason, tuple(proposal.steps), proposal.equal_to)
    try:
        return {"preview": preview(work, proposed, on), "refused": None}
    except (Refused, RuleChangeRefused, NotFound) as refusal:
        return {"preview": None, "refused": str(refusal)}


def approve(
    work: Work,
    principal: Principal,
    number: int,
    *,
    seen: str | None,
    now: datetime.datetime,
) -> Any:
    """Put a proposal in force as a new version: one publisher at a time, never its author."""
    rulebooks.lock_rulebook(work.session)
    proposal = _to_decide(work.session, number, seen)
    if proposal.created_by == principal.name:
        raise NotAllowed("提议人不能审核自己的提议；请由另一位审核人批准")
    proposed = Proposed(proposal.reason, tuple(proposal.steps), proposal.equal_to)
    book = rulebook_proposed(work, proposed)
    diff = differences(work.rulebook.texts, book.texts)
    rulebooks.decide_proposal(work.session, proposal, PUBLISHED, by=principal.name, at=now, comment=None)
    version = _publish(work, book, rulebooks.NewVersion(
        book.fingerprint, principal.name, proposal.reason, diff, proposal
    ))  # fmt: skip
    detail = {"version": version.number, "fingerprint": book.fingerprint, "diff": diff}
    _audit(work.session, principal, "publish rulebook", proposal, detail)
    return version


def send_back(
    session: Session, principal: Principal, number: int, *, seen: str | None, comment: str, now: datetime.datetime
) -> Any:
    """Return a proposal to its author with a comment; never by the author."""
    proposal = _to_decide(session, number, seen)
    if proposal.created_by == principal.name:
        raise NotAllowed("提议人不能退回自己的提议；可以撤回")
    if not comment.strip():
        raise Refused("退回须写明意见")
    rulebooks.decide_proposal(session, proposal, RETURNED, by=principal.name, at=now, comment=comment.strip())
    _audit(session, principal, "return rulebook proposal", proposal, {"comment": comment.strip()})
    return proposal


def withdraw(session: Session, principal: Principal, number: int, *, seen: str | None, now: datetime.datetime) -> Any:
    """Take one's own proposal back."""
    proposal = _to_decide(session, number, seen)
    if proposal.created_by != principal.name:
        raise NotAllowed("只有提议人可以撤回提议；审核人可以退回")
    rulebooks.decide_proposal(session, proposal, WITHDRAWN, by=principal.name, at=now, comment=None)
    _audit(session, principal, "withdraw rulebook proposal", proposal, {})
    return proposal


def _to_decide(session: Session, number: int, seen: str | None) -> Any:
    proposal = require_proposal(session, number, lock=True)
    if not seen:
        raise PreconditionMissing("请在 If-Match 中带上读取提议时的 ETag")
    if seen != etag_of(session, proposal):
        raise Stale("提议或现行规则库在您查看之后已经变化；请重新查看影响后再决定")
    if proposal.state != "open":
        raise Refused(
            msg("第 {number} 号提议已经了结（{state}），不能再次决定", number=number, state=proposal.state),
            code="ended",
        )
    return proposal


def _publish(work: Work, book: RuleBook, new: rulebooks.NewVersion) -> Any:
    archive_texts(work.session, book, packaged=work.deployment.books.packaged)
    return rulebooks.publish_version(work.session, new)


def _audit(session: Session, principal: Principal, action: str, proposal: Any, detail: dict[str, Any]) -> None:
    record_audit(
        session, actor=principal.name, action=action, subject=f"rulebook proposal {proposal.id}", detail=detail
    )
