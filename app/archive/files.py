"""The audit as files for the archive: whole sealed days as JSON lines or CSV, with a file of hashes beside."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.platform.errors import BadParameter, Refused
from gis_layers.canonical import canonical_text, digest_of_file
from gis_layers.exchange.text.cells import guarded
from gis_layers.stores import seals
from gis_layers.stores.seals import AuditDay, first_line, lines_of
from risk_model.message import msg

CSV_COLUMNS = ("at", "by", "act", "about", "line")


@dataclass(frozen=True, slots=True)
class Exported:
    """An export as written: the file, the file of hashes, and the days in it."""

    out: Path
    hashes: Path
    days: list[AuditDay]


def export_days(session: Session, out: Path, first: datetime.date | None, last: datetime.date | None) -> Exported:
    """Write the sealed days from ``first`` to ``last`` (both included) to ``out`` (.jsonl or .csv) and hashes beside it.

    Raises BadParameter for another suffix, Refused where no day of the range is sealed.
    """
    if out.suffix.lower() not in (".jsonl", ".csv"):
        raise BadParameter(msg("{name}：审计只能导出为 .jsonl 或 .csv 文件", name=out.name))
    days = seals.read_days(session, first, last)
    if not days:
        raise Refused(msg("这段时间里没有已封存的日子；一天结束后（北京时间）才会封存"))
    _write(out, _lines(session, days))
    hashes = out.with_name(out.name + ".sha256")
    told = [f"{digest_of_file(out)}  {out.name}\n", *(f"# {day.day.isoformat()} {day.hash}\n" for day in days)]
    hashes.write_text("".join(told), encoding="utf-8")
    return Exported(out, hashes, days)


def _write(out: Path, lines: Iterator[str]) -> None:
    if out.suffix.lower() == ".jsonl":
        with out.open("w", encoding="utf-8", newline="") as opened:
            opened.writelines(f"{line}\n" for line in lines)
        return
    with out.open("w", encoding="utf-8-sig", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(CSV_COLUMNS)
        rows.writerows(csv_row(line) for line in lines)


def _lines(session: Session, days: list[AuditDay]) -> Iterator[str]:
    for day in days:
        yield first_line(day.day, day.previous)
        yield from lines_of(session, day.day)
        yield seal_line(day.day.isoformat(), day.hash, day.entries, day.checks)


def seal_line(day: str, told: str, entries: int, checks: int) -> str:
    """The line a day ends with in a file: its hash, and how many entries and checks it has."""
    return canonical_text({"day": day, "hash": told, "entries": entries, "checks": checks})


def csv_row(line: str) -> list[str]:
    """The readable columns of a line, guarded against formulas, and the line itself, which begins with a brace."""
    told = json.loads(line)
    at = told.get("at") or told.get("day", "")
    act = told.get("action") or (
        "check" if told.get("kind_of_line") == "check" else "seal" if "hash" in told else "day"
    )
    about = told.get("subject") or told.get("number") or told.get("hash") or told.get("previous") or ""
    readable = (guarded(str(each)) for each in (at, told.get("actor", ""), act, about))
    return [*readable, line]
