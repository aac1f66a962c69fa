"""Wording of grades, reasons and gaps: sentences with places for what they speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from risk_model.enterprises import EnterpriseTerms

Tell = Callable[..., str]
"""A sentence and the values of its places, in the reader's language."""

UNASSESSED = "未评估"
COLOURS = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
GRADES = {"red": "重大", "orange": "较大", "yellow": "一般", "blue": "低"}
SECTORS = {
    "chemical": "危险化学品", "fuel": "成品油零售", "gas": "燃气", "mining": "非煤矿山", "cold_store": "冷库（涉氨）",
    "manufacturing": "工贸制造", "food": "食品加工", "seed": "种业", "livestock": "养殖", "logistics": "物流仓储",
    "construction": "建筑建材", "small_place": "九小场所", "commerce": "商贸", "other": "其他行业",
}  # fmt: skip
STATES = {
    "registered": "登记", "verifying": "待核查", "unfounded": "不属实", "general": "一般隐患", "confirmed": "确认重大",
    "assigned": "已交办", "rectifying": "整改中", "acceptance_requested": "申请验收", "first_review": "初审",
    "second_review": "复审", "closed": "销号",
}  # fmt: skip
CHANNELS = {
    "self": "自查上报", "department": "站所督导检查", "report": "群众举报", "platform": "党建+应急管理平台",
    "internal": "内部报告", "superior": "上级交办",
}  # fmt: skip
METHODS = {"matrix": "风险矩阵", "lec": "LEC", "diagnosis": "诊断分级"}
IDENTIFIED = {
    "major": "构成重大危险源", "not_major": "不构成重大危险源", "insufficient_data": "资料不足", "no_inventory": "没有清单",
}  # fmt: skip
CAUSES = {
    "township": "首次载入", "import_enterprises": "导入企业资料", "import_dangers": "导入隐患台账", "created": "登记企业",
    "changed": "修改企业资料", "danger_recorded": "登记隐患", "rules_changed": "规则库变更", "reckoned_again": "重新评定",
}  # fmt: skip

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
        values["state"] = tell(STATES[values["state"]])
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


def _short(value: Any) -> Any:
    return f"{value:.10g}" if isinstance(value, float) else value
