"""Change against a baseline: by subject, grade and village, and by year."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final

from app.guidance.counts import SUBJECTS

YEAR_DAYS: Final = 365.25
LEAST_YEARS: Final = 0.25
"""Over less time than this a change a year says nothing."""

Row = dict[str, Any]


def sum_villages(villages: Sequence[Row], ranks: int) -> dict[str, dict[str, int]]:
    """The town's counts by subject and rank; people of uncounted villages are not in it."""
    return {
        subject: {
            str(rank): sum(row[subject][str(rank)] for row in villages if row[subject] is not None)
            for rank in range(ranks + 1)
        }
        for subject in SUBJECTS
    }


def compare(now: Sequence[Row], then: Sequence[Row], *, years: float) -> dict[str, Any]:
    """``now`` less ``then`` by village and in all; None where one of them is not counted.

    ``per_year`` is None below a quarter of a year. Villages that only one of them knows are named and left out.
    """
    before, after = ({row["key"]: row for row in rows} for rows in (then, now))
    shared = [key for key in after if key in before]
    rows = [
        {"key": key, "name": after[key]["name"], **{one: _less(after[key][one], before[key][one]) for one in SUBJECTS}}
        for key in shared
    ]
    whole = {subject: _add([row[subject] for row in rows if row[subject] is not None]) for subject in SUBJECTS}
    return {
        "years": round(years, 3),
        "villages": rows,
        "total": whole,
        "per_year": _by_year(whole, years),
        "only_now": [after[key]["name"] for key in after if key not in before],
        "only_then": [before[key]["name"] for key in before if key not in after],
    }


def years_between(then: datetime.datetime, now: datetime.datetime) -> float:
    """Years, with fractions."""
    return (now - then).total_seconds() / 86400.0 / YEAR_DAYS


def by_year(points: Sequence[tuple[datetime.datetime, Row]]) -> list[dict[str, Any]]:
    """``(moment, totals)`` in the order of time, the last of each calendar year: ``year taken_at total``."""
    last: dict[int, tuple[datetime.datetime, Row]] = {}
    for moment, total in sorted(points, key=lambda point: point[0]):
        last[moment.year] = (moment, total)
    return [
        {"year": year, "taken_at": moment.isoformat(), "total": total} for year, (moment, total) in sorted(last.items())
    ]


def _less(now: dict[str, int] | None, then: dict[str, int] | None) -> dict[str, int] | None:
    if now is None or then is None:
        return None
    return {rank: count - then.get(rank, 0) for rank, count in now.items()}


def _add(tallies: Sequence[dict[str, int]]) -> dict[str, int]:
    ranks = tallies[0] if tallies else ()
    return {rank: sum(tally[rank] for tally in tallies) for rank in ranks}


def _by_year(whole: dict[str, dict[str, int]], years: float) -> dict[str, dict[str, float]] | None:
    if years < LEAST_YEARS:
        return None
    return {
        subject: {rank: round(count / years, 2) for rank, count in tally.items()} for subject, tally in whole.items()
    }
