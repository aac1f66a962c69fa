"""Titles of the columns a delivery may bring, as the preview of an import heads them, and the rulebook's words in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from risk_model.enterprises import enterprise_terms
from risk_model.message import Message, msg
from risk_model.rulebook import RuleBook

TITLES: Final[Mapping[str, Message]] = {
    "name": msg("名称"),
    "code": msg("代码"),
    "population": msg("人口"),
    "project_class": msg("项目类别"),
    "seismic_class": msg("抗震设防"),
    "building_type": msg("建筑类型"),
    "kind": msg("类别"),
    "kinds": msg("评估事项"),
    "sector": msg("行业"),
    "size": msg("规模"),
    "industry": msg("业务"),
    "staff": msg("从业人数"),
    "credit_code": msg("信用代码"),
    "village_code": msg("村代码"),
    "unlicensed": msg("没有执照"),
    "address": msg("地址"),
    "base_grade": msg("申报等级"),
    "major_hazard_level": msg("重大危险源"),
    "inventory": msg("危险物质"),
    "risk_points": msg("风险点"),
    "last_check": msg("检查日期"),
    "criteria": msg("判定标准"),
    "contact_name": msg("联系人"),
    "contact_phone": msg("联系电话"),
    "duty_phone": msg("值班电话"),
    "duty": msg("值守"),
    "crew": msg("人数"),
    "last_verified": msg("核实日期"),
    "capabilities": msg("能力"),
    "unknown_capabilities": msg("不认识的能力"),
    "equipment": msg("装备"),
    "team_level": msg("队伍等级"),
    "provisions": msg("配备"),
    "station": msg("驻地"),
    "state": msg("状态"),
    "turnout_s": msg("出动时间（秒）"),
    "agreement_expires": msg("协议到期"),
    "capacity": msg("可容纳"),
    "effective_area_m2": msg("有效面积（m²）"),
    "number": msg("文号"),
    "authority": msg("批复机关"),
    "valid_from": msg("生效日期"),
    "valid_to": msg("有效期止"),
    "enterprise": msg("所属企业"),
    "clause": msg("判定条款"),
    "found_on": msg("发现日期"),
    "confirmed_on": msg("核定日期"),
    "deadline": msg("整改期限"),
    "closed_on": msg("销号日期"),
    "place": msg("地点"),
    "measures": msg("整改措施"),
    "remark": msg("备注"),
    "channel": msg("发现途径"),
    "supervision": msg("挂牌督办"),
    "recognised_by": msg("认定文号"),
    "recognised_on": msg("认定日期"),
    "struck_off_by": msg("核销文号"),
    "struck_off_on": msg("核销日期"),
    "households": msg("威胁户数"),
    "people": msg("威胁人数"),
    "told_zone": msg("所属风险区"),
    "hazard": msg("灾种"),
    "product": msg("成果"),
    "grade": msg("等级"),
    "grade_rank": msg("等级序号"),
    "grade_scheme": msg("分级方案"),
    "survey_date": msg("调查日期"),
    "scale": msg("比例尺分母"),
    "intensity": msg("烈度"),
    "arrival_min": msg("到达时间（分）"),
    "overburden_m": msg("覆盖层（米）"),
    "fault_age": msg("断层时代"),
    "corridor_kind": msg("廊道类型"),
    "road_class": msg("道路等级"),
    "oneway": msg("单行"),
    "bridge": msg("桥梁"),
    "speed_kmh": msg("车速（km/h）"),
    "length_m": msg("长度（米）"),
    "source": msg("来源"),
    "source_id": msg("原编号"),
}
"""By the names of the gate's frames; a column that stands here nowhere is called by its own."""


def words_of(rulebook: RuleBook) -> dict[str, dict[str, tuple[str, str]]]:
    """Words of the rulebook that stand in columns, by column and key: each in Chinese and in English."""
    terms = rulebook.terms
    return {
        "hazard": {key: (one.name_zh, one.name_en) for key, one in rulebook.hazards.items()},
        "grade_scheme": {key: (one.name_zh, one.name_en) for key, one in rulebook.schemes.items()},
        "building_type": {key: (one.name_zh, one.name_en) for key, one in terms.building_types.items()},
        "project_class": {
            key.value: (f"{key.value} {zh}", f"{key.value} {en}") for key, (zh, en) in terms.class_names.items()
        },
        "criteria": {one.id: (one.name_zh, "") for one in enterprise_terms(rulebook).criteria},
    }
