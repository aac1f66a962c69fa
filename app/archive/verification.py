"""Whether the audit is as it was sealed: the database's own, or a file that was taken away."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sqlalchemy.orm import Session

from app.archive.files import CSV_COLUMNS, csv_row, seal_line
from app.platform.errors import BadParameter
from gis_layers.stores import seals
from gis_layers.stores.seals import FIRST, ONE_DAY, first_line, hash_of, lines_of


@dataclass(slots=True)
class Verified:
    """Result of verifying: days looked at, every trouble in words. No trouble: nothing was altered since sealing."""

    days: int = 0
    last_hash: str = ""
    troubles: list[str] = field(default_factory=list)


def verify_database(session: Session) -> Verified:
    """Compute every sealed day anew and compare it with its seal, the chain, and the numbers given to checks."""
    found, expected, previous = Verified(), None, FIRST
    for sealed in seals.read_days(session):
        found.days += 1
        if expected is None and (before := seals.rows_outside(session, sealed.day)):
            found.troubles.append(f"{before} entries are dated before the first sealed day {sealed.day}")
        if expected is not None and sealed.day != expected:
            found.troubles.append(f"{expected}: the seal of this day is missing")
        if sealed.previous != previous:
            found.troubles.append(f"{sealed.day}: its seal does not follow from that of the day before")
        if hash_of(chain([first_line(sealed.day, sealed.previous)], lines_of(session, sealed.day))) != sealed.hash:
            found.troubles.append(f"{sealed.day}: what is kept of this day is not what was sealed")
        expected, previous = sealed.day + ONE_DAY, sealed.hash
    found.last_hash = previous
    found.troubles += [
        f"checks of {year.year}: {year.counted} numbers were given, {year.kept} are kept, the highest is {year.highest}"
        for year in seals.unnumbered(session)
    ]
    return found


def verify_file(session: Session | None, path: Path) -> Verified:
    """Compute every day of an export anew and compare it with the seals in it, and with those of the database, if any.

    Raises BadParameter for a file that is no export of the audit.
    """
    found, expected, previous = Verified(), None, None
    lines: list[str] = []
    for line, document in _documents(path):
        if "hash" not in document:
            lines.append(line)
            continue
        day, told = document["day"], document["hash"]
        found.days += 1
        if not lines or (lines[0] != first_line(_date(day), previous) if previous else _opening(lines[0]) != day):
            found.troubles.append(f"{day}: the file does not go from day to day")
        if expected is not None and day != expected:
            found.troubles.append(f"{expected}: this day is missing in the file")
        if line != _sealing(day, lines):
            found.troubles.append(f"{day}: the lines of this day are not those that were sealed")
        found.troubles += _as_sealed(session, day, told)
        expected, previous, lines = _day_after(day), told, []
    if lines:
        found.troubles.append("the file ends before the seal of its last day")
    found.last_hash = previous or ""
    return found


def _sealing(day: str, lines: list[str]) -> str:
    """The line that seals the ``lines`` of a day."""
    checks = sum('"kind_of_line":"check"' in line for line in lines)
    return seal_line(day, hash_of(lines), len(lines) - 1 - checks, checks)


def _opening(line: str) -> object:
    document = json.loads(line)
    return document.get("day") if isinstance(document, dict) else None


def _as_sealed(session: Session | None, day: str, told: str) -> list[str]:
    if session is None:
        return []
    sealed = seals.find_day(session, _date(day))
    if sealed is None:
        return [f"{day}: this deployment has no seal of this day"]
    return [] if sealed.hash == told else [f"{day}: the seal in the file is not the seal of this deployment"]


def _documents(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        for number, line in enumerate(_csv_lines(opened) if path.suffix.lower() == ".csv" else opened, start=1):
            text = line.rstrip("\r\n")
            try:
                document = json.loads(text)
                _ = document if "hash" not in document else _date(document["day"])
            except (ValueError, TypeError, KeyError) as error:
                raise BadParameter(f"{path.name}, line {number}: no line of an audit export") from error
            yield text, document


def _csv_lines(opened: Iterable[str]) -> Iterator[str]:
    """The lines an export as CSV carries; where its readable columns say otherwise, one no hash fits."""
    rows = csv.reader(opened)
    if next(rows, None) != list(CSV_COLUMNS):
        yield "no heading of an audit export"
    for row in rows:
        yield row[-1] if _readable_as_it_is(row) else json.dumps(row)


def _readable_as_it_is(row: list[str]) -> bool:
    try:
        return row == csv_row(row[-1])
    except (ValueError, AttributeError, IndexError):
        return False


def _date(day: str) -> datetime.date:
    return datetime.date.fromisoformat(day)


def _day_after(day: str) -> str:
    return (_date(day) + ONE_DAY).isoformat()
