"""Change against a baseline: by subject, grade and village, and by year."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from app.guidance.counts import Subject
from app.guidance.schemas import Compared, VillageChange, YearlyChange, YearPoint
from gis_layers.stores.baselines import Tally, Totals, VillageCounts

YEAR_DAYS: Final = 365.25
LEAST_YEARS: Final = 0.25
"""Over less time than this a change a year says nothing."""


def sum_villages(villages: Sequence[VillageCounts], ranks: int) -> Totals:
    """The town's counts by subject and rank; people of uncounted villages are not in it."""

    def whole(subject: Subject) -> Tally:
        counted = [tally for row in villages if (tally := row[subject]) is not None]
        return {str(rank): sum(tally[str(rank)] for tally in counted) for rank in range(ranks + 1)}

    return {"people": whole("people"), "facilities": whole("facilities"), "enterprises": whole("enterprises")}


def compare(now: Sequence[VillageCounts], then: Sequence[VillageCounts], *, years: float) -> Compared:
    """``now`` less ``then`` by village and in all; None where one of them is not counted.

    ``per_year`` is None below a quarter of a year. Villages that only one of them knows are named and left out.
    """
    before, after = ({row["key"]: row for row in rows} for rows in (then, now))
    shared = [key for key in after if key in before]
    rows = [_less_of_village(after[key], before[key]) for key in shared]
    whole: Totals = {
        "people": _add([row["people"] for row in rows]),
        "facilities": _add([row["facilities"] for row in rows]),
        "enterprises": _add([row["enterprises"] for row in rows]),
    }
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


def by_year(points: Sequence[tuple[datetime.datetime, Totals]]) -> list[YearPoint]:
    """``(moment, totals)`` in the order of time, the last of each calendar year: ``year taken_at total``."""
    last: dict[int, tuple[datetime.datetime, Totals]] = {}
    for moment, total in sorted(points, key=lambda point: point[0]):
        last[moment.year] = (moment, total)
    return [
        {"year": year, "taken_at": moment.isoformat(), "total": total} for year, (moment, total) in sorted(last.items())
    ]


def _less_of_village(now: VillageCounts, then: VillageCounts) -> VillageChange:
    return {
        "key": now["key"],
        "name": now["name"],
        "people": _less(now["people"], then["people"]),
        "facilities": _less(now["facilities"], then["facilities"]),
        "enterprises": _less(now["enterprises"], then["enterprises"]),
    }


def _less(now: Tally | None, then: Tally | None) -> Tally | None:
    if now is None or then is None:
        return None
    return {rank: count - then.get(rank, 0) for rank, count in now.items()}


def _add(tallies: Sequence[Tally | None]) -> Tally:
    counted = [tally for tally in tallies if tally is not None]
    ranks = counted[0] if counted else ()
    return {rank: sum(tally[rank] for tally in counted) for rank in ranks}


def _by_year(whole: Totals, years: float) -> YearlyChange | None:
    if years < LEAST_YEARS:
        return None

    def rate(tally: Tally) -> dict[str, float]:
        return {rank: round(count / years, 2) for rank, count in tally.items()}

    return {
        "people": rate(whole["people"]),
        "facilities": rate(whole["facilities"]),
        "enterprises": rate(whole["enterprises"]),
    }
