"""Baselines of the guidance figures: kept once, read ever after."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, fields

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_layers.tables.baselines import (
    GuidanceBaseline,
    GuidanceFigures,
    PeopleMethod,
    Tally,
    Totals,
    VillageCounts,
)

__all__ = [
    "GuidanceBaseline", "GuidanceFigures", "NewBaseline", "PeopleMethod", "Tally", "Totals", "VillageCounts",
    "count_baselines", "find_baseline", "list_baselines", "newest_baseline", "record_baseline",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewBaseline:
    """A baseline about to be kept; columns as in ``tables.baselines``."""

    name: str
    reason: str
    taken_at: datetime.datetime
    taken_by: str
    run_id: int
    edition: int
    rulebook_fingerprint: str
    figures: GuidanceFigures


def record_baseline(session: Session, new: NewBaseline) -> GuidanceBaseline:
    """Keep the figures for good."""
    kept = GuidanceBaseline(**{field.name: getattr(new, field.name) for field in fields(NewBaseline)})
    session.add(kept)
    session.flush()
    return kept


def find_baseline(session: Session, number: int) -> GuidanceBaseline | None:
    """The baseline of this number."""
    return session.get(GuidanceBaseline, number)


def newest_baseline(session: Session) -> GuidanceBaseline | None:
    """The baseline kept last, or None while there is none."""
    return session.scalar(select(GuidanceBaseline).order_by(GuidanceBaseline.id.desc()).limit(1))


def list_baselines(session: Session, *, limit: int | None = None, offset: int = 0) -> list[GuidanceBaseline]:
    """Baselines, newest first."""
    newest = select(GuidanceBaseline).order_by(GuidanceBaseline.id.desc())
    return list(session.scalars(newest.limit(limit).offset(offset)))


def count_baselines(session: Session) -> int:
    """Number of baselines."""
    return session.scalar(select(func.count()).select_from(GuidanceBaseline)) or 0
