"""The history of enterprises' grades: what is graded from, what was said last, what is said now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from gis_layers.stores.frames import geometries_of
from gis_layers.tables.enterprises import EnterpriseGrade
from gis_layers.tables.hidden_dangers import HiddenDanger
from gis_layers.tables.town import Enterprise

FACTS = ("id", "name", "sector", "inventory", "declared_grade", "declared_hazard_level", "grade_id")


def lock_facts(session: Session, numbers: Sequence[int] | None) -> list[dict[str, Any]]:
    """``FACTS`` and ``geometry`` (storage CRS) of these enterprises (of all where None), held until the transaction ends."""
    statement = select(*(getattr(Enterprise, name) for name in FACTS), Enterprise.geom).order_by(Enterprise.id)
    if numbers is not None:
        statement = statement.where(Enterprise.id.in_(numbers))
    rows = session.execute(statement.with_for_update()).all()
    shapes = geometries_of([row.geom for row in rows])
    return [
        {**dict(zip(FACTS, row[:-1], strict=True)), "geometry": shape} for row, shape in zip(rows, shapes, strict=True)
    ]


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


def record_grade(session: Session, number: int, grade: dict[str, Any]) -> int:
    """Append an entry to the history of an enterprise and make it the one in force."""
    added = session.execute(
        insert(EnterpriseGrade).values(enterprise_id=number, **grade).returning(EnterpriseGrade.id)
    ).scalar_one()
    told = {name: grade[name] for name in ("base_grade", "effective_grade", "major_hazard_level")}
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
