"""Changes from one edition to another: the zones that read or lie otherwise, with their descent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Span:
    """Two editions, the one looked from and the one looked at; 0 is before the first."""

    first: int
    second: int

    @property
    def values(self) -> dict[str, int]:
        """Both, and the lower and the higher of them, as statements name them."""
        low, high = sorted((self.first, self.second))
        return {"first": self.first, "second": self.second, "low": low, "high": high}


@dataclass(frozen=True, slots=True)
class VersionChange:
    """Versions of one zone in both editions; None where it is not in force."""

    zone: int
    before: int | None
    after: int | None


def read_changes(session: Session, span: Span, *, limit: int, offset: int) -> list[VersionChange]:
    """The zones that differ, by number; one that reads and lies as before is none of them, whatever its version."""
    statement = text(f"{_PAIRS} SELECT zone_id, before, after FROM pairs ORDER BY zone_id LIMIT :limit OFFSET :offset")
    rows = session.execute(statement, {**span.values, "limit": limit, "offset": offset})
    return [VersionChange(*row) for row in rows]


def count_changes(session: Session, span: Span) -> dict[str, int]:
    """Number of zones that are ``new``, ``gone`` and ``changed``."""
    return dict(session.execute(text(f"{_PAIRS} {_COUNTED}"), span.values).mappings().one())


def read_descent_between(session: Session, span: Span, zones: Collection[int]) -> list[tuple[int, int]]:
    """Parents and children, one of them among ``zones``, by the editions between the two."""
    rows = session.execute(text(_DESCENT), {**span.values, "zones": list(zones)})
    return [(parent, child) for parent, child in rows]


_PAIRS = """
WITH touched AS (
    SELECT DISTINCT zone_id FROM zone_versions
    WHERE (from_edition > :low AND from_edition <= :high) OR (to_edition > :low AND to_edition <= :high)
), pairs AS (
    SELECT touched.zone_id, a.version AS before, b.version AS after FROM touched
    LEFT JOIN zone_versions a ON a.zone_id = touched.zone_id AND a.from_edition <= :first
        AND (a.to_edition IS NULL OR a.to_edition > :first)
    LEFT JOIN zone_versions b ON b.zone_id = touched.zone_id AND b.from_edition <= :second
        AND (b.to_edition IS NULL OR b.to_edition > :second)
    WHERE a.digest IS DISTINCT FROM b.digest
)
"""
_COUNTED = """
SELECT count(*) FILTER (WHERE before IS NULL) AS new, count(*) FILTER (WHERE after IS NULL) AS gone,
       count(*) FILTER (WHERE before IS NOT NULL AND after IS NOT NULL) AS changed
FROM pairs
"""
_DESCENT = """
SELECT parent_id, child_id FROM zone_lineage
WHERE edition > :low AND edition <= :high AND (parent_id = ANY(:zones) OR child_id = ANY(:zones)) ORDER BY 1, 2
"""
