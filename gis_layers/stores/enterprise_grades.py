"""The history of enterprises' grades: what is graded from, what was said last, what is said now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from gis_layers.stores.frames import geometries_of
from gis_layers.tables.enterprises import EnterpriseGrade
from gis_layers.tables.hidden_dangers import HiddenDanger
from gis_layers.tables.town import Enterprise, StockEntry

__all__ = [
    "EnterpriseGrade", "EnterpriseRow", "NewGrade", "dangers_of", "grade_history", "latest_digests", "lock_facts",
    "record_grade", "stale_grades",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """An enterprise as far as its grade stands on it; geometry in the storage CRS."""

    id: int
    name: str
    sector: str
    inventory: list[StockEntry]
    declared_grade: str | None
    declared_hazard_level: int | None
    grade_id: int | None
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class NewGrade:
    """A grade about to be kept; the names are those of the table."""

    base_grade: str | None
    overlay_grade: str | None
    effective_grade: str | None
    major_hazard_level: int | None
    cause: str
    actor: str
    working: dict[str, Any]
    digest: str
    rulebook_version: str
    rulebook_fingerprint: str


def lock_facts(session: Session, numbers: Sequence[int] | None) -> list[EnterpriseRow]:
    """The facts of these enterprises (of all where None), held until the transaction ends."""
    one = Enterprise
    statement = select(
        one.id, one.name, one.sector, one.inventory, one.declared_grade, one.declared_hazard_level, one.grade_id, one.geom
    ).order_by(one.id)  # fmt: skip
    if numbers is not None:
        statement = statement.where(one.id.in_(numbers))
    rows = session.execute(statement.with_for_update()).all()
    shapes = geometries_of([row.geom for row in rows])
    return [EnterpriseRow(*row[:-1], geometry=shape) for row, shape in zip(rows, shapes, strict=True)]


def dangers_of(session: Session, numbers: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Code and state of the dangers of these enterprises, by enterprise."""
    columns: list[Any] = [HiddenDanger.enterprise_id, HiddenDanger.code, HiddenDanger.state]
    statement = select(*columns)
    found: dict[int, list[tuple[str, str]]] = {}
    for number, code, state in session.execute(statement.where(HiddenDanger.enterprise_id.in_(numbers))):
        found.setdefault(number, []).append((code, state))
    return found


def latest_digests(session: Session, grades: Sequence[int]) -> dict[int, str]:
    """The digest of each of these entries."""
    rows = session.execute(
        select(EnterpriseGrade.id, EnterpriseGrade.digest).where(EnterpriseGrade.id.in_(grades))
    ).all()
    return {row.id: row.digest for row in rows}


def record_grade(session: Session, number: int, grade: NewGrade) -> int:
    """Append an entry to the history of an enterprise and make it the one in force."""
    added = session.execute(
        insert(EnterpriseGrade).values(enterprise_id=number, **asdict(grade)).returning(EnterpriseGrade.id)
    ).scalar_one()
    told = {
        "base_grade": grade.base_grade,
        "effective_grade": grade.effective_grade,
        "major_hazard_level": grade.major_hazard_level,
    }
    session.execute(update(Enterprise).where(Enterprise.id == number).values(**told, grade_id=added))
    return added


def grade_history(session: Session, number: int) -> list[EnterpriseGrade]:
    """Grades of an enterprise, newest first."""
    newest = select(EnterpriseGrade).where(EnterpriseGrade.enterprise_id == number).order_by(EnterpriseGrade.id.desc())
    return list(session.scalars(newest))


def stale_grades(session: Session, fingerprint: str) -> int:
    """Number of enterprises with no grade yet, or one made by other rules than those of ``fingerprint``."""
    joined = select(Enterprise.id).outerjoin(EnterpriseGrade, EnterpriseGrade.id == Enterprise.grade_id)
    other = EnterpriseGrade.rulebook_fingerprint.is_distinct_from(fingerprint)
    return len(session.scalars(joined.where(other)).all())
