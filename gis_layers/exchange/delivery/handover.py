"""The handing over of a file: who provided it, under which number, through whom, when, and how secret it is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from risk_model.codes import code_name


class Secrecy(StrEnum):
    """Secrecy of a file, after ISO 19115 and GB/T 19710: the three state secrets come last, the worst at the end."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"  # noqa: S105 - a level, no password
    TOP_SECRET = "top_secret"  # noqa: S105

    @property
    def rank(self) -> int:
        """Its place from the most open to the most secret."""
        return list(Secrecy).index(self)

    @property
    def is_state_secret(self) -> bool:
        """Whether it may stand only where nothing leads to other networks."""
        return self.rank >= Secrecy.CONFIDENTIAL.rank


SECRECY_NAMES = {level: code_name("secrecy", level.value) for level in Secrecy}
"""The levels as officers call them."""

LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Handover:
    """Particulars of a file, told beside it; None where nobody told. Its texts are plain, never blank."""

    provider: str | None = None
    document_number: str | None = None
    handed_over_by: str | None = None
    received_on: datetime.date | None = None
    secrecy: Secrecy | None = None

    def completed(self, other: Handover) -> Handover:
        """Handover by ``self``, and where it tells nothing, by ``other``; of two levels the more secret one."""
        levels = [level for level in (self.secrecy, other.secrecy) if level is not None]
        return Handover(
            provider=self.provider or other.provider,
            document_number=self.document_number or other.document_number,
            handed_over_by=self.handed_over_by or other.handed_over_by,
            received_on=self.received_on or other.received_on,
            secrecy=max(levels, key=lambda level: level.rank, default=None),
        )
