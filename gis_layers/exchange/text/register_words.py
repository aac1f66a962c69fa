"""The words of the registers as people write them, each list with the word that stands for what it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gis_layers.exchange.text.plain_text import plain
from risk_model.message import msg


@dataclass(frozen=True, slots=True)
class WordList:
    """Our words with the names people give them; ``default`` is what an unknown word becomes, None where nothing may."""

    names: Mapping[str, str]
    default: str | None

    def find(self, value: object) -> str | None:
        """Our word for what was written, None where it is no word of the list."""
        written = plain(value).lower()
        return next((ours for ours, names in self.names.items() if written == ours or written in names.split()), None)


FORCE_KINDS = WordList(
    {
        "fire": "消防 消防队 专职消防队 国家综合性消防救援 国家队",
        "professional": "专业 专业队 专业救援队 专业力量",
        "enterprise": "企业 企业队 企业专职队 企业专职",
        "township": "乡镇 基层 镇队 乡镇综合 基层队伍 村队",
        "social": "社会 社会力量 社会应急力量 社会救援力量",
        "volunteer": "志愿 志愿者 志愿队 志愿服务队",
        "medical": "医疗 医疗队 卫生 急救",
    },
    default="volunteer",
)
STATION_KINDS = WordList(
    {**FORCE_KINDS.names, "village": "村站 服务站 应急消防服务站 村应急消防服务站 微型消防站"}, default="village"
)
CAPABILITIES = WordList(
    {
        "fire_engine": "消防车 水罐车 泡沫车 灭火",
        "rescue": "救援 搜救 破拆 抢险",
        "hazmat": "危化 危化品 危化品处置 防化 堵漏",
        "medical": "医疗 急救 救护 救护车",
        "excavator": "挖掘机 挖机",
        "boat": "冲锋舟 船 舟艇 水上救援",
        "pump": "排涝 水泵 手抬泵 排涝泵",
        "drone": "无人机",
        "loader": "装载机 铲车",
        "generator": "发电 发电机 发电车",
        "communication": "通信 通讯 卫星电话",
        "relief": "物资 安置 生活救助 志愿服务",
    },
    default=None,
)
FACILITY_KINDS = WordList(
    {
        "shelter": "避难场所 应急避难场所 避险点 安置点",
        "school": "学校 中学 小学",
        "kindergarten": "幼儿园",
        "hospital": "医院 卫生院",
        "clinic": "诊所 卫生室",
        "care_home": "养老院 敬老院 养老机构 福利院",
        "government": "政府 机关 村委会 村部",
        "police": "派出所 公安",
        "culture": "文化站 文化 文化设施",
        "market": "市场 农贸市场",
        "water_supply": "供水 水厂 供水站",
        "other": "其他",
    },
    default="other",
)
SHELTER_TERMS = WordList(
    {"emergency": "紧急", "temporary": "临时", "short": "短期", "medium": "中期", "long": "长期"}, None
)
ASSESSMENT_KINDS = WordList(
    {
        "geological": "地质灾害危险性评估 地灾评估 地质灾害 地灾 地质灾害危险性区域评估 地质灾害区域评估",
        "flood": "洪水影响评价 洪评 防洪评价 防洪影响评价 洪水影响区域评价",
    },
    default=None,
)
"""What regional assessments assess, by the keys of the rulebook's kinds."""
CONSTRAINT_KINDS = WordList(
    {
        "farmland": "永久基本农田 基本农田 耕地保护红线",
        "ecological_redline": "生态保护红线 生态红线",
        "urban_boundary": "城镇开发边界 开发边界",
    },
    default=None,
)
SECTORS = WordList(
    {
        "chemical": "危险化学品 危化 化工 危化品",
        "fuel": "加油站 成品油 燃油零售",
        "gas": "燃气 液化气 液化石油气",
        "mining": "矿山 非煤矿山 采矿 砂厂 砂石",
        "cold_store": "冷库 冷藏 涉氨制冷",
        "manufacturing": "工贸 制造 制造业 工业 机械",
        "food": "食品 食品加工 酒类",
        "seed": "种业 制种 种子",
        "livestock": "养殖 畜牧 养殖业",
        "logistics": "物流 仓储 物流仓储 交通运输",
        "construction": "建筑 建筑施工 建材",
        "small_place": "九小场所 九小",
        "commerce": "商贸 商业 商贸服务",
        "other": "其他",
    },
    default="other",
)
SIZES = WordList({"large": "大型 大", "medium": "中型 中", "small": "小型 小", "micro": "微型 微"}, None)
COLOURS = WordList(
    {"red": "红 红色 重大", "orange": "橙 橙色 较大", "yellow": "黄 黄色 一般", "blue": "蓝 蓝色 低"}, None
)
CHANNELS = WordList(
    {
        "self": "自查上报 自查 企业自查",
        "department": "站所督导检查 站所检查 部门检查 督导检查 四不两直 明查暗访 专家检查",
        "report": "群众举报 举报 群众举报查实",
        "platform": "党建+应急管理平台 平台 平台上报",
        "internal": "从业人员内部报告 内部报告 内部举报",
        "superior": "上级交办 上级督办",
    },
    default="department",
)
DANGER_STATES = WordList(
    {
        "registered": "登记 已登记",
        "verifying": "待核查 核查中",
        "unfounded": "不属实",
        "general": "一般隐患",
        "confirmed": "确认重大 已确认 确认重大隐患",
        "assigned": "已交办 交办",
        "rectifying": "整改中 正在整改",
        "acceptance_requested": "申请验收 待验收 整改完成待验收",
        "first_review": "初审",
        "second_review": "复审",
        "closed": "销号 已销号",
    },
    default=None,
)
SUPERVISIONS = WordList(
    {
        "none": "无 不督办",
        "town": "镇 镇级 镇级督办",
        "county": "县 县级 县级督办",
        "city": "市 市级 市级督办",
        "province": "省 省级 省级督办",
    },
    default="none",
)
DUTIES = WordList({"all_day": "24小时 全天 全天值守", "daytime": "白天 日间", "on_call": "备勤 待命 随叫随到"}, None)
_LEVELS = {
    word: level
    for level, words in enumerate(("一 1 i", "二 2 ii", "三 3 iii", "四 4 iv"), start=1)
    for word in words.split()
}


def read_hazard_level(value: object) -> int:
    """The level 1 to 4 of a major hazard installation (三级, 3). Raises ValueError."""
    level = _LEVELS.get(plain(value).lower().removesuffix("级"))
    if level is None:
        raise ValueError(msg("重大危险源等级应为一级至四级：{value}", value=plain(value)))
    return level
