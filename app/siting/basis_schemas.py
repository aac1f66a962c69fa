"""What an opinion rests on as answers tell it: edition, rulebook, and the record under which it is kept."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.platform.iso import IsoMoment


class EditionAnswer(TypedDict):
    """The published edition the opinion rests on."""

    number: int
    published_at: IsoMoment
    fingerprint: str


class RulebookAnswer(TypedDict):
    """The rules the opinion rests on; ``number`` counts the versions of this deployment."""

    version: str
    fingerprint: str
    number: int | None


class RecordAnswer(TypedDict):
    """Under which number the check is kept: the server's moment, who made it, and what was asked and answered as digests."""

    number: str
    at: IsoMoment
    by: str
    input_digest: str
    result_digest: str
