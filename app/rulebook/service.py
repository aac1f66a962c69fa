"""A change of the rules told in order: proposed, looked at, decided by somebody else, in force for everybody at once.

How a proposal stands, and who may take the next step, is told by ``app.judgement.approval``.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TypedDict

from sqlalchemy.orm import Session

from app.judgement import approval
from app.judgement.approval import Asked, Matter, Waiting
from app.platform.errors import NotFound, Refused, RuleChangeRefused
from app.platform.principals import Principal
from app.platform.rulebooks import archive_texts
from app.platform.work import Work
from app.rulebook.impact import impact_of
from app.rulebook.proposals import Proposed, rulebook_proposed
from app.rulebook.schemas import LookedAt, PreviewAnswer
from gis_layers.stores import rulebooks
from gis_layers.stores.decisions import Decision
from gis_layers.stores.publication import read_rulebook_in_force
from gis_layers.stores.rulebooks import Proposal, RulebookVersion
from risk_model.decisions import APPROVAL, NextStep, life_of
from risk_model.message import msg
from risk_model.rulebook import RuleBook
from risk_model.rulebook.comparison import differences

PROPOSALS = Matter(
    kind=rulebooks.PROPOSAL,
    life=life_of(APPROVAL),
    audited={
        "propose": "propose rulebook change",
        "resubmit": "propose rulebook change again",
        "approve": "publish rulebook",
        "return": "return rulebook proposal",
        "withdraw": "withdraw rulebook proposal",
    },
    address="/rulebook/proposals/{number}",
    excluded={
        "approve": msg("提议人不能审核自己的提议；请由另一位审核人批准"),
        "return": msg("提议人不能退回自己的提议；可以撤回"),
        "withdraw": msg("只有提议人可以撤回提议；审核人可以退回"),
    },
)
"""Proposals to change the rules, as they are decided."""


def propose(work: Work, principal: Principal, proposed: Proposed) -> Proposal:
    """Keep a proposal that could be put in force as things stand; RuleChangeRefused or Refused otherwise."""
    content = _sound(work, proposed)
    proposal = rulebooks.save_proposal(work.session, author=principal.name, **content)
    approval.begin(work.session, PROPOSALS, principal, proposal.id, content=content)
    return proposal


def propose_again(work: Work, number: int, proposed: Proposed, asked: Asked) -> Proposal:
    """Propose what was returned once more, as it was or put better; whoever does is one of its authors from then on."""
    decision = _admitted(work.session, number, asked)
    content = _sound(work, proposed)
    proposal = rulebooks.reword_proposal(work.session, number, **content)
    approval.record(work.session, PROPOSALS, decision, asked, content=content)
    return proposal


def require_proposal(session: Session, number: int) -> Proposal:
    """The proposal of this number; NotFound without one."""
    proposal = rulebooks.find_proposal(session, number)
    if proposal is None:
        raise NotFound(msg("没有第 {number} 号规则修改提议；全部提议见 /rulebook/proposals", number=number))
    return proposal


def proposal_as_kept(proposal: Proposal) -> Proposed:
    """What a proposal proposes."""
    return Proposed(proposal.reason, proposal.steps, proposal.equal_to)


def require_version(session: Session, number: int) -> RulebookVersion:
    """The version of this number; NotFound without one."""
    version = rulebooks.find_version(session, number)
    if version is None:
        raise NotFound(msg("没有第 {number} 版规则库；已有的版本见 /rulebook/versions", number=number))
    return version


def decision_on(session: Session, proposal: Proposal) -> Decision:
    """How a proposal stands."""
    return approval.decision_on(session, PROPOSALS, proposal.id)


def next_steps_of(decision: Decision, on: datetime.date) -> tuple[NextStep, ...]:
    """Every step that leads on from where a proposal stands."""
    return approval.steps_from(PROPOSALS, decision, on)


def waiting_for(session: Session, principal: Principal, on: datetime.date) -> list[Waiting]:
    """The proposals that wait for this person."""
    return approval.waiting_for(session, principal, [PROPOSALS], on)


def tag_of(session: Session, decision: Decision) -> str:
    """Tag a decision must show it has seen: the proposal's state and the rulebook it would change."""
    return approval.tag_of(decision, number_in_force(session))


def number_in_force(session: Session) -> int:
    """Number of the version in force; 0 before the first."""
    in_force = read_rulebook_in_force(session)
    return in_force.number if in_force else 0


def preview(work: Work, proposed: Proposed, on: datetime.date) -> PreviewAnswer:
    """Effect of a proposal: fields, and the registered projects under its rulebook; nothing is kept."""
    book = rulebook_proposed(work, proposed)
    return {
        "fingerprint": book.fingerprint,
        "diff": differences(work.rulebook.texts, book.texts),
        "impact": impact_of(work, book, on),
    }


def look_at(work: Work, proposal: Proposal, on: datetime.date) -> LookedAt:
    """A pending proposal's preview as things stand today, or why it no longer can be put in force."""
    if decision_on(work.session, proposal).ended:
        return {"preview": None, "refused": None}
    try:
        return {"preview": preview(work, proposal_as_kept(proposal), on), "refused": None}
    except (Refused, RuleChangeRefused, NotFound) as refusal:
        return {"preview": None, "refused": str(refusal)}


def approve(work: Work, number: int, asked: Asked) -> RulebookVersion:
    """Put a proposal in force as a new version: one publisher at a time, never one of its authors."""
    rulebooks.lock_rulebook(work.session)
    proposal = require_proposal(work.session, number)
    decision = _admitted(work.session, number, asked)
    book = rulebook_proposed(work, proposal_as_kept(proposal))
    diff = differences(work.rulebook.texts, book.texts)
    version = _publish(work, book, rulebooks.NewVersion(
        book.fingerprint, asked.by.name, proposal.reason, diff, proposal
    ))  # fmt: skip
    detail = {"version": version.number, "fingerprint": book.fingerprint, "diff": diff}
    approval.record(work.session, PROPOSALS, decision, asked, detail=detail)
    return version


def decide(session: Session, number: int, asked: Asked) -> Proposal:
    """Return a proposal to its authors with a comment, or take one's own back: whichever step is asked for."""
    proposal = require_proposal(session, number)
    approval.record(session, PROPOSALS, _admitted(session, number, asked), asked)
    return proposal


def _admitted(session: Session, number: int, asked: Asked) -> Decision:
    """The decision on a proposal, locked, which may go on as asked. NotFound without such a proposal."""
    require_proposal(session, number)
    return approval.admit(session, PROPOSALS, number, replace(asked, beside=number_in_force(session)))


class _Content(TypedDict):
    """What is proposed, as it is kept."""

    reason: str
    steps: list[dict[str, object]]
    equal_to: int | None


def _sound(work: Work, proposed: Proposed) -> _Content:
    """What is proposed as it is kept, once it is known that it could be put in force."""
    if not proposed.reason.strip():
        raise Refused(msg("请写明修改理由"))
    rulebook_proposed(work, proposed)
    steps = [dict(step) for step in proposed.steps]
    return {"reason": proposed.reason.strip(), "steps": steps, "equal_to": proposed.equal_to}


def _publish(work: Work, book: RuleBook, new: rulebooks.NewVersion) -> RulebookVersion:
    archive_texts(work.session, book, packaged=work.deployment.books.packaged)
    return rulebooks.publish_version(work.session, new)
