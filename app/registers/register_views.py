"""Registers shown as tables: the columns of each, what it is filtered by, and the words for what it stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.http.templates import VERDICTS

WORDS: Mapping[str, Mapping[str, str]] = {
    "sector": {
        "chemical": "化工", "fuel": "油品", "gas": "燃气", "mining": "采矿", "cold_store": "冷库", "manufacturing": "制造",
        "food": "食品", "seed": "种子", "livestock": "养殖", "logistics": "物流", "construction": "建材",
        "small_place": "九小场所", "commerce": "商贸", "other": "其他",
    },
    "size": {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"},
    "base_grade": {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"},
    "facility": {
        "shelter": "避险场所", "school": "学校", "kindergarten": "幼儿园", "hospital": "医院", "clinic": "卫生室",
        "care_home": "养老机构", "government": "政府", "police": "派出所", "culture": "文化场所", "market": "市场",
        "water_supply": "供水", "other": "其他",
    },
    "shelter_term": {"emergency": "紧急", "temporary": "临时", "short": "短期", "medium": "中期", "long": "长期"},
    "force": {
        "fire": "消防", "professional": "专业", "enterprise": "企业", "township": "乡镇", "social": "社会",
        "volunteer": "志愿", "medical": "医疗", "village": "村站",
    },
    "state": {"ready": "待命", "out": "出动", "off_duty": "不在勤"},
    "duty": {"all_day": "全天", "daytime": "白天", "on_call": "听召"},
    "capability": {
        "fire_engine": "消防车", "rescue": "抢险救援", "hazmat": "危化处置", "medical": "医疗", "excavator": "挖掘机",
        "boat": "舟艇", "pump": "排涝泵", "drone": "无人机", "loader": "装载机", "generator": "发电",
        "communication": "通信", "relief": "物资安置",
    },
    "road_class": {
        "motorway": "高速公路", "national": "国道", "provincial": "省道", "county": "县道", "township": "乡道",
        "village": "村道", "track": "田间路",
    },
    "constraint": {
        "farmland": "永久基本农田", "ecological_redline": "生态保护红线", "urban_boundary": "城镇开发边界",
    },
    "assessment": {"geological": "地质灾害危险性评估", "flood": "洪水影响评价"},
    "verdict": VERDICTS,
    "project_class": {one: one for one in ("K1", "K2", "K3", "K4", "K5", "K6", "K7")},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``look`` says how its values are written; ``words`` which of ``WORDS`` they are taken from."""

    key: str
    title: str
    look: str = "text"
    words: str = ""
    sortable: bool = True


@dataclass(frozen=True, slots=True)
class RegisterView:
    """One register: ``kind`` is the column it is filtered by, ``place`` what a row is called on the map.

    ``register`` is where the rows are stored; ``always`` what all of them have; ``select`` how the map knows them.
    """

    title: str
    columns: tuple[Column, ...]
    kind: Column | None = None
    place: str = ""
    select: str = ""
    register: str = ""
    always: Mapping[str, str] | None = None
    by_village: bool = True


NAME = Column("name", "名称")
VILLAGE = Column("village", "所在村", sortable=False)
CONTACT = (Column("contact_name", "联系人"), Column("contact_phone", "联系电话", sortable=False))
VERIFIED = Column("last_verified", "核实日期")
_FACILITY = Column("kind", "类别", "word", "facility")
_FORCE = Column("kind", "类别", "word", "force")
_SECTOR = Column("sector", "行业", "word", "sector")
_CLASS = Column("project_class", "类别", "word", "project_class")
_ROAD = Column("road_class", "等级", "word", "road_class")
_CONSTRAINT = Column("kind", "类别", "word", "constraint")
_DUTY = Column("duty", "值守", "word", "duty")
_CAPACITY = Column("capacity", "可容纳", "number")

SHEETS: Mapping[str, RegisterView] = {
    "projects": RegisterView(
        "项目",
        (
            NAME, _CLASS, Column("verdict", "筛查意见", "verdict", "verdict", sortable=False),
            Column("reasons", "依据", "reasons", sortable=False), Column("data_gaps", "未核专题", "gaps", sortable=False),
        ),
        _CLASS, "project", "project", by_village=False,
    ),
    "villages": RegisterView(
        "村", (NAME, Column("code", "代码"), Column("population", "人口", "number")), None, "village", by_village=False
    ),
    "groups": RegisterView(
        "村民小组", (NAME, VILLAGE, Column("population", "人口", "number"), Column("households", "户数", "number")), None, "group"
    ),
    "enterprises": RegisterView(
        "企业",
        (
            NAME, _SECTOR, Column("industry", "业务"), Column("size", "规模", "word", "size"), Column("staff", "从业人数", "number"),
            Column("base_grade", "基础风险等级", "word", "base_grade"), Column("major_hazard_level", "重大危险源", "number"),
            Column("inventory", "危险物质", "amounts", sortable=False), VILLAGE, *CONTACT, Column("last_check", "检查日期"),
        ),
        _SECTOR, "enterprise", "enterprises",
    ),
    "stations": RegisterView(
        "应急站点",
        (NAME, _FORCE, _DUTY, Column("crew", "值班人数", "number"), VILLAGE, Column("duty_phone", "联系电话", sortable=False), VERIFIED),
        _FORCE, "station", "stations",
    ),
    "forces": RegisterView(
        "应急力量",
        (
            NAME, _FORCE, Column("state", "状态", "word", "state"), _DUTY, Column("crew", "人数", "number"),
            Column("capabilities", "能力", "words", "capability", sortable=False),
            Column("equipment", "装备", "amounts", sortable=False), Column("station", "驻地"),
            Column("agreement_expires", "协议到期"), VILLAGE, *CONTACT, VERIFIED,
        ),
        _FORCE, "force",
    ),
    "shelters": RegisterView(
        "避险场所",
        (
            NAME, Column("shelter_term", "期限", "word", "shelter_term"), _CAPACITY,
            Column("effective_area_m2", "有效面积 m²", "number"), VILLAGE, *CONTACT, VERIFIED,
        ),
        Column("shelter_term", "期限", "word", "shelter_term"), "shelter", "shelters", "facilities", {"kind": "shelter"},
    ),
    "facilities": RegisterView("公共设施", (NAME, _FACILITY, _CAPACITY, VILLAGE, *CONTACT, VERIFIED), _FACILITY, "facility"),
    "roads": RegisterView(
        "道路", (NAME, _ROAD, Column("bridge", "桥梁", "flag")), _ROAD, "road", by_village=False
    ),
    "constraints": RegisterView("三区三线", (NAME, _CONSTRAINT, Column("source_id", "原编号")), _CONSTRAINT, "constraint", by_village=False),
    "regional-assessments": RegisterView(
        "区域评估",
        (
            Column("number", "文号"), NAME, Column("kinds", "评估事项", "words", "assessment", sortable=False),
            Column("authority", "批复机关"), Column("valid_from", "生效日期"), Column("valid_to", "有效期止"),
        ),
        None, "assessment", by_village=False,
    ),
    "buildings": RegisterView(
        "房屋",
        (
            Column("id", "编号", "number"), VILLAGE, Column("group_name", "社"), Column("use", "用途"), Column("structure", "结构"),
            Column("floors", "层数", "number"), Column("year_built", "建成年", "year"), Column("households", "户数", "number"),
        ),
        None, "building",
    ),
    "zones": RegisterView(
        "区划",
        (
            NAME, Column("hazard", "灾种", "hazard"), Column("product", "成果", "product"), Column("grade", "等级", "grade"),
            Column("survey_date", "调查日期"), Column("source", "来源"),
        ),
        Column("hazard", "灾种", "hazard"), "zone", "zone", by_village=False,
    ),
}  # fmt: skip


def stored_as(layer: str) -> str:
    """The register in which the rows of a sheet are stored."""
    return SHEETS[layer].register or layer
