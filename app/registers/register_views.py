"""Registers shown as tables: the columns of each, what it is filtered by, and the words for what it stores."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from risk_model.codes import code_name
from risk_model.decisions import HIDDEN_DANGER, life_of
from risk_model.message import Message
from risk_model.readiness import Lapse, lapses_among


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``look`` says how its values are written; ``words`` of which enumeration they are codes."""

    key: str
    title: str
    look: str = "text"
    words: str = ""
    sortable: bool = True


@dataclass(frozen=True, slots=True)
class RegisterView:
    """One register: ``kind`` is the column it is filtered by, ``ability`` another, of lists; ``place`` what a row is called on the map.

    ``written_at`` is the address of its forms, for people whose role is ``written_by``; ``read_at`` that of the pages its rows have,
    which lead on from where a row stands.
    ``key`` is its code, ``register`` is where the rows are stored; ``always`` what all of them have; ``select`` how the map knows them.
    ``due_in`` are the states in which its deadlines run. ``period`` is the column of moments it is narrowed by.
    ``entry`` is the column that tells which entry its forms change: where that is another register's, none is begun here.
    Its pages are for people whose role is ``read_by``.
    """

    key: str
    columns: tuple[Column, ...]
    kind: Column | None = None
    place: str = ""
    select: str = ""
    register: str = ""
    always: Mapping[str, str] | None = None
    by_village: bool = True
    ability: Column | None = None
    due_in: frozenset[str] | None = None
    written_at: str = ""
    written_by: str = "officer"
    read_at: str = ""
    read_by: str = "viewer"
    period: Column | None = None
    entry: str = "id"

    @property
    def lapses(self) -> list[Lapse]:
        """The lapses that may befall its dates."""
        return lapses_among([column.key for column in self.columns])

    @property
    def title(self) -> Message:
        """What it is called, in both languages."""
        return code_name("register", self.key)


NAME = Column("name", "名称")
VILLAGE = Column("village", "所在村", sortable=False)
CONTACT = (Column("contact_name", "联系人"), Column("contact_phone", "联系电话", "phone", sortable=False))
VERIFIED = Column("last_verified", "核实日期", "day")
_FACILITY = Column("kind", "类别", "word", "facility_kind")
_FORCE = Column("kind", "类别", "word", "force_kind")
_STATION = Column("kind", "类别", "word", "station_kind")
_SECTOR = Column("sector", "行业", "word", "sector")
_CLASS = Column("project_class", "类别", "word", "project_class")
_ROAD = Column("road_class", "等级", "word", "road_class")
_CONSTRAINT = Column("kind", "类别", "word", "constraint_kind")
_STATE = Column("state", "状态", "word", "danger_state")
_GEOHAZARD = Column("kind", "灾害类型", "word", "geohazard_kind")
_SITE_STATE = Column("state", "状态", "word", "geohazard_state")
_PROVISIONS = Column("provisions", "配备", "provisions", "station_provision", sortable=False)
_DUTY = Column("duty", "值守", "word", "duty")
_CAPACITY = Column("capacity", "可容纳", "number")
_SURVEYED = Column("survey_date", "调查日期", sortable=False)
_SOURCE = Column("source", "来源", sortable=False)
"""What a row may have from its survey: rows are ordered by what is their own."""
_INCIDENT = Column("kind", "类别", "word", "incident_kind")
_UNDER_WAY = Column("state", "状态", "word", "incident_state", sortable=False)
_OCCURRED = Column("occurred_at", "发生时间", "moment")
_ROLE = Column("role", "身份", "word", "contact_role")
_ABILITY = Column("capabilities", "能力", "words", "capability", sortable=False)

SHEETS: Mapping[str, RegisterView] = {
    "projects": RegisterView(
        "projects",
        (
            NAME, _CLASS, Column("verdict", "筛查意见", "verdict", "verdict", sortable=False),
            Column("reasons", "依据", "reasons", sortable=False), Column("data_gaps", "未核专题", "gaps", sortable=False),
        ),
        _CLASS, "project", "project", by_village=False, written_at="/projects", written_by="planner",
    ),
    "villages": RegisterView(
        "villages", (NAME, Column("code", "代码"), Column("population", "人口", "number")), None, "village", by_village=False
    ),
    "groups": RegisterView(
        "groups", (NAME, VILLAGE, Column("population", "人口", "number"), Column("households", "户数", "number")), None, "group"
    ),
    "enterprises": RegisterView(
        "enterprises",
        (
            NAME, _SECTOR, Column("industry", "业务"), Column("size", "规模", "word", "enterprise_size"), Column("staff", "从业人数", "number"),
            Column("base_grade", "基础风险等级", "word", "colour"), Column("major_hazard_level", "重大危险源", "ordinal"),
            Column("inventory", "危险物质", "amounts", sortable=False), VILLAGE, *CONTACT, Column("last_check", "检查日期"),
        ),
        _SECTOR, "enterprise", "enterprises", written_at="/enterprises",
    ),
    "stations": RegisterView(
        "stations",
        (NAME, _STATION, _DUTY, Column("crew", "值班人数", "number"), VILLAGE, Column("duty_phone", "联系电话", "phone", sortable=False), _PROVISIONS, VERIFIED),
        _STATION, "station", "stations", written_at="/stations", written_by="dispatcher",
    ),
    "forces": RegisterView(
        "forces",
        (
            NAME, _FORCE, Column("team_level", "队伍等级", "word", "team_level"), Column("state", "状态", "word", "force_state"), _DUTY, Column("crew", "人数", "number"),
            _ABILITY, Column("equipment", "装备", "amounts", sortable=False), Column("station", "驻地"),
            Column("agreement_expires", "协议到期", "day"), VILLAGE, *CONTACT, VERIFIED,
        ),
        _FORCE, "force", ability=_ABILITY, written_at="/forces", written_by="dispatcher",
    ),
    "equipment": RegisterView(
        "equipment",
        (
            NAME, Column("count", "数量", "number"), Column("force", "所属力量"), _FORCE, Column("state", "状态", "word", "force_state"),
            VILLAGE, *CONTACT, VERIFIED,
        ),
        NAME, "force", ability=Column("state", "状态", "word", "force_state"), written_at="/forces", written_by="dispatcher", entry="force_id",
    ),
    "shelters": RegisterView(
        "shelters",
        (
            NAME, Column("shelter_term", "期限", "word", "shelter_term"), _CAPACITY,
            Column("effective_area_m2", "有效面积", "area"), VILLAGE, *CONTACT, VERIFIED,
        ),
        Column("shelter_term", "期限", "word", "shelter_term"), "shelter", "shelters", "facilities", {"kind": "shelter"}, written_at="/facilities",
    ),
    "facilities": RegisterView(
        "facilities", (NAME, _FACILITY, _CAPACITY, VILLAGE, *CONTACT, VERIFIED), _FACILITY, "facility", written_at="/facilities"
    ),
    "roads": RegisterView(
        "roads", (NAME, _ROAD, Column("bridge", "桥梁", "flag")), _ROAD, "road", by_village=False
    ),
    "constraints": RegisterView(
        "constraints",
        (
            NAME, _CONSTRAINT, Column("source_id", "原编号"), Column("survey", "图层", sortable=False), _SURVEYED, _SOURCE,
        ),
        _CONSTRAINT, "constraint", by_village=False,
    ),
    "regional-assessments": RegisterView(
        "regional-assessments",
        (
            Column("number", "文号"), NAME, Column("kinds", "评估事项", "words", "assessment_kind", sortable=False),
            Column("authority", "批复机关"), Column("valid_from", "生效日期"), Column("valid_to", "有效期止", "day"),
        ),
        None, "assessment", by_village=False,
    ),
    "buildings": RegisterView(
        "buildings",
        (
            Column("id", "编号", "ordinal"), VILLAGE, Column("group_name", "社"), Column("use", "用途"), Column("structure", "结构"),
            Column("floors", "层数", "number"), Column("year_built", "建成年", "ordinal"), Column("households", "户数", "number"),
        ),
        None, "building",
    ),
    "zones": RegisterView(
        "zones",
        (
            NAME, Column("hazard", "灾种", "hazard"), Column("product", "成果", "product"), Column("grade", "等级", "grade"),
            _SURVEYED, Column("scale", "比例尺", "scale", sortable=False), _SOURCE,
        ),
        Column("hazard", "灾种", "hazard"), "zone", "zone", by_village=False,
    ),
    "hidden-dangers": RegisterView(
        "hidden-dangers",
        (
            Column("code", "编号"), _STATE, Column("level", "级别", "word", "danger_level"),
            Column("enterprise", "企业", sortable=False), VILLAGE, Column("place", "地点"), Column("clause", "判定条款"),
            Column("found_on", "发现日期"), Column("deadline", "整改期限", "day"),
        ),
        _STATE, "danger", due_in=frozenset(life_of(HIDDEN_DANGER).due_by("deadline")), written_at="/hidden-dangers",
        read_at="/hidden-dangers",
    ),
    "geohazard-sites": RegisterView(
        "geohazard-sites",
        (
            NAME, Column("code", "编号"), _GEOHAZARD, _SITE_STATE, VILLAGE, Column("households", "威胁户数", "number"),
            Column("people", "威胁人数", "number"), Column("contact_name", "群测群防员"), Column("contact_phone", "联系电话", "phone", sortable=False),
            Column("recognised_by", "认定文号"), Column("recognised_on", "认定日期"), Column("struck_off_by", "核销文号"), Column("struck_off_on", "核销日期"),
        ),
        _GEOHAZARD, "geohazard", "geohazard-sites", ability=_SITE_STATE, written_at="/geohazard-sites", read_at="/geohazard-sites",
    ),
    "incidents": RegisterView(
        "incidents",
        (
            Column("id", "编号", "ordinal"), _INCIDENT, _UNDER_WAY, _OCCURRED, Column("level", "等级", "word", "incident_level"),
            Column("said", "情况", "long"), Column("village", "村社"), Column("landmark", "参照物"), Column("closed_at", "结束时间", "moment"), Column("outcome", "结果", "long"),
        ),
        _INCIDENT, "incident", by_village=False, ability=_UNDER_WAY, read_at="/dispatch/incidents", read_by="dispatcher", period=_OCCURRED,
    ),
    "village-contacts": RegisterView(
        "village-contacts",
        (
            Column("name", "姓名"), _ROLE, VILLAGE, Column("contact_phone", "联系电话", "phone", sortable=False),
            Column("satellite_phone", "卫星电话", "phone", sortable=False), VERIFIED,
        ),
        _ROLE, "contact", written_at="/village-contacts", written_by="dispatcher",
    ),
}  # fmt: skip


def stored_as(layer: str) -> str:
    """The register in which the rows of a sheet are stored."""
    return SHEETS[layer].register or layer


def limits_of(sheet: RegisterView, lapse: str, on: datetime.date) -> dict[str, datetime.date | None]:
    """The day before which a date of ``sheet`` lies that befell ``lapse`` by day ``on``, by column; None for no day at all."""
    keys = {column.key for column in sheet.columns}
    return {key: one.first_sound(on) for one in sheet.lapses if one.code == lapse for key in sorted(one.columns & keys)}
