"""Signed approval sheets: kept with the draft they approve, never changed."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.tables.draft_edits import DraftPaper

__all__ = ["DraftPaper", "SignedPaper", "find_paper", "save_paper"]


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """A scan about to be kept: its file, who signed it and when, who enters it."""

    name: str
    media_type: str
    content: bytes
    signed_by: str
    signed_on: datetime.date
    kept_by: str


def save_paper(session: Session, draft_id: int, paper: SignedPaper) -> DraftPaper:
    """Keep a scan for good."""
    row = DraftPaper(
        draft_id=draft_id, name=paper.name, media_type=paper.media_type, content=paper.content,
        sha256=hashlib.sha256(paper.content).hexdigest(), signed_by=paper.signed_by, signed_on=paper.signed_on,
        kept_by=paper.kept_by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def find_paper(session: Session, draft_id: int, number: int) -> DraftPaper | None:
    """The scan of this number, of this draft."""
    return session.scalar(select(DraftPaper).where(DraftPaper.id == number, DraftPaper.draft_id == draft_id))
