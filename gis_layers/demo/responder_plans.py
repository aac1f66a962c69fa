"""The fictional forces beside the village teams: what they can do, what they own, how far they can be counted on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_TOWN_STATION = "南华示范专职消防队"


@dataclass(frozen=True, slots=True)
class ForcePlan:
    """A force before it has a place; ``base`` is a station or an enterprise by name, "" a yard in ``village``."""

    name: str
    kind: str
    capabilities: tuple[str, ...]
    crew: int
    base: str
    village: str
    equipment: tuple[tuple[str, int], ...]
    duty: str = "on_call"
    agreement_expires: date | None = None
    last_verified: date | None = None
    state: str = "ready"


FORCES: tuple[ForcePlan, ...] = (
    ForcePlan("南华示范消防一班", "fire", ("fire_engine", "rescue", "pump"), 8, _TOWN_STATION, "南苑社区", (("水罐消防车", 1), ("手抬泵", 2), ("破拆工具", 1), ("空气呼吸器", 8)), "all_day", None, date(2026, 10, 12)),
    ForcePlan("南华示范消防二班", "fire", ("fire_engine", "rescue", "hazmat"), 7, _TOWN_STATION, "南苑社区", (("泡沫消防车", 1), ("防化服", 4), ("堵漏器材", 1)), "all_day", None, date(2026, 10, 12)),
    ForcePlan("南华示范镇综合应急队", "township", ("rescue", "relief", "communication"), 20, _TOWN_STATION, "南苑社区", (("应急车", 2), ("卫星电话", 1), ("帐篷", 30), ("发电机", 2)), "all_day", None, date(2026, 9, 20)),
    ForcePlan("示范硅材厂专职消防队", "enterprise", ("fire_engine", "hazmat", "rescue"), 10, "示范硅材精细化工厂", "义和村", (("泡沫消防车", 1), ("防化服", 8), ("洗消帐篷", 1)), "all_day", date(2028, 12, 31), date(2026, 8, 15)),
    ForcePlan("示范储运站应急班", "enterprise", ("hazmat",), 6, "示范硝盐储运站", "义和村", (("防化服", 4), ("堵漏器材", 1)), "daytime", date(2026, 3, 31), date(2025, 3, 10)),
    ForcePlan("示范第一砂厂机械队", "enterprise", ("excavator", "loader"), 7, "示范第一砂厂", "南寨子村", (("挖掘机", 2), ("装载机", 2)), "daytime", date(2028, 6, 30), date(2026, 6, 2)),
    ForcePlan("示范第三砂厂机械队", "enterprise", ("excavator", "loader"), 5, "示范第三砂厂", "明永村", (("挖掘机", 1), ("装载机", 1)), "daytime", date(2025, 12, 31), None),
    ForcePlan("三清渠示范抢险队", "professional", ("pump", "excavator", "boat"), 14, "", "智号村", (("排涝泵", 4), ("挖掘机", 1), ("冲锋舟", 1), ("编织袋", 2000)), "all_day", None, date(2026, 5, 28)),
    ForcePlan("示范供电抢修班", "professional", ("generator", "communication"), 9, "", "南苑社区", (("发电车", 1), ("照明灯塔", 3)), "all_day", None, date(2026, 7, 9)),
    ForcePlan("示范燃气抢修班", "professional", ("hazmat",), 5, "示范液化气储配站", "南苑社区", (("可燃气体检测仪", 4), ("堵漏器材", 2)), "all_day", date(2027, 12, 31), date(2026, 4, 18)),
    ForcePlan("示范公路养护抢通队", "professional", ("excavator", "loader", "rescue"), 12, "", "大庄村", (("装载机", 2), ("平地机", 1), ("自卸车", 4)), "on_call", None, date(2026, 6, 25)),
    ForcePlan("示范戈壁救援队", "social", ("rescue", "drone", "communication"), 26, "", "胜利村", (("越野车", 4), ("无人机", 3), ("生命探测仪", 1), ("绳索器材", 6)), "on_call", date(2028, 9, 30), date(2026, 9, 1)),
    ForcePlan("示范水上救援队", "social", ("boat", "rescue", "pump"), 18, "", "小海子村", (("冲锋舟", 3), ("救生衣", 60), ("手抬泵", 2)), "on_call", date(2026, 5, 31), date(2025, 11, 20)),
    ForcePlan("示范工程机械合作社", "social", ("excavator", "loader"), 11, "", "义和村", (("挖掘机", 3), ("装载机", 2), ("平板拖车", 1)), "on_call", date(2028, 3, 31), date(2026, 3, 15)),
    ForcePlan("示范农机飞防队", "social", ("drone",), 6, "", "礼号村", (("植保无人机", 5),), "daytime", date(2027, 10, 31), None),
    ForcePlan("南苑示范志愿服务队", "volunteer", ("relief",), 40, "", "南苑社区", (("帐篷", 12), ("折叠床", 40)), "on_call", None, date(2026, 8, 30)),
    ForcePlan("明水示范志愿服务队", "volunteer", ("relief", "rescue"), 16, "", "明水村", (("铁锹", 30), ("编织袋", 500)), "on_call", None, None),
    ForcePlan("示范民兵应急排", "township", ("rescue", "relief"), 30, "", "大庄村", (("编织袋", 1500), ("铁锹", 60), ("担架", 6)), "on_call", None, date(2026, 6, 18), "off_duty"),
    ForcePlan("南华示范卫生院急救组", "medical", ("medical",), 8, "", "南苑社区", (("救护车", 2), ("除颤仪", 2)), "all_day", None, date(2026, 10, 8)),
    ForcePlan("小海子示范卫生室急救组", "medical", ("medical",), 3, "", "小海子村", (("急救箱", 3), ("担架", 2)), "daytime", None, date(2026, 2, 26)),
    ForcePlan("南寨子示范卫生室急救组", "medical", ("medical",), 2, "", "南寨子村", (("急救箱", 2), ("担架", 1)), "daytime", None, None),
)  # fmt: skip
