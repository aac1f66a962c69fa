"""Queries of the rulebook's versions, texts and proposals."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis_layers.tables.rulebooks import RulebookProposal, RulebookText, RulebookVersion


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to publish; ``proposal`` is the proposal it comes from, None where the software brought it."""

    fingerprint: str
    published_by: str
    reason: str
    diff: list[dict[str, Any]]
    proposal: RulebookProposal | None = None


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
    return None if found is None else {str(path): str(content) for path, content in found.texts.items()}


def packaged_fingerprint(session: Session, fingerprint: str) -> str | None:
    """The fingerprint of the packaged rules a rulebook was made on."""
    return session.scalar(select(RulebookText.packaged).where(RulebookText.fingerprint == fingerprint))


def save_texts(session: Session, fingerprint: str, *, packaged: str, texts: Mapping[str, str]) -> None:
    """Keep a rulebook's files; one that is kept already stays as it is."""
    row = {"fingerprint": fingerprint, "packaged": packaged, "texts": dict(texts)}
    session.execute(insert(RulebookText).values(row).on_conflict_do_nothing())


def publish_version(session: Session, new: NewVersion) -> RulebookVersion:
    """Publish as the next version; numbers have no gaps. The caller holds the lock."""
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
    return version


def save_proposal(
    session: Session, *, author: str, reason: str, steps: list[dict[str, Any]], equal_to: int | None = None
) -> RulebookProposal:
    """Keep what somebody proposes."""
    proposal = RulebookProposal(created_by=author, reason=reason, steps=steps, equal_to=equal_to, state="open")
    session.add(proposal)
    session.flush()
    session.refresh(proposal)
    return proposal


def find_proposal(session: Session, number: int, *, lock: bool = False) -> RulebookProposal | None:
    """The proposal of this number, locked until the end of the transaction where that is asked for."""
    return session.get(RulebookProposal, number, with_for_update=lock or None)


def list_proposals(session: Session, *, limit: int, offset: int) -> list[RulebookProposal]:
    """Proposals, the open ones first, then the newest."""
    order = (RulebookProposal.state != "open", RulebookProposal.id.desc())
    return list(session.scalars(select(RulebookProposal).order_by(*order).limit(limit).offset(offset)))


def count_proposals(session: Session) -> int:
    """Number of proposals ever made."""
    return session.scalar(select(func.count()).select_from(RulebookProposal)) or 0


def decide_proposal(
    session: Session, proposal: RulebookProposal, state: str, *, by: str, at: datetime.datetime, comment: str | None
) -> None:
    """Close a proposal once and for all."""
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.comment = state, by, at, comment
    session.flush()


def version_of_proposal(session: Session, proposal: int) -> int | None:
    """The version a proposal became."""
    return session.scalar(select(RulebookVersion.number).where(RulebookVersion.proposal_id == proposal))
