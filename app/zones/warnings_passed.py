"""Warnings that a draft is submitted with: each of its own needs a reason, kept with the step for whoever approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.platform.errors import BadParameter, Refused
from app.zones.draft_schemas import ProblemItem, SubmitBody
from app.zones.problems import is_blocking
from risk_model.message import msg

MOST_KEPT: Final = 500
"""Warnings kept one by one with a step, the largest; of more their number is kept."""


def passed_warnings(found: Sequence[ProblemItem], body: SubmitBody) -> dict[str, Any]:
    """What is kept of the warnings of a draft: the problem, how large, where, and the reason (null: it stood in force before).

    Raises BadParameter for a reason of what is no warning of the draft, Refused where one that is new has none.
    """
    given = {one.problem: one.reason for one in body.reasons}
    warnings = [one for one in found if not is_blocking(one)]
    unknown = sorted({*given} - {one["id"] for one in warnings})
    if unknown:
        trouble = msg("这份草稿没有这些提示：{problems}；请重新检查", problems=unknown[:20])
        raise BadParameter(trouble, code="no-such-thing", errors=[{"field": "reasons", "message": trouble}])
    _require_reasons([one for one in warnings if not one["inherited"]], given, body.reason)
    kept = [_kept(one, given, body.reason) for one in warnings[:MOST_KEPT]]
    return {"passed": kept, "passed_in_all": len(warnings)} if warnings else {}


def _require_reasons(own: Sequence[ProblemItem], given: Mapping[str, str], otherwise: str | None) -> None:
    lacking = [] if otherwise else [one for one in own if one["id"] not in given]
    if lacking:
        raise Refused(
            msg(
                "有 {count} 个提示没有写明理由；请先改正，或在 reasons 中逐个、在 reason 中统一写明为什么可以放过",
                count=len(lacking),
            ),
            code="unready",
            errors=[{"field": one["id"], "message": one["name"]} for one in lacking[:20]],
        )


def _kept(one: ProblemItem, given: Mapping[str, str], otherwise: str | None) -> dict[str, Any]:
    reason = given.get(one["id"], None if one["inherited"] else otherwise)
    told = {name: one[name] for name in ("kind", "zones", "size", "unit", "place", "inherited")}
    return {"problem": one["id"], **told, "reason": reason}
