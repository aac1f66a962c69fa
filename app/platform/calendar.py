"""The calendar of work that comes by itself: entries with their times, and which of them is due. Pure but for its data."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any

from app.platform.clock import CHINA
from gis_layers.stores.calendar import FailedTurn
from risk_model.codes import code_name
from risk_model.message import Message, msg

OFF = "off"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_MONDAY = datetime.datetime(2024, 1, 1, tzinfo=CHINA)
WRITTEN = re.compile(
    rf"hourly (?P<alone>[0-5]\d)|(?:daily|weekly (?P<day>{'|'.join(DAYS)})) (?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)"
)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Occurrences ``every`` so long, the first of them ``begins`` after a Monday's midnight in Beijing, which knows no DST."""

    every: datetime.timedelta
    begins: datetime.timedelta
    written: str

    def latest(self, now: datetime.datetime) -> datetime.datetime:
        """The last occurrence that is not after ``now``."""
        first = A_MONDAY + self.begins
        return first + (now - first) // self.every * self.every

    def following(self, now: datetime.datetime) -> datetime.datetime:
        """The first occurrence after ``now``."""
        return self.latest(now) + self.every


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Work of a ``kind`` that comes by itself; without a timetable it is only started by hand.

    A turn that failed is begun again after each of the ``pauses``.
    """

    key: str
    kind: str
    timetable: Timetable | None
    options: Mapping[str, Any] = field(default_factory=dict)
    pauses: tuple[datetime.timedelta, ...] = ()

    @property
    def name(self) -> Message:
        """What is done, in words."""
        return code_name("job_kind", self.kind)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An entry's turn, begun for the first time or (``retry`` above 0) again."""

    entry: CalendarEntry
    at: datetime.datetime
    retry: int = 0


def due(
    entries: Sequence[CalendarEntry], last: Mapping[str, datetime.datetime], now: datetime.datetime
) -> list[Occurrence]:
    """Turns that have come since the ``last`` one of each entry: however many were missed, one each, the latest.

    An entry of which nothing is known begins with its next turn.
    """
    turns = [Occurrence(entry, entry.timetable.latest(now)) for entry in entries if entry.timetable is not None]
    return [turn for turn in turns if turn.entry.key in last and last[turn.entry.key] < turn.at]


def retry_at(entry: CalendarEntry, failed: FailedTurn) -> datetime.datetime | None:
    """The moment a failed turn is begun again; None where it was often enough, or the next turn comes first."""
    if entry.timetable is None or failed.retry >= len(entry.pauses):
        return None
    at = failed.ended_at + entry.pauses[failed.retry]
    return at if at < entry.timetable.following(failed.at) else None


def retries_due(
    entries: Sequence[CalendarEntry], failed: Mapping[str, FailedTurn], now: datetime.datetime
) -> list[Occurrence]:
    """Failed turns whose pause is over. Whoever looks after the next turn has come finds none: that turn stands for both."""
    found = [(entry, failed[entry.key]) for entry in entries if entry.key in failed]
    return [
        Occurrence(entry, turn.at, turn.retry + 1)
        for entry, turn in found
        if (at := retry_at(entry, turn)) is not None
        and at <= now
        and entry.timetable is not None
        and now < entry.timetable.following(turn.at)
    ]


def entries_of(changes: str) -> tuple[CalendarEntry, ...]:
    """Every entry, those that ``changes`` (``backup=daily 03:00, regrade=off``) names at other times or at none.

    Raises ValueError for an entry there is not, or a time that is none.
    """
    told = dict(_change(part) for part in changes.split(",") if part.strip())
    packaged = _packaged()
    if unknown := told.keys() - {entry.key for entry in packaged}:
        known = [one.key for one in packaged]
        raise ValueError(msg("日程中没有 {unknown}；有 {known}", unknown=sorted(unknown), known=known))
    return tuple(replace(one, timetable=told[one.key]) if one.key in told else one for one in packaged)


def timetable_of(when: str) -> Timetable | None:
    """Read a time as it is written; None for ``off``. Raises ValueError."""
    written = " ".join(when.lower().split())
    if written == OFF:
        return None
    read = WRITTEN.fullmatch(written)
    if read is None:
        raise ValueError(
            msg(
                "「{when}」不是时间；请写 hourly MM、daily HH:MM、weekly DAY HH:MM（mon … sun）或 off，按北京时间",
                when=when,
            )
        )
    if read["alone"]:
        return Timetable(datetime.timedelta(hours=1), datetime.timedelta(minutes=int(read["alone"])), written)
    day = DAYS.index(read["day"]) if read["day"] else 0
    begins = datetime.timedelta(days=day, hours=int(read["hour"]), minutes=int(read["minute"]))
    return Timetable(datetime.timedelta(days=7 if read["day"] else 1), begins, written)


def _change(part: str) -> tuple[str, Timetable | None]:
    key, _, when = part.partition("=")
    return key.strip(), timetable_of(when)


@cache
def _packaged() -> tuple[CalendarEntry, ...]:
    table = tomllib.loads((resources.files("app") / "platform" / "calendar.toml").read_text(encoding="utf-8"))
    return tuple(
        CalendarEntry(
            row["key"],
            row["kind"],
            timetable_of(row["when"]),
            row.get("options", {}),
            tuple(datetime.timedelta(minutes=pause) for pause in row.get("pauses_min", table["pauses_min"])),
        )
        for row in table["entries"]
    )
