"""Attributes of zones as edits give them: settled by the rulebook, so that a grade has its scheme and its rank, or none of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.platform.errors import BadParameter
from gis_layers.stores.staged_zones import ATTRIBUTES
from risk_model.errors import RiskModelError
from risk_model.message import msg
from risk_model.rulebook import RuleBook

GRADE = ("grade", "grade_rank", "grade_scheme")


def settle_attributes(rulebook: RuleBook, present: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a zone that has ``present`` ones after ``given`` ones. Raises BadParameter, which names the field."""
    _require_same_theme(present, given)
    hazard = str(given.get("hazard", present.get("hazard")))
    if hazard not in rulebook.hazards:
        raise _wrong(
            "hazard", msg("不认识的灾种「{hazard}」；可用：{hazards}", hazard=hazard, hazards=[*rulebook.hazards])
        )
    settled = {name: given.get(name, present.get(name)) for name in ATTRIBUTES}
    settled["product"] = str(settled["product"])
    settled["corridor_kind"] = None if settled["corridor_kind"] is None else str(settled["corridor_kind"])
    if any(name in given for name in GRADE):
        settled |= _grade(rulebook, settled, given)
    return settled


def _require_same_theme(present: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    for name in ("hazard", "product"):
        if present and name in given and given[name] != present[name]:
            trouble = msg("区划不能改换灾种或成果类型；请删除后另画")
            raise BadParameter(trouble, code="together", errors=[{"field": name, "message": trouble}])


def _grade(rulebook: RuleBook, settled: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Grade, rank and scheme that go together; all empty where the grade is taken away."""
    hazard, word, rank = str(settled["hazard"]), given.get("grade"), given.get("grade_rank")
    if word is None and rank is None:
        return dict.fromkeys(GRADE)
    scheme = settled["grade_scheme"] or rulebook.default_scheme(hazard, str(settled["product"]))
    if scheme not in rulebook.hazard(hazard).schemes:
        schemes = [*rulebook.hazard(hazard).schemes]
        raise _wrong(
            "grade_scheme", msg("灾种不用分级方案「{scheme}」；可用：{schemes}", scheme=scheme, schemes=schemes)
        )
    try:
        by_word = None if word is None else rulebook.read_grade(scheme, word)
        grade = rulebook.grade(scheme, rank) if rank is not None else by_word
    except RiskModelError as trouble:
        raise _wrong("grade" if rank is None else "grade_rank", str(trouble)) from trouble
    if grade is None:
        return dict.fromkeys(GRADE)
    if by_word is not None and by_word != grade:
        raise _wrong("grade_rank", msg("等级「{grade}」与序号 {rank} 不一致；请只给其中一个", grade=word, rank=rank))
    return {"grade": grade.name, "grade_rank": grade.rank, "grade_scheme": grade.scheme}


def _wrong(field: str, message: str) -> BadParameter:
    return BadParameter(message, code="rulebook-word", errors=[{"field": field, "message": message}])
