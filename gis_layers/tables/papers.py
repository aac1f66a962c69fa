"""Papers that left, kept as they left: the bytes themselves are the evidence (triggers see that none changes)."""

from __future__ import annotations

import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base
from gis_layers.tables.checks import SHA256


class KeptPaper(Base):
    """The PDF of a check, under the SHA-256 of its bytes; one for each ``imprint`` it was asked for.

    ``imprint`` is the canonical text of what a paper depends on besides the check; ``places_digest`` is that of the ground
    attached to it, None where none is.
    """

    __tablename__ = "kept_papers"
    __table_args__ = (
        UniqueConstraint("check_number", "imprint"),
        CheckConstraint("digest = encode(sha256(content), 'hex')", name="as_digested"),
        CheckConstraint(f"places_digest {SHA256}", name="digest_of_places"),
        Index("ix_kept_papers_places_digest", "places_digest"),
    )

    digest: Mapped[str] = mapped_column(primary_key=True)
    check_number: Mapped[str] = mapped_column(ForeignKey("checks.number"))
    imprint: Mapped[str]
    printed_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    places_digest: Mapped[str | None]
    content: Mapped[bytes] = mapped_column(LargeBinary)
