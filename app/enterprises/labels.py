"""Wording of grades, reasons and gaps: sentences with places for what they speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from risk_model.codes import code_name
from risk_model.enterprises import EnterpriseTerms

Tell = Callable[..., str]
"""A sentence and the values of its places, in the reader's language."""

UNASSESSED = "未评估"
_REASONS = {
    "direct_red": "符合直接判定红色的情形：%(condition)s",
    "matrix": "风险点「%(point)s」R = L×S = %(likelihood)s×%(severity)s = %(value)s",
    "lec": "风险点「%(point)s」D = L×E×C = %(likelihood)s×%(exposure)s×%(consequence)s = %(value)s",
    "diagnosis": "诊断分级得分 %(value)s",
    "major_hazard": "%(level)s 级重大危险源（S = %(s)s，R = %(r)s）",
    "declared_major_hazard": "申报为 %(level)s 级重大危险源，未附辨识过程",
    "declared": "按申报等级，未附评估过程",
    "danger_open": "重大事故隐患 %(code)s（%(state)s）尚未整改完成，直接判定为重大风险",
    "danger_awaiting": "重大事故隐患 %(code)s 整改完成、等待验收（%(state)s），不低于较大风险",
    "danger_unverified": "另有 %(count)s 条隐患等待核查，尚未影响等级",
    "unassessed": "没有任何评估；未评估不等于低风险",
    "identification_unknown": "重大危险源辨识资料不足，不能评为低风险",
}
_GAPS = {
    "substance_unknown": "「%(what)s」既不在 GB 18218 表1 中，也没有给出类别：辨识资料不足",
    "form_unknown": "「%(what)s」没有写明形态或含量，按表1中最严的一项取值",
    "amount_unknown": "「%(what)s」没有数量：辨识资料不足",
    "residents_unknown": "厂界外 500 米内常住人口不明，α 按最不利取值",
    "dwellings_uncounted": "厂界外 500 米内有 %(what)s 处房屋没有人数",
    "outline_missing": "只有点位、没有厂界，500 米从点位量起，结果为近似值",
    "inventory_missing": "没有提交危险化学品清单",
    "risk_points_missing": "没有风险点评估，只有重大危险源等级下限",
    "level_differs": "申报为 %(what)s 级，与按清单计算的级别不同，取较严的",
    "unassessed": "没有风险评估",
}


def tell_reason(reason: Mapping[str, Any], terms: EnterpriseTerms, tell: Tell) -> str:
    """One reason of a grade (``kind values``) as a sentence."""
    values = {name: _short(value) for name, value in reason["values"].items() if name != "basis"}
    if "state" in values:
        values["state"] = tell(code_name("danger_state", values["state"]))
    if "condition" in values:
        values["condition"] = tell(terms.direct_red.get(values["condition"], values["condition"]))
    return tell(_REASONS[reason["kind"]], **values)


def tell_gap(gap: str, tell: Tell) -> str:
    """One gap (``key`` or ``key:what``) as a sentence."""
    key, _, what = gap.partition(":")
    return tell(_GAPS[key], what=what)


def plainly(sentence: str, **values: object) -> str:
    """A sentence in Chinese, for programs and tables."""
    return sentence % values if values else sentence


def _short(value: str | float | None) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
