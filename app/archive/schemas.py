"""Answers of the archive."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.platform.iso import IsoDay, IsoMoment


class EditionOnRecord(TypedDict):
    """The edition a check stood on."""

    number: int
    fingerprint: str


class RulebookOnRecord(TypedDict):
    """The rulebook a check stood on."""

    version: str
    fingerprint: str


class CheckOnRecord(TypedDict):
    """A check as it is kept: of one site with its ``verdict``, or of a file with ``verdicts`` counted."""

    id: str
    number: str
    at: IsoMoment
    kind: str
    by: str
    role: str
    department: str | None
    file: str | None
    sites: int
    verdict: str | None
    borderline: bool | None
    verdicts: dict[str, int] | None
    edition: EditionOnRecord | None
    rulebook: RulebookOnRecord
    judged_on: IsoDay
    software: str
    input_digest: str
    result_digest: str


class WholeCheckOnRecord(CheckOnRecord):
    """A check with what was handed in; null where that was too large to keep, or a file."""

    input: object


class SealedDay(TypedDict):
    """A day of the audit (Asia/Shanghai): how much was written, its hash and that of the day before."""

    id: str
    day: IsoDay
    entries: int
    checks: int
    previous: str
    hash: str
    sealed_at: IsoMoment
