"""Enterprises graded by the model and the outcome kept: one place for imports, forms and the first start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from shapely.geometry.base import BaseGeometry

from app.judgement.screening import windows_around
from app.platform.errands import heed
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores import enterprise_grades, enterprises
from gis_layers.stores.enterprise_grades import EnterpriseRow, NewGrade
from gis_layers.stores.enterprises import StockEntry
from gis_layers.stores.records import record_audit
from risk_model.enterprises import (
    AssessedRiskPoint,
    Danger,
    DwellingPoints,
    EnterpriseFacts,
    GradedEnterprise,
    NearbyResidents,
    Stock,
    chemical_terms,
    count_residents,
    grade_enterprise,
)
from risk_model.shapes import as_array
from risk_model.vocabulary import Colour, DangerState


def regrade(work: Work, *, cause: str, actor: str, numbers: Sequence[int] | None = None) -> int:
    """Grade these enterprises (all where None) by the rules in force; how many got a new entry in their history.

    An entry is written only where something of the judgement changed, or the rules that made it.
    """
    facts = enterprise_grades.lock_facts(work.session, numbers)
    ids = [fact.id for fact in facts]
    points: dict[int, list[AssessedRiskPoint]] = {}
    for row in enterprises.read_risk_points(work.session, ids):
        known = AssessedRiskPoint(row.name, row.method, row.figures, tuple(row.conditions))
        points.setdefault(row.enterprise_id, []).append(known)
    dangers = enterprise_grades.dangers_of(work.session, ids)
    last = enterprise_grades.latest_digests(work.session, [fact.grade_id for fact in facts if fact.grade_id])
    changed = 0
    for fact in facts:
        heed()
        told = _facts(work, fact, points.get(fact.id, []), dangers.get(fact.id, []))
        entry = _entry(grade_enterprise(told, work.rulebook), work, cause=cause, actor=actor)
        if fact.grade_id is None or last.get(fact.grade_id) != entry.digest:
            enterprise_grades.record_grade(work.session, fact.id, entry)
            changed += 1
    return changed


def regrade_by_other_rules(work: Work, *, actor: str) -> int:
    """Grade everything anew where grades were made by other rules than those in force; how many changed."""
    if not enterprise_grades.stale_grades(work.session, work.rulebook.fingerprint):
        return 0
    return regrade_all(work, cause="rules_changed", actor=actor)


def regrade_all(work: Work, *, cause: str, actor: str) -> int:
    """Grade every enterprise anew and say so in the audit; how many changed."""
    changed = regrade(work, cause=cause, actor=actor)
    detail = {"cause": cause, "changed": changed}
    record_audit(work.session, actor=actor, action="regrade enterprises", subject="enterprises", detail=detail)
    return changed


def stock_of(item: StockEntry) -> Stock:
    """One entry of an inventory as the model reads it."""
    tonnes = item.get("tonnes")
    return Stock(
        substance=str(item.get("substance") or ""),
        tonnes=None if tonnes is None else float(tonnes),
        cas=item.get("cas"),
        classes=tuple(item.get("classes") or ()),
        unit=item.get("unit") or "",
    )


def _facts(
    work: Work,
    fact: EnterpriseRow,
    points: list[AssessedRiskPoint],
    dangers: list[tuple[str, str]],
) -> EnterpriseFacts:
    stocks = [stock_of(item) for item in fact.inventory]
    return EnterpriseFacts(
        sector=fact.sector,
        points=points,
        stocks=stocks,
        residents=_residents(work, fact.geometry) if stocks else NearbyResidents(None),
        dangers=[Danger(code, DangerState(state)) for code, state in dangers],
        declared=None if fact.declared_grade is None else Colour(fact.declared_grade),
        declared_level=fact.declared_hazard_level,
    )


def _residents(work: Work, plant: BaseGeometry) -> NearbyResidents:
    metric_crs = work.settings.metric_crs
    within_m = chemical_terms(work.rulebook).residents_within_m
    measured = to_metric(as_array([plant]), metric_crs)[0]
    (window,) = windows_around(measured, [within_m], metric_crs)
    frame, method = enterprises.dwellings_near(work.session, window)
    shapes = to_metric(frame.geometry.to_numpy(), metric_crs) if len(frame) else as_array([])
    people = frame["people"].to_numpy(dtype=np.float64)
    return count_residents(measured, DwellingPoints(shapes, people, method), within_m)


def _entry(graded: GradedEnterprise, work: Work, *, cause: str, actor: str) -> NewGrade:
    rulebook = work.rulebook
    working = json.loads(json.dumps(asdict(graded), ensure_ascii=False, allow_nan=False, default=dict))
    said = json.dumps([working, rulebook.fingerprint], ensure_ascii=False, sort_keys=True)
    return NewGrade(
        base_grade=graded.base,
        overlay_grade=graded.overlay,
        effective_grade=graded.effective,
        major_hazard_level=graded.major_hazard.level,
        cause=cause,
        actor=actor,
        working=working,
        digest=hashlib.sha256(said.encode()).hexdigest(),
        rulebook_version=rulebook.version,
        rulebook_fingerprint=rulebook.fingerprint,
    )
