"""Impacts of drafts, kept as they were submitted and never changed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.tables.draft_edits import KeptDraftImpact


@dataclass(frozen=True, slots=True)
class KeptImpact:
    """An impact as it was kept: of the content ``digest`` names, ``against`` the edition then in force (None: none yet)."""

    digest: str
    against: int | None
    content: Mapping[str, Any]
    kept_at: datetime.datetime


def keep_impact(session: Session, draft_id: int, kept: KeptImpact) -> None:
    """Keep an impact for good."""
    row = KeptDraftImpact(
        draft_id=draft_id, digest=kept.digest, against=kept.against, content=dict(kept.content), kept_at=kept.kept_at
    )
    session.add(row)
    session.flush()


def last_impact(session: Session, draft_id: int) -> KeptImpact | None:
    """The impact that was kept last; None without one."""
    of_draft = select(KeptDraftImpact).where(KeptDraftImpact.draft_id == draft_id)
    row = session.scalar(of_draft.order_by(KeptDraftImpact.id.desc()).limit(1))
    return None if row is None else KeptImpact(row.digest, row.against, row.content, row.kept_at)
