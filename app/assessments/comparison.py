"""Two grading runs side by side: which areas moved, by how much, and what moved them."""

from __future__ import annotations

from typing import Final, cast

from sqlalchemy.orm import Session

from app.assessments.schemas import (
    Cause,
    ComparisonAnswer,
    Contribution,
    GradedRow,
    MovedArea,
    MovedSide,
    Moves,
    SettingChange,
    describe_run,
)
from app.assessments.service import require_run
from app.platform.errands import reckon
from app.platform.errors import Refused
from gis_layers.stores import runs
from gis_layers.stores.runs import GradingRun
from risk_model.message import msg

Areas = dict[str, GradedRow]
"""The areas of a run by their keys."""

FACTORS: Final = ("value", "weight", "product")
"""Of a hazard's part, what can move an area."""

NOTICEABLE = 1e-6
"""A change of a hazard's part smaller than this is noise of cutting."""


def compare_runs(session: Session, first: int, second: int) -> ComparisonAnswer:
    """Changes from run ``first`` to run ``second``: settings, areas that moved and why, areas in one only.

    NotFound for an unknown run; Refused for runs of different units, whose areas are not the same ground.
    """
    before, after = require_run(session, first), require_run(session, second)
    if (before.unit, before.cell_m, before.set_id) != (after.unit, after.cell_m, after.set_id):
        raise Refused(
            msg(
                "第 {first} 次与第 {second} 次分级的单元不同，不能逐个比较；请选同一种单元的两次分级",
                first=first,
                second=second,
            ),
            code="other-units",
        )
    old, new = _by_area(session, first), _by_area(session, second)
    return {
        "from": describe_run(before),
        "to": describe_run(after),
        "changed_settings": _changed_settings(before, after),
        "differs": _differences(before, after),
        **reckon(len(old) + len(new), compared, old, new),
    }


def compared(old: Areas, new: Areas) -> Moves:
    """Areas of two runs that moved, with their causes, and those only one of them knows."""
    shared = [key for key in old if key in new]
    moves = [move for key in shared if (move := _move(old[key], new[key])) is not None]
    return {
        "moved": sorted(moves, key=lambda move: (move["steps"] is None, move["steps"] or 0)),
        "unmoved": len(shared) - len(moves),
        "only_in_from": [old[key]["name"] for key in old if key not in new],
        "only_in_to": [new[key]["name"] for key in new if key not in old],
    }


def _by_area(session: Session, run: int) -> Areas:
    frame = runs.read_areas_in_order(session, run).drop(columns="geometry")
    return {str(row["area"]): cast("GradedRow", row) for row in frame.to_dict("records")}


def _move(old: GradedRow, new: GradedRow) -> MovedArea | None:
    """None where the grade stayed; ``steps`` below 0 is towards worse, None where one of the runs had no grade."""
    if old["grade_rank"] == new["grade_rank"]:
        return None
    ranks = old["grade_rank"], new["grade_rank"]
    return {
        "area": new["area"],
        "name": new["name"],
        "from": _side(old),
        "to": _side(new),
        "steps": ranks[1] - ranks[0] if ranks[0] and ranks[1] else None,
        "because": _causes(old["contributions"], new["contributions"]),
    }


def _side(row: GradedRow) -> MovedSide:
    return {
        "id": row["id"],
        "grade": row["grade"],
        "grade_rank": row["grade_rank"],
        "score": row["score"],
        "maximum": row["maximum"],
        "data_gaps": row["data_gaps"],
    }


def _causes(old: list[Contribution], new: list[Contribution]) -> list[Cause]:
    """The hazards whose value, weight or product changed, those first that became or ceased to be unknown."""
    before, after = ({part["hazard"]: part for part in parts} for parts in (old, new))
    causes = [_cause(hazard, before.get(hazard), after.get(hazard)) for hazard in {**before, **after}]
    changed = [cause for cause in causes if cause is not None]
    return sorted(changed, key=lambda cause: (cause["change"] is not None, -abs(cause["change"] or 0.0)))


def _cause(hazard: str, old: Contribution | None, new: Contribution | None) -> Cause | None:
    before, after = old and old["weighted"], new and new["weighted"]
    told: Cause = {"hazard": hazard, "change": None if before is None or after is None else after - before}
    moved = False
    for name in FACTORS:
        was, now = old and old[name], new and new[name]
        if _differs(was, now):
            told[name], moved = {"from": was, "to": now}, True
    return told if moved else None


def _differs(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) > NOTICEABLE
    return bool(one != other)


def _differences(before: GradingRun, after: GradingRun) -> list[str]:
    """Differences of the two runs, in words: edition, rules, weights, coordinates, and what was measured."""
    method = (before.method, after.method)
    words = {
        "区划版本": before.edition != after.edition,
        "规则库": before.rulebook_fingerprint != after.rulebook_fingerprint,
        "权重": method[0]["weights"] != method[1]["weights"],
        "综合判定规则": method[0]["composite"] != method[1]["composite"],
        "分级断点": method[0]["breaks"] != method[1]["breaks"],
        "坐标系": before.metric_crs != after.metric_crs,
        "单元、人口或房屋": before.inputs_digest != after.inputs_digest
        and before.edition_fingerprint == after.edition_fingerprint
        and before.rulebook_fingerprint == after.rulebook_fingerprint,
    }
    return [word for word, differs in words.items() if differs]


def _changed_settings(before: GradingRun, after: GradingRun) -> dict[str, SettingChange]:
    names = ("edition", "rulebook_fingerprint", "metric_crs", "method", "inputs_digest")
    return {
        name: {"from": getattr(before, name), "to": getattr(after, name)}
        for name in names
        if getattr(before, name) != getattr(after, name)
    }
