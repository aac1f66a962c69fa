"""The registers' keys as officers say them, where one stands as a place's only remark."""

from __future__ import annotations

REMARKS = {
    "motorway": "高速公路",
    "national": "国道",
    "provincial": "省道",
    "county": "县道",
    "township": "乡道",
    "village": "村级",
    "track": "机耕路",
    "river": "河流",
    "stream": "沟溪",
    "canal": "渠道",
    "reservoir": "水库",
    "fire": "消防救援站",
    "professional": "专业队伍",
    "enterprise": "企业队伍",
    "social": "社会力量",
    "volunteer": "志愿队伍",
    "medical": "医疗急救",
    "shelter": "避难场所",
    "school": "学校",
    "kindergarten": "幼儿园",
    "hospital": "医院",
    "clinic": "卫生室",
    "care_home": "养老机构",
    "government": "政府机关",
    "police": "派出所",
    "culture": "文化场所",
    "market": "市场",
    "water_supply": "供水设施",
    "other": "",
}
STATION_REMARKS = {"township": "乡镇专职消防队", "village": "村应急消防服务站"}


def remark(kind: str, written: str) -> str:
    """``written`` in Chinese where it is a key of a register, else as it stands."""
    if kind == "station" and written in STATION_REMARKS:
        return STATION_REMARKS[written]
    return REMARKS.get(written, written)
