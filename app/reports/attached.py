"""Files that go within a PDF."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from gis_layers.canonical import digest_of_bytes
from risk_model.message import Message


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file within a PDF: ``name`` (ASCII, ending in .json or .geojson), what it is (a saying until it is printed), and when it was made."""

    name: str
    words: str
    content: bytes
    at: datetime.datetime

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return digest_of_bytes(self.content)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence that goes with a paper: ``answer`` and ``places`` as far as they are attached, and what the paper says of them.

    Of a check on no record, and on a public paper, there is none.
    """

    answer: EvidenceFile | None = None
    places: EvidenceFile | None = None
    words: Message | None = None

    @property
    def files(self) -> tuple[EvidenceFile, ...]:
        """All that is attached."""
        return tuple(one for one in (self.answer, self.places) if one is not None)


NO_EVIDENCE: Final = Evidence()
