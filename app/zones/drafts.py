"""A draft told in order: begun, changed, submitted, approved by somebody else or returned, put in force.

How it stands is told by ``app.judgement.approval``; what is in it by ``app.zones.edits``.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy.orm import Session

from app.judgement import approval
from app.judgement.approval import Asked, Matter, Waiting
from app.platform.errors import NotFound, Refused
from app.platform.principals import Principal
from gis_layers.stores import decisions, draft_edits, draft_zones, editions, zone_documents
from gis_layers.stores.decisions import Decision, NewStep, TakenStep
from gis_layers.stores.editions import Draft
from gis_layers.stores.records import record_audit
from gis_layers.stores.zone_documents import DocumentQuery
from risk_model.decisions import ZONE_DRAFT, NextStep, life_of
from risk_model.editing.authority import DraftStanding
from risk_model.message import msg

DRAFTS = Matter(
    kind="zone draft",
    life=life_of(ZONE_DRAFT),
    audited={
        "begin": "begin zone draft",
        "edit": "take zone draft up",
        "submit": "submit zone draft",
        "approve": "approve zone draft",
        "approve_on_paper": "approve zone draft on paper",
        "return": "return zone draft",
        "schedule": "schedule zone draft",
        "call_off": "call off zone draft",
        "publish": "publish zone draft",
        "withdraw": "withdraw zone draft",
    },
    address="/zones/edit?draft={number}",
    excluded={
        "approve": msg("编制人不能审核自己的草稿；请由另一位审核人批准"),
        "approve_on_paper": msg("编制人不能录入自己草稿的签字；请由另一个账号录入"),
        "return": msg("编制人不能退回自己的草稿；可以直接修改，或撤回"),
        "withdraw": msg("只有编制人可以撤回草稿；审核人可以退回"),
    },
)
"""Drafts of zones, as they are decided."""
PROPOSED: Final[DraftStanding] = "proposal"
"""What a draft is that says nothing else."""


def begin(session: Session, principal: Principal, name: str) -> Draft:
    """Begin a draft."""
    draft = editions.open_draft(session, name=name, author=principal.name)
    approval.begin(session, DRAFTS, principal, draft.id, content={"name": name})
    return draft


def require_draft(session: Session, number: int, *, lock: bool = False) -> Draft:
    """The draft of this number. NotFound without one."""
    draft = draft_edits.find_draft(session, number, lock=lock)
    if draft is None:
        raise NotFound(msg("没有第 {number} 号草稿；全部草稿见 /api/zones/drafts", number=number))
    return draft


def decision_on(session: Session, draft: Draft) -> Decision:
    """How a draft stands."""
    return decisions_on(session, [draft])[draft.id]


def decisions_on(session: Session, found: Sequence[Draft]) -> dict[int, Decision]:
    """How several drafts stand; one of an import on which nothing was decided yet stands open, by whoever imported it."""
    begun = decisions.find_decisions(session, DRAFTS.kind, [one.id for one in found])
    return {one.id: begun.get(one.id) or _of_import(one) for one in found}


def _of_import(draft: Draft) -> Decision:
    ended = draft.state in DRAFTS.life.ends
    steps = [TakenStep("begin", "open", draft.created_by, draft.created_at)]
    if ended:
        steps.append(TakenStep("publish", draft.state, draft.created_by, draft.created_at))
    authors, life = (draft.created_by,), DRAFTS.life.key
    return Decision(0, DRAFTS.kind, draft.id, life, draft.state, ended, len(steps), authors, tuple(steps))


def _begin_where_imported(session: Session, draft: Draft) -> None:
    if draft.state not in DRAFTS.life.ends and not decisions.is_begun(session, DRAFTS.kind, draft.id):
        first = NewStep("begin", "open", draft.created_by, at=draft.created_at, content={"name": draft.name})
        decisions.begin_decision(session, DRAFTS.kind, draft.id, life=DRAFTS.life.key, first=first)


def next_steps_of(decision: Decision, on: datetime.date) -> tuple[NextStep, ...]:
    """Every step that leads on from where a draft stands."""
    return approval.steps_from(DRAFTS, decision, on)


def waiting_for(session: Session, principal: Principal, on: datetime.date) -> list[Waiting]:
    """The drafts that wait for this person."""
    return approval.waiting_for(session, principal, [DRAFTS], on)


def tag_of(session: Session, draft: Draft) -> str:
    """Tag an edit or a step must show it has seen: how the draft stands, and every edit in it."""
    return approval.tag_of(decision_on(session, draft), draft.version)


def admit(session: Session, draft: Draft, asked: Asked) -> Decision:
    """The decision on a locked draft, which may go on as asked."""
    _begin_where_imported(session, draft)
    if draft.state in DRAFTS.life.ends and decision_on(session, draft).id == 0:
        raise Refused(msg("这份草稿已经启用，不能再改"), code="ended", state=draft.state, allowed=[])
    return approval.admit(session, DRAFTS, draft.id, replace(asked, beside=draft.version))


def take_step(
    session: Session, number: int, asked: Asked, *, content: Mapping[str, Any] | None = None
) -> Draft:  # fmt: skip
    """Submit a draft, approve it, return it or take it back: whichever step is asked for."""
    draft = require_draft(session, number, lock=True)
    decision = admit(session, draft, asked)
    return record(session, draft, decision, asked, content=content)


def record(
    session: Session, draft: Draft, decision: Decision, asked: Asked, *, content: Mapping[str, Any] | None = None
) -> Draft:
    """Add an admitted step to the life of a draft, with a digest of what stands in it."""
    told = {**(content or {}), "digest": digest_of(session, draft)}
    after = approval.record(session, DRAFTS, decision, asked, content=told)
    draft_edits.move_on(session, draft, after.state)
    return draft


def take_up(session: Session, draft: Draft, decision: Decision, by: Principal, now: datetime.datetime) -> Decision:
    """How a draft stands that is edited: open again, and whoever edits it among its authors."""
    if decision.state == "open" and by.name in _takers_up(decision):
        return decision
    asked = Asked("edit", by, None, now)
    after = approval.record(session, DRAFTS, decision, asked)
    draft.state = after.state
    return after


def _takers_up(decision: Decision) -> set[str]:
    return {step.by for step in decision.steps if step.step in DRAFTS.authorship}


def digest_of(session: Session, draft: Draft) -> str:
    """SHA-256 of all a draft proposes and rests upon: equal content, equal digest."""
    found = hashlib.sha256()
    for zone, one in draft_zones.read_proposals(session, draft.id).items():
        found.update(repr((zone, draft_zones.as_document(one))).encode())
        found.update(draft_zones.wkb_of(one.geometry))
    rests = [(one.id, one.version) for one in zone_documents.read_documents(session, DocumentQuery(draft=draft.id))]
    if rests or draft.standing != PROPOSED:
        found.update(repr((draft.standing, sorted(rests))).encode())
    return found.hexdigest()


def audit_edit(session: Session, principal: Principal, draft: Draft, op: str, zones: list[int]) -> None:
    """Leave an entry of an edit in the audit."""
    detail = {"op": op, "zones": zones[:50], "count": len(zones)}
    record_audit(session, actor=principal.name, action="edit zones", subject=f"draft {draft.id}", detail=detail)
