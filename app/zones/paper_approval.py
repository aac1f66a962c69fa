"""Approval on paper (审批单): signed by the head of an office without an approver, entered by a second account."""

from __future__ import annotations

import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.judgement.approval import Asked
from app.platform.errors import NotFound, Refused
from app.platform.principals import Role, token_name
from app.zones import drafts
from gis_layers.stores.access import is_open, list_tokens
from gis_layers.stores.accounts import list_accounts
from gis_layers.stores.decisions import Decision
from gis_layers.stores.draft_papers import DraftPaper, SignedPaper, find_paper, save_paper
from gis_layers.stores.editions import Draft
from risk_model.message import Message, msg

DIGITS: Final = 16
"""So many digits of a draft's digest stand on its sheet."""


def approve_on_paper(session: Session, number: int, asked: Asked, paper: SignedPaper, digest: str) -> Draft:
    """Approve a draft by a sheet that was signed: of exactly what stands in it, as the digest printed on it shows.

    Raises Refused where somebody could approve it in the system, or the sheet is of another content.
    """
    draft = drafts.require_draft(session, number, lock=True)
    decision = drafts.admit(session, draft, asked)
    closed = why_not_on_paper(session, decision, asked.now)
    if closed is not None:
        raise Refused(closed, code="unready", errors=[{"field": "step", "message": msg("有审核人账号")}])
    if drafts.digest_of(session, draft)[:DIGITS] != digest:
        trouble = msg("审批单上的内容摘要与草稿现在的内容不符；请重新打印、签字")
        raise Refused(trouble, code="unready", errors=[{"field": "digest", "message": trouble}])
    kept = save_paper(session, draft.id, paper)
    told = {
        "paper": kept.id,
        "signed_by": kept.signed_by,
        "signed_on": kept.signed_on.isoformat(),
        "sha256": kept.sha256,
    }
    return drafts.record(session, draft, decision, asked, content=told)


def require_paper(session: Session, number: int, paper: int) -> DraftPaper:
    """A signed sheet of a draft. NotFound without one."""
    found = find_paper(session, number, paper)
    if found is None:
        raise NotFound(msg("这份草稿没有编号为 {number} 的签字扫描件", number=paper))
    return found


def why_not_on_paper(session: Session, decision: Decision, now: datetime.datetime) -> Message | None:
    """Why a draft is not approved by a signed sheet: somebody who is no author may approve it in the system; else None.

    A program that has the token of an approver may as well: whoever holds it decides.
    """
    people = [one.username for one in list_accounts(session) if one.role == Role.APPROVER and one.disabled_at is None]
    programs = [token_name(one.name) for one in list_tokens(session) if one.role == Role.APPROVER and is_open(one, now)]
    able = [one for one in (*people, *programs) if one not in decision.authors]
    if not able:
        return None
    return msg("有审核人账号（{names}），请由审核人在系统中批准；没有审核人的单位才凭纸质签字批准", names=able[:5])
