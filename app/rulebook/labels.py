"""Words for rules on screen: titles of articles, relations, kinds, verdicts; in Chinese, translated by pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from app.http import templates
from risk_model.vocabulary import BasisKind, Verdict

TITLES = {
    "siting.classes": "项目类别",
    "siting.footprint": "点状、线状项目的最小占地",
    "siting.sliver": "碎片重叠的提示界线",
    "siting.coverage": "调查范围的容差",
    "siting.sensitivity": "边界误差的敏感性检查",
    "siting.mandatory": "必查专题",
    "siting.seismic_class": "默认抗震设防类别",
    "siting.building_types": "建筑类型与最低抗震设防类别",
    "siting.intensity": "默认设防烈度",
    "siting.isolation": "应采用隔震减震技术的建筑",
    "regional_assessments.geological": "地质灾害危险性评估（区域评估）可关闭的条件",
    "regional_assessments.flood": "洪水影响评价（区域评估）可关闭的条件",
    "grading.composite": "综合等级的判定",
    "grading.breaks": "综合得分的断点",
    "grading.coverage": "区域分级的最低调查面积",
    "grading.stability": "等级是否稳定",
    "grading.weights": "灾种权重",
    "grading.hazards": "参与分级的灾种",
    "grading.risk": "风险的合成",
    "grading.indicators": "暴露度与脆弱性指标",
    "grading.fragility": "建筑的易损程度",
    "grades.ground": "等级名称的依据",
    "grades.looks": "等级的颜色与图案",
    "grades.schemes": "等级方案",
    "grades.unassessed": "表示未评估的用词",
    "grades.rank_words": "等级序号的写法",
}
"""Titles of the tables of thresholds; an article without one shows its address."""
DOCUMENTS = {
    "siting": "选址筛查的通用界线",
    "grading": "区域分级",
    "grades": "等级与图面",
    "objects": "公路与周边设施的界线",
    "regional_assessments": "区域评估",
}
RELATIONS = {
    "intersects": "用地与区划重叠",
    "distance_lt": "距离小于",
    "within_m": "位于范围内",
    "fault_avoidance": "小于断裂避让距离",
}
KINDS = {BasisKind.LAW: "法律法规", BasisKind.STANDARD: "标准规范", BasisKind.DEFAULT: "本系统默认"}
CONFIDENCES = {"high": "可信度高", "medium": "可信度中", "low": "可信度低"}
CELLS = {Verdict.PROHIBITED: "禁", Verdict.RESTRICTED: "论", Verdict.PERMITTED: "–"}
VERDICTS = templates.VERDICTS
STATES = {"open": "待审核", "returned": "已退回", "withdrawn": "已撤回", "published": "已发布"}
PLACEHOLDERS = {
    "zone": "区划名称",
    "grade": "等级",
    "overlap": "重叠面积",
    "share": "重叠占比",
    "distance": "距离",
    "required": "规定距离",
    "arrival": "到达时间",
    "intensity": "烈度",
    "seismic": "设防类别",
    "exemption": "豁免原因",
}
"""What stands in a message before its numbers are known."""
SENSES = {
    "rising": "数值越大越严",
    "falling": "数值越小越严",
    "falling_each": "各值越小越严",
    "more": "增列更严",
    "fewer": "减列更严",
    "severity": "禁严于论，论严于不限",
    "distance": "距离越大越严",
    "yes": "“是”更严",
    "by_operator": "放宽条件即扩大适用，更严",
    "text": "文字",
    "none": "无法判定严宽",
    "identity": "不能由本地改动",
}
ATTRIBUTES = {"arrival_min": "洪水到达时间（分钟）", "intensity": "设防烈度", "overburden_m": "覆盖层厚度（米）"}
OBJECT_NAMES = {
    "road.motorway": "高速公路用地",
    "control.motorway": "高速公路建筑控制区",
    "road.national": "国道用地",
    "control.national": "国道建筑控制区",
    "road.provincial": "省道用地",
    "control.provincial": "省道建筑控制区",
    "road.county": "县道用地",
    "control.county": "县道建筑控制区",
    "road.township": "乡道用地",
    "control.township": "乡道建筑控制区",
    "bridge": "中型以上公路桥梁",
    "facility.school": "学校",
    "facility.kindergarten": "幼儿园",
    "facility.hospital": "医院",
    "facility.clinic": "卫生院、诊所",
    "facility.care_home": "养老机构",
    "home": "民用房屋",
}
OPERATORS = {"at_most": "不超过", "at_least": "不低于", "above": "超过", "below": "低于"}


def pieces(message: str) -> list[tuple[str, str]]:
    """A message in parts as it is shown before its numbers are known: plain text, and the words for what is missing."""
    cut = re.split(r"\{(\w+)[^}]*\}", message)
    return [(text, PLACEHOLDERS.get(name, "")) for text, name in zip(cut[::2], [*cut[1::2], ""], strict=True)]


def in_other_languages(names: Collection[str], language: str) -> frozenset[str]:
    """Those of ``names`` that say in another language what one of them says in ``language``."""
    english = {name for name in names if name.endswith("_en")}
    if language != "en":
        return frozenset(english)
    bare = {name.removesuffix("_en") for name in english}
    return frozenset(name for one in bare for name in (one, f"{one}_zh"))


def told_in(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Part of a row of rules told to readers of ``language``: of what stands in both languages, theirs."""
    left_out = in_other_languages(row, language)
    return {key: value for key, value in row.items() if key not in left_out}
