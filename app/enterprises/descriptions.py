"""One enterprise as clients, pages and tables read it: the register entry, the grade with its reasons, what is due."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, cast

from app.enterprises import labels
from app.enterprises.schemas import EnterpriseAnswer, MajorHazardAnswer
from risk_model.enterprises import EnterpriseTerms, criteria_of, next_inspection
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import Colour

REGISTER = (
    "id", "name", "credit_code", "unlicensed", "sector", "industry", "size", "staff", "village_code", "village", "address",
    "base_grade", "overlay_grade", "effective_grade", "major_hazard_level", "inventory", "contact_name", "contact_phone",
    "last_check", "synthetic", "version", "open_dangers", "declared_grade", "declared_hazard_level",
)  # fmt: skip


def describe(
    row: Mapping[Any, Any], rulebook: RuleBook, terms: EnterpriseTerms, on: datetime.date, tell: labels.Tell
) -> EnterpriseAnswer:
    """An enterprise (a row of the store) with its grade in words and numbers; sentences through ``tell``."""
    colour = row["effective_grade"] and Colour(row["effective_grade"])
    working = row["working"] or {"reasons": [], "gaps": [], "points": [], "major_hazard": None}
    reasons = [{**one, "text": labels.tell_reason(one, terms, tell)} for one in working["reasons"]]
    due = next_inspection(colour, row["last_inspection"], on, terms)
    told = {
        **{name: row[name] for name in REGISTER},
        "grade": rulebook.grade(terms.scheme, colour.rank).name if colour else None,
        "grade_rank": colour.rank if colour else None,
        "grade_scheme": terms.scheme if colour else None,
        "reason": reasons[0]["text"] if reasons else labels.tell_reason(_NEVER_GRADED, terms, tell),
        "reasons": reasons,
        "data_gaps": list(working["gaps"]),
        "gap_texts": [labels.tell_gap(gap, tell) for gap in working["gaps"] if gap != "unassessed"],
        "risk_points": working["points"],
        "major_hazard": _major(working["major_hazard"]),
        "criteria": [
            {"id": one.id, "name": one.name_zh, "version": one.version, "valid_from": one.valid_from, "valid_to": one.valid_to}
            for one in criteria_of(row["sector"], row["criteria"], on, terms)
        ],
        "chosen_criteria": row["criteria"],
        "inspection_months": due.months,
        "last_inspection": due.last,
        "next_inspection": due.due,
        "overdue": due.overdue,
        "overdue_days": due.overdue_days,
        "graded_at": row["graded_at"],
        "graded_by": {"version": row["rulebook_version"], "fingerprint": row["rulebook_fingerprint"]},
        "rules_changed": row["rulebook_fingerprint"] not in (None, rulebook.fingerprint),
    }  # fmt: skip
    return cast("EnterpriseAnswer", told)


_NEVER_GRADED: Mapping[str, Any] = {"kind": "unassessed", "values": {}}


def _major(major: Mapping[str, Any] | None) -> MajorHazardAnswer:
    """S, R, level and α with the people α comes from; the working line by line under ``units``."""
    if major is None:
        return {
            "status": "no_inventory", "s": None, "r": None, "level": None, "alpha": None, "residents": None,
            "residents_approximate": False, "at_least": False, "units": [],
        }  # fmt: skip
    return {
        "status": major["status"],
        "s": major["s"],
        "r": major["r"],
        "level": major["level"],
        "alpha": major["alpha"],
        "residents": major["residents"]["count"],
        "residents_method": major["residents"]["method"],
        "residents_approximate": major["residents"]["approximate"],
        "at_least": major["at_least"],
        "units": major["units"],
    }
