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
from risk_model.message import msg


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
            found.troubles.append(msg("{before} 条记录的日期早于第一个封存日 {day}", before=before, day=sealed.day))
        if expected is not None and sealed.day != expected:
            found.troubles.append(msg("{expected}：缺少这一天的封存", expected=expected))
        if sealed.previous != previous:
            found.troubles.append(msg("{day}：这一天的封存与前一天的封存不衔接", day=sealed.day))
        if hash_of(chain([first_line(sealed.day, sealed.previous)], lines_of(session, sealed.day))) != sealed.hash:
            found.troubles.append(msg("{day}：现存的记录不是当日封存的内容", day=sealed.day))
        expected, previous = sealed.day + ONE_DAY, sealed.hash
    found.last_hash = previous
    found.troubles += [
        msg(
            "{year} 年的审查：已发出 {counted} 个编号，现存 {kept} 条，最大编号 {highest}",
            year=year.year,
            counted=year.counted,
            kept=year.kept,
            highest=year.highest,
        )
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
            found.troubles.append(msg("{day}：文件中的日子不连续", day=day))
        if expected is not None and day != expected:
            found.troubles.append(msg("{expected}：文件中缺少这一天", expected=expected))
        if line != _sealing(day, lines):
            found.troubles.append(msg("{day}：这一天的内容不是当日封存的内容", day=day))
        found.troubles += _as_sealed(session, day, told)
        expected, previous, lines = _day_after(day), told, []
    if lines:
        found.troubles.append(msg("文件在最后一天的封存之前就结束了"))
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
        return [msg("{day}：本部署没有这一天的封存", day=day)]
    return [] if sealed.hash == told else [msg("{day}：文件中的封存与本部署的封存不同", day=day)]


def _documents(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        for number, line in enumerate(_csv_lines(opened) if path.suffix.lower() == ".csv" else opened, start=1):
            text = line.rstrip("\r\n")
            try:
                document = json.loads(text)
                _ = document if "hash" not in document else _date(document["day"])
            except (ValueError, TypeError, KeyError) as error:
                raise BadParameter(
                    msg("{name} 第 {number} 行：不是审计导出文件的一行", name=path.name, number=number)
                ) from error
            yield text, document


def _csv_lines(opened: Iterable[str]) -> Iterator[str]:
    """The lines an export as CSV carries; where its readable columns say otherwise, one no hash fits."""
    rows = csv.reader(opened)
    if next(rows, None) != list(CSV_COLUMNS):
        yield "no-heading"
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
