"""Deadlines: by how many days something is late."""

from __future__ import annotations

from datetime import date


def days_late(deadline: date | None, today: date) -> int:
    """Days since ``deadline``, whose own day is not late yet; 0 where none is set. Both are days in Beijing."""
    return 0 if deadline is None else max(0, (today - deadline).days)
