"""Papers kept as they left: found by what they were asked for, and by the digest of what somebody holds."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import cast

from sqlalchemy import Table, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis_layers.canonical import digest_of_bytes
from gis_layers.tables.papers import KeptPaper

__all__ = ["KeptPaper", "NewPaper", "find_paper", "find_paper_holding", "keep_paper"]


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper as it was made; columns as in ``tables.papers``."""

    check_number: str
    imprint: str
    printed_at: datetime.datetime
    places_digest: str | None
    content: bytes


def find_paper(session: Session, number: str, imprint: str) -> KeptPaper | None:
    """The paper of a check that was made for this imprint."""
    asked = select(KeptPaper).where(KeptPaper.check_number == number, KeptPaper.imprint == imprint)
    return session.scalar(asked)


def keep_paper(session: Session, new: NewPaper) -> KeptPaper:
    """Keep a paper and answer the one that is kept: of two made at the same time that which came first."""
    table = cast("Table", KeptPaper.__table__)
    kept = insert(table).values(digest=digest_of_bytes(new.content), **asdict(new))
    session.execute(kept.on_conflict_do_nothing(index_elements=["check_number", "imprint"]))
    asked = select(KeptPaper).where(KeptPaper.check_number == new.check_number, KeptPaper.imprint == new.imprint)
    return session.scalars(asked).one()


def find_paper_holding(session: Session, digest: str) -> KeptPaper | None:
    """The first paper whose own SHA-256, or that of the ground attached to it, this is."""
    asked = select(KeptPaper).where(or_(KeptPaper.digest == digest, KeptPaper.places_digest == digest))
    return session.scalar(asked.order_by(KeptPaper.printed_at, KeptPaper.digest).limit(1))
