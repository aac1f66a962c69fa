"""Baselines of the guidance figures: kept once, read ever after."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_layers.tables.baselines import GuidanceBaseline


def record_baseline(session: Session, row: dict[str, Any]) -> GuidanceBaseline:
    """Keep the figures (columns of ``guidance_baselines``) for good."""
    kept = GuidanceBaseline(**row)
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
