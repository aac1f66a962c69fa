"""Files that left this deployment, verified: as they left, resting on what is no longer in force, or altered."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from app.archive.service import in_force
from app.judgement.logbook import record_of
from app.platform.work import Work
from gis_layers.canonical import canonical_text, digest_of, digest_of_file
from gis_layers.stores.checks import Check, find_answered, find_check
from gis_layers.stores.papers import find_paper_holding
from gis_layers.stores.publication import read_publication_state
from gis_layers.stores.records import find_taken
from risk_model.message import Message, msg

LARGEST_ANSWER: Final = 64 * 1024 * 1024
"""A file larger than this is no answer of a check and is known by its digest alone."""

IssuedStatus = Literal["unchanged", "superseded", "altered"]


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """What a file proved to be; ``check`` is the number it tells of, ``left_at`` (UTC) and ``by`` say when it left and to whom.

    ``since`` says what came into force after what it rests on.
    """

    sha256: str
    status: IssuedStatus
    check: str | None
    left_at: datetime.datetime | None
    by: str | None
    since: tuple[Message, ...]


def verify_issued(work: Work, path: Path) -> IssuedFile:
    """Verify a report, what is attached to one, an export, or the answer of a check as JSON, by what is on record of it."""
    digest = digest_of_file(path)
    taken = find_taken(work.session, digest)
    if taken is not None:
        number = taken.detail.get("check")
        check = None if number is None else find_check(work.session, number)
        return _known(work, digest, check, (taken.at, taken.actor))
    paper = find_paper_holding(work.session, digest)
    check = _answer_of(work, path) if paper is None else find_check(work.session, paper.check_number)
    if check is not None:
        return _known(work, digest, check, (check.at, check.actor))
    return IssuedFile(digest, "altered", None, None, None, ())


def _known(work: Work, digest: str, check: Check | None, left: tuple[datetime.datetime, str]) -> IssuedFile:
    since = () if check is None else tuple(_since(work, check))
    number = None if check is None else check.number
    return IssuedFile(digest, "superseded" if since else "unchanged", number, *left, since)


def _since(work: Work, check: Check) -> Iterator[Message]:
    now = in_force(work)
    if now.edition != check.edition_fingerprint:
        edition = read_publication_state(work.session).edition
        number = msg("没有") if edition is None else edition.number
        yield msg("所据为第 {old} 版区划，现行为第 {new} 版", old=check.edition or msg("没有"), new=number)
    if now.rulebook != check.rulebook_fingerprint:
        yield msg("所据规则库 {version} 已不是现行规则库", version=check.rulebook_version)


def _answer_of(work: Work, path: Path) -> Check | None:
    """The check whose answer a file is, word for word, with its record or without; None for anything else."""
    told = _json_in(path)
    if not isinstance(told, dict):
        return None
    if "record" not in told:
        return find_answered(work.session, digest_of(canonical_text(told)))
    record = told.pop("record")
    number = record.get("number") if isinstance(record, dict) else None
    check = find_check(work.session, number) if isinstance(number, str) else None
    if check is None:
        return None
    return check if record == record_of(check) and digest_of(canonical_text(told)) == check.result_digest else None


def _json_in(path: Path) -> Any:
    if not path.is_file() or path.stat().st_size > LARGEST_ANSWER:
        return None
    try:
        return json.loads(path.read_bytes(), object_pairs_hook=_named_once, parse_float=_as_written)
    except (ValueError, RecursionError):
        return None


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; ValueError where a name stands twice, of which every reader may believe another."""
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError
    return told


def _as_written(text: str) -> float:
    """A number of JSON; ValueError where more digits are written than it has, so that some of them tell nothing."""
    told = float(text)
    if Decimal(text) != Decimal(repr(told)):
        raise ValueError
    return told
