"""Columns of a delivery that are ours: as told, by our own name, or by the usual Chinese headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gis_layers.exchange.delivery.report import UntrustedFile
from gis_layers.exchange.text.headings import called
from gis_layers.exchange.text.plain_text import plain
from risk_model.message import msg

_USUAL = {
    "grade": "等级 风险等级 危险性等级 危险等级 易发性等级 易发程度 易发性分区 危险性分区 风险分区 风险区划 风险级别 危险级别 级别 "
    "综合风险等级 风险区等级 危险区等级 洪水风险等级 山洪危险等级 地质灾害风险等级 地质灾害易发性 地质灾害危险性 火灾风险等级 "
    "地震风险等级 防治分区 防治区划 防治等级 区划等级 分区等级 level risk_level dengji fengxiandengji",
    "name": "名称 图斑名称 区域名称 分区名称 断层名称 断裂名称 村名 村名称 行政村 村庄名称 地名 项目名称 地块名称 场址名称 "
    "企业名称 队伍名称 站点名称 设施名称 场所名称 mingcheng",
    "survey_date": "调查日期 调查时间 评估日期 成果日期 编制日期",
    "scale": "比例尺 调查比例尺 成图比例尺 精度",
    "intensity": "烈度 地震烈度 设防烈度 抗震设防烈度 基本烈度",
    "arrival_min": "到达时间 洪水到达时间 到达时间分钟 演进时间",
    "overburden_m": "覆盖层厚度 覆盖层厚 覆盖土层厚度 覆盖厚度",
    "fault_age": "断层时代 活动时代 断裂时代 断层活动时代 最新活动时代",
    "corridor_kind": "管控类型 通道类型 控制区类型 保护区类型 廊道类型",
    "source_id": "编号 统一编号 图斑编号 图斑号 原始编号 标识码 要素编号 分区编号",
    "code": "代码 行政区代码 行政区划代码 村代码 村庄代码 村编码 区划代码 统计代码",
    "population": "人口 人口数 常住人口 总人口 户籍人口 人口数量",
    "project_class": "项目类别 工程类别 建设项目类别 项目类型 类别 class",
    "seismic_class": "抗震类别 设防类别 抗震设防类别 抗震设防分类",
    "building_type": "建筑类型 建筑用途 房屋用途 建筑物类型",
    "kind": "类型 种类 队伍类型 站点类型 设施类型 管控类型 三线类型 type leixing",
    "capabilities": "能力 救援能力 专长 擅长灾种 capability",
    "station": "驻地 所属站点 驻地站点 站点",
    "crew": "人数 队员人数 队员数 编制人数",
    "duty": "值守 值守方式 备勤方式",
    "duty_phone": "值守电话 值班电话",
    "equipment": "装备 主要装备 装备清单",
    "turnout_s": "出动秒数 出动时间秒",
    "agreement_expires": "协议到期 协议到期日 协议到期日期",
    "last_verified": "核实日期 最近核实 最近核实日期",
    "contact_name": "联系人 负责人 主要负责人",
    "contact_phone": "联系电话 电话 手机 手机号",
    "sector": "行业领域 行业 行业类别",
    "industry": "经营内容 主营业务 行业细类",
    "size": "规模 企业规模",
    "staff": "从业人数 职工人数 员工人数",
    "credit_code": "统一社会信用代码 信用代码",
    "address": "地址 详细地址",
    "base_grade": "风险颜色 四色等级 固有风险等级",
    "major_hazard_level": "重大危险源等级 重大危险源级别",
    "inventory": "危险化学品 危化品存量 危险物质",
    "last_check": "检查日期 最近检查日期",
    "village_code": "村代码 所在村代码 村编码 行政村代码 村(社区)代码",
    "capacity": "容量 容纳人数 可容纳人数",
    "effective_area_m2": "有效面积 有效避难面积",
    "shelter_term": "避难时长 避难类型",
    "risk_points": "风险点 风险点清单 安全风险点",
    "diagnosis_score": "诊断得分 诊断分级得分 诊断分值",
    "direct_red": "直接判定情形 直接判定红色情形",
    "criteria": "判定标准",
    "danger_code": "隐患编号 事故隐患编号 code",
    "channel": "来源渠道 隐患来源",
    "enterprise": "单位名称 企业名称 生产经营单位",
    "coordinate_system": "坐标系 坐标系统 坐标系名称 坐标系类型 坐标类型 坐标基准 大地基准 大地坐标系 空间参考 crs srs epsg srid datum "
    "coord_sys coordsys coord_type coordtype coordinate_type",
    "clause": "判定条款(原文) 判定条款",
    "found_on": "发现日期 排查日期",
    "confirmed_on": "确认日期 核实日期",
    "measures": "整改措施",
    "deadline": "整改期限 整改时限",
    "supervision": "督办级别",
    "state": "状态 隐患状态",
    "closed_on": "销号日期",
    "remark": "备注",
    "number": "文号 批复文号 评估文号 批准文号",
    "kinds": "评估事项 评估类型 评估类别 评价事项",
    "authority": "批复机关 批准机关 审批机关 批复单位",
    "valid_from": "生效日期 批复日期 有效期起 起始日期",
    "valid_to": "有效期止 有效期至 失效日期 截止日期",
    "place": "隐患部位 地点 隐患地点",
}
USUAL: Mapping[str, tuple[str, ...]] = {ours: tuple(names.split()) for ours, names in _USUAL.items()}
_CUT_BYTES = 10


def find_columns(
    ours: Iterable[str], columns: Sequence[str], told: Mapping[str, str], *, cut: bool = False
) -> dict[str, str]:
    """Our names mapped to columns of the file; ours that are not in the file are left out.

    ``cut`` tells that the format cuts headings at ten bytes, so that the beginning of one may stand for it.

    Raises UntrustedFile where a column that was told is not there, or where several could be the grade.
    """
    found: dict[str, str] = {}
    for name in ours:
        matches = [told_column(told[name], columns)] if name in told else _matches(name, columns, cut=cut)
        if len(matches) > 1 and name == "grade":
            raise UntrustedFile(
                msg("有几列都可能是等级：{columns}", columns=[*matches]), "用 --grade-field 指明哪一列是等级"
            )
        if matches:
            found[name] = matches[0]
    return found


def told_column(wanted: str, columns: Sequence[str]) -> str:
    """The column a person named. Raises UntrustedFile with the columns there are."""
    for column in columns:
        if plain(column).lower() == plain(wanted).lower():
            return column
    there = [*columns] or msg("（没有属性列）")
    raise UntrustedFile(msg("文件里没有名为「{wanted}」的列", wanted=wanted), msg("现有的列：{columns}", columns=there))


def _matches(name: str, columns: Sequence[str], *, cut: bool) -> list[str]:
    """Columns called ``name`` or as it is usually called.

    Our own name beats all others, whole names beat those with a unit or in two languages, and these beat cut ones.
    """
    by_name = {plain(column).lower(): column for column in reversed(columns)}
    if name in by_name:
        return [by_name[name]]
    whole = [by_name[usual] for usual in USUAL[name] if usual in by_name]
    whole = whole or called(columns, (name, *USUAL[name]))
    if whole or not cut:
        return whole
    cuts = {short for usual in USUAL[name] for short in _cut(usual)}
    return [column for heading, column in by_name.items() if heading in cuts or heading == name[:_CUT_BYTES]]


def _cut(usual: str) -> Iterable[str]:
    """A heading as a shapefile keeps it: ten bytes of GBK or of UTF-8, whole characters only."""
    for encoding in ("gb18030", "utf-8"):
        content = usual.encode(encoding)
        if len(content) > _CUT_BYTES:
            yield content[:_CUT_BYTES].decode(encoding, errors="ignore")
