"""The logbook: every check somebody signed in makes gets a number and is kept, so that years later it can be looked up."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app import __version__
from app.judgement.screening import CheckedSite
from app.platform.errors import NotFound
from app.platform.principals import Principal
from gis_layers.canonical import canonical_text, digest_of, digest_of_file
from gis_layers.stores.checks import Check, NewCheck, save_answer, save_check
from gis_layers.stores.checks import find_answer as stored_answer
from risk_model.message import msg

LARGEST_INPUT = 1024 * 1024
"""An input, or an answer, whose canonical text is longer (in bytes) is known by its digest alone."""
LONGEST_FILE_NAME = 200


@dataclass(frozen=True, slots=True)
class Maker:
    """The maker of a check: a username, ``token:NAME`` or ``console:NAME``, with role and department."""

    name: str
    role: str
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """Grounds of a check: the day judged for, edition and rulebook with their fingerprints."""

    on: datetime.date
    edition: int | None
    edition_fingerprint: str | None
    rulebook_version: str
    rulebook_fingerprint: str


@dataclass(frozen=True, slots=True)
class FileInput:
    """A file of sites: what it was called, and the digest of its bytes."""

    name: str
    digest: str

    @classmethod
    def of(cls, path: Path, name: str | None = None) -> FileInput:
        """The file at ``path``, called ``name`` where it lies under another."""
        return cls((name or path.name)[:LONGEST_FILE_NAME], digest_of_file(path))


def maker_of(principal: Principal) -> Maker:
    """The caller over HTTP, as the logbook names them."""
    return Maker(principal.name, principal.role.value, principal.department)


def grounds_of(checked: CheckedSite) -> Grounds:
    """Grounds of the check of one site."""
    edition, rulebook = checked.edition, checked.rulebook
    return Grounds(
        on=checked.on,
        edition=None if edition is None else edition.number,
        edition_fingerprint=None if edition is None else edition.fingerprint,
        rulebook_version=rulebook.version,
        rulebook_fingerprint=rulebook.fingerprint,
    )


def record_single(
    session: Session, maker: Maker, asked: object, answer: Mapping[str, object], grounds: Grounds
) -> dict[str, str]:
    """Keep one site's check; ``asked`` and ``answer`` are the JSON documents as they came and as they go.

    Answers ``number``, ``at`` (ISO 8601, UTC), ``by``, ``input_digest`` and ``result_digest``: SHA-256 of the
    canonical text (``gis_layers.canonical``) of the two documents. To be the last a transaction does.
    """
    text, answered = canonical_text(asked), canonical_text(answer)
    result_digest = digest_of(answered)
    if len(answered) <= LARGEST_INPUT:
        save_answer(session, result_digest, answered)
    new = NewCheck(
        kind="single",
        file=None,
        site_count=1,
        input_digest=digest_of(text),
        input=text if len(text) <= LARGEST_INPUT else None,
        verdict=str(answer["verdict"]),
        borderline=bool(answer["borderline"]),
        verdicts=None,
        result_digest=result_digest,
        **_told(maker, grounds),
    )
    kept = save_check(session, new)
    return _record(kept.number, kept.at, new)


def find_answer(session: Session, check: Check) -> dict[str, Any]:
    """The answer of a check as it was given, with its record.

    Raises NotFound where only its digest was kept: of files of sites, and of checks made before answers were kept.
    """
    text = stored_answer(session, check.result_digest)
    if text is None:
        raise NotFound(msg("记录 {number} 只保存了结果摘要，没有意见全文，不能重新打印", number=check.number))
    return {**json.loads(text), "record": record_of(check)}


def evidence_text(answer: Mapping[str, object]) -> str:
    """The canonical text of an answer without its record: what its ``result_digest`` is the SHA-256 of."""
    return canonical_text({name: told for name, told in answer.items() if name != "record"})


def record_of(check: Check) -> dict[str, str]:
    """The record of a kept check, as its answer carried it."""
    return _record(check.number, check.at, check)


def record_file(
    session: Session, maker: Maker, given: FileInput, outcome: tuple[dict[str, int], str], grounds: Grounds
) -> dict[str, str]:
    """Keep the check of a file; ``outcome`` is the sites by verdict and the digest of all answers. Answers as ``record_single``."""
    verdicts, result_digest = outcome
    new = NewCheck(
        kind="console" if maker.role == "console" else "batch",
        file=given.name,
        site_count=sum(verdicts.values()),
        input_digest=given.digest,
        input=None,
        verdict=None,
        borderline=None,
        verdicts=verdicts,
        result_digest=result_digest,
        **_told(maker, grounds),
    )
    kept = save_check(session, new)
    return _record(kept.number, kept.at, new)


def _told(maker: Maker, grounds: Grounds) -> dict[str, Any]:
    return {
        "actor": maker.name,
        "role": maker.role,
        "department": maker.department,
        "edition": grounds.edition,
        "edition_fingerprint": grounds.edition_fingerprint,
        "rulebook_version": grounds.rulebook_version,
        "rulebook_fingerprint": grounds.rulebook_fingerprint,
        "judged_on": grounds.on,
        "software": __version__,
    }


def _record(number: str, at: datetime.datetime, of: NewCheck | Check) -> dict[str, str]:
    return {
        "number": number,
        "at": at.astimezone(datetime.UTC).isoformat(),
        "by": of.actor,
        "input_digest": of.input_digest,
        "result_digest": of.result_digest,
    }
