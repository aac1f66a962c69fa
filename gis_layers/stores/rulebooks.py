"""Queries of the rulebook's versions, texts and proposals."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis_layers.stores.review_notices import order_judging_anew
from gis_layers.tables.decisions import DecisionRecord
from gis_layers.tables.rulebooks import RulebookProposal, RulebookText, RulebookVersion
from risk_model.vocabulary import FieldChange

__all__ = [
    "PROPOSAL", "NewVersion", "Proposal", "RulebookVersion", "count_proposals", "count_versions", "find_proposal",
    "find_version", "list_proposals", "list_versions", "lock_rulebook", "newest_version", "packaged_fingerprint",
    "publish_version", "read_texts", "reword_proposal", "save_proposal", "save_texts", "version_of_proposal",
]  # fmt: skip

PROPOSAL = "rulebook proposal"
"""The kind of decision a proposal waits for."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes: ``steps`` on the overlay, or a return to the version ``equal_to``."""

    id: int
    created_at: datetime.datetime
    created_by: str
    reason: str
    steps: tuple[dict[str, Any], ...]
    equal_to: int | None


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to publish; ``proposal`` is the proposal it comes from, None where the software brought it."""

    fingerprint: str
    published_by: str
    reason: str
    diff: list[FieldChange]
    proposal: Proposal | None = None


def lock_rulebook(session: Session) -> None:
    """Let one publisher at a time through, until the end of the transaction."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('anzhi rulebook'))"))


def newest_version(session: Session) -> RulebookVersion | None:
    """The version in force; None before the first."""
    return session.scalar(select(RulebookVersion).order_by(RulebookVersion.number.desc()).limit(1))


def find_version(session: Session, number: int) -> RulebookVersion | None:
    """The version of this number."""
    return session.get(RulebookVersion, number)


def list_versions(session: Session, *, limit: int, offset: int) -> list[RulebookVersion]:
    """Versions, newest first."""
    newest_first = select(RulebookVersion).order_by(RulebookVersion.number.desc())
    return list(session.scalars(newest_first.limit(limit).offset(offset)))


def count_versions(session: Session) -> int:
    """Number of published versions."""
    return session.scalar(select(func.count()).select_from(RulebookVersion)) or 0


def read_texts(session: Session, fingerprint: str) -> dict[str, str] | None:
    """Every file of the rulebook of this fingerprint; None where it was never in force here."""
    found = session.get(RulebookText, fingerprint)
    return None if found is None else found.texts


def packaged_fingerprint(session: Session, fingerprint: str) -> str | None:
    """The fingerprint of the packaged rules a rulebook was made on."""
    return session.scalar(select(RulebookText.packaged).where(RulebookText.fingerprint == fingerprint))


def save_texts(session: Session, fingerprint: str, *, packaged: str, texts: Mapping[str, str]) -> None:
    """Keep a rulebook's files; one that is kept already stays as it is."""
    row = {"fingerprint": fingerprint, "packaged": packaged, "texts": dict(texts)}
    session.execute(insert(RulebookText).values(row).on_conflict_do_nothing())


def publish_version(session: Session, new: NewVersion) -> RulebookVersion:
    """Publish as the next version; numbers have no gaps. The caller holds the lock. Joint reviews on record are judged anew by it."""
    newest = newest_version(session)
    version = RulebookVersion(
        number=1 if newest is None else newest.number + 1,
        fingerprint=new.fingerprint,
        published_by=new.published_by,
        proposed_by=new.proposal and new.proposal.created_by,
        proposal_id=new.proposal and new.proposal.id,
        equal_to=new.proposal and new.proposal.equal_to,
        reason=new.reason,
        diff=new.diff,
    )
    session.add(version)
    session.flush()
    session.refresh(version)
    order_judging_anew(session)
    return version


def save_proposal(
    session: Session, *, author: str, reason: str, steps: Sequence[dict[str, Any]], equal_to: int | None = None
) -> Proposal:
    """Keep what somebody proposes."""
    proposal = RulebookProposal(created_by=author, reason=reason, steps=list(steps), equal_to=equal_to)
    session.add(proposal)
    session.flush()
    session.refresh(proposal)
    return _told(proposal)


def reword_proposal(
    session: Session, number: int, *, reason: str, steps: Sequence[dict[str, Any]], equal_to: int | None = None
) -> Proposal:
    """Give a returned proposal other words; the database refuses it of one that was not returned."""
    proposal = session.get_one(RulebookProposal, number)
    proposal.reason, proposal.steps, proposal.equal_to = reason, list(steps), equal_to
    session.flush()
    return _told(proposal)


def find_proposal(session: Session, number: int) -> Proposal | None:
    """The proposal of this number."""
    proposal = session.get(RulebookProposal, number)
    return None if proposal is None else _told(proposal)


def list_proposals(session: Session, *, limit: int, offset: int) -> list[Proposal]:
    """Proposals, the open ones first, then the newest."""
    decided = and_(DecisionRecord.kind == PROPOSAL, DecisionRecord.number == RulebookProposal.id)
    order = (DecisionRecord.state != "open", RulebookProposal.id.desc())
    asked = select(RulebookProposal).join(DecisionRecord, decided).order_by(*order).limit(limit).offset(offset)
    return list(map(_told, session.scalars(asked)))


def count_proposals(session: Session) -> int:
    """Number of proposals ever made."""
    return session.scalar(select(func.count()).select_from(RulebookProposal)) or 0


def _told(row: RulebookProposal) -> Proposal:
    return Proposal(row.id, row.created_at, row.created_by, row.reason, tuple(row.steps), row.equal_to)


def version_of_proposal(session: Session, proposal: int) -> int | None:
    """The version a proposal became."""
    return session.scalar(select(RulebookVersion.number).where(RulebookVersion.proposal_id == proposal))
