"""Two grading runs side by side: which areas moved, by how much, and what moved them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.assessments.schemas import describe_run
from app.assessments.service import require_run
from app.platform.errands import reckon
from app.platform.errors import Refused
from gis_layers.stores import runs
from risk_model.message import msg

Areas = dict[str, dict[str, Any]]
"""The areas of a run by their keys."""

NOTICEABLE = 1e-6
"""A change of a hazard's part smaller than this is noise of cutting."""


def compare_runs(session: Session, first: int, second: int) -> dict[str, Any]:
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


def compared(old: Areas, new: Areas) -> dict[str, Any]:
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
    return {str(row["area"]): {str(name): value for name, value in row.items()} for row in frame.to_dict("records")}


def _move(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
    """None where the grade stayed; ``steps`` below 0 is towards worse, None where one of the runs had no grade."""
    if old["grade_rank"] == new["grade_rank"]:
        return None
    both = old["grade_rank"] and new["grade_rank"]
    return {
        "area": new["area"],
        "name": new["name"],
        "from": {name: old[name] for name in ("id", "grade", "grade_rank", "score", "maximum", "data_gaps")},
        "to": {name: new[name] for name in ("id", "grade", "grade_rank", "score", "maximum", "data_gaps")},
        "steps": new["grade_rank"] - old["grade_rank"] if both else None,
        "because": _causes(old["contributions"], new["contributions"]),
    }


def _causes(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The hazards whose value, weight or product changed, those first that became or ceased to be unknown."""
    before, after = ({part["hazard"]: part for part in parts} for parts in (old, new))
    causes = [_cause(hazard, before.get(hazard), after.get(hazard)) for hazard in {**before, **after}]
    changed = [cause for cause in causes if cause is not None]
    return sorted(changed, key=lambda cause: (cause["change"] is not None, -abs(cause["change"] or 0.0)))


def _cause(hazard: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any] | None:
    was, now = old or {}, new or {}
    told = {
        name: {"from": was.get(name), "to": now.get(name)}
        for name in ("value", "weight", "product")
        if _differs(was.get(name), now.get(name))
    }
    if not told:
        return None
    parts = (was.get("weighted"), now.get("weighted"))
    change = None if None in parts else parts[1] - parts[0]  # type: ignore[operator]
    return {"hazard": hazard, "change": change, **told}


def _differs(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) > NOTICEABLE
    return bool(one != other)


def _differences(before: Any, after: Any) -> list[str]:
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


def _changed_settings(before: Any, after: Any) -> dict[str, Any]:
    names = ("edition", "rulebook_fingerprint", "metric_crs", "method", "inputs_digest")
    return {
        name: {"from": getattr(before, name), "to": getattr(after, name)}
        for name in names
        if getattr(before, name) != getattr(after, name)
    }
