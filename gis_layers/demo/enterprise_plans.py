"""Plans of the fictional enterprises, and where each is to stand."""

from __future__ import annotations

from dataclasses import dataclass

Stock = tuple[str, str, float]
"""Substance, CAS number and the greatest amount on site in tonnes."""


@dataclass(frozen=True, slots=True)
class EnterprisePlan:
    """An enterprise before it has a place. ``grade`` is the base grade red, orange, yellow or blue."""

    name: str
    sector: str
    industry: str
    size: str
    staff: int
    grade: str
    inventory: tuple[Stock, ...] = ()
    major_hazard_level: int | None = None


_CHLORINE, _HYDROGEN, _ACID_GAS = ("氯", "7782-50-5"), ("氢", "1333-74-0"), ("氯化氢（无水）", "7647-01-0")
_AMMONIA, _PETROL, _LPG = ("氨", "7664-41-7"), ("汽油", "86290-81-5"), ("液化石油气", "68476-85-7")
_NITRATE, _DIESEL, _ACETYLENE = ("硝酸钠", "7631-99-4"), ("柴油", "68334-30-5"), ("乙炔", "74-86-2")


def _fuel(name: str, petrol_t: float, diesel_t: float) -> EnterprisePlan:
    stock = ((*_PETROL, petrol_t), (*_DIESEL, diesel_t))
    return EnterprisePlan(name, "fuel", "机动车燃油零售", "small", 8, "yellow", stock)


def _small(name: str, industry: str, staff: int, grade: str = "blue") -> EnterprisePlan:
    return EnterprisePlan(name, "small_place", industry, "micro", staff, grade)


# Plan, road it stands on, metres along it, front and depth of the plot, left of the road.
PLANTS: tuple[tuple[EnterprisePlan, str, float, tuple[float, float], bool], ...] = (
    (EnterprisePlan("示范硅材精细化工厂", "chemical", "硅系材料精细化工", "medium", 186, "red", ((*_CHLORINE, 15.0), (*_ACID_GAS, 50.0), (*_HYDROGEN, 5.0)), 3), "Y105", 2460.0, (330.0, 240.0), True),
    (EnterprisePlan("示范硝盐储运站", "chemical", "氧化性盐类储存", "small", 42, "orange", ((*_NITRATE, 600.0),), 4), "Y105", 1330.0, (230.0, 150.0), False),
    (EnterprisePlan("示范风电叶片厂", "manufacturing", "风电设备制造", "large", 320, "yellow", (("不饱和聚酯树脂", "26123-45-5", 40.0),)), "Y105", 1560.0, (420.0, 190.0), True),
    (EnterprisePlan("示范农机装备厂", "manufacturing", "农业机械制造", "small", 64, "blue", ((*_ACETYLENE, 0.2),)), "Y105", 1000.0, (200.0, 140.0), True),
    (EnterprisePlan("示范预制构件厂", "construction", "混凝土构件", "small", 58, "blue"), "Y105", 1960.0, (240.0, 170.0), False),
    (EnterprisePlan("示范塑编包装厂", "manufacturing", "塑料制品", "small", 76, "yellow"), "Y105", 2240.0, (200.0, 150.0), False),
    (EnterprisePlan("示范物流园", "logistics", "仓储物流", "medium", 95, "blue"), "Y105", 660.0, (260.0, 170.0), True),
    (EnterprisePlan("示范番茄制品厂", "food", "番茄酱加工", "medium", 210, "yellow", ((*_AMMONIA, 3.5),)), "Y104", 1150.0, (240.0, 160.0), True),
    (EnterprisePlan("示范玉米制种公司", "seed", "种子加工与储存", "medium", 130, "blue"), "Y102", 1350.0, (250.0, 170.0), False),
    (EnterprisePlan("示范瓜菜制种公司", "seed", "种子加工与储存", "small", 45, "blue"), "C202", 1500.0, (160.0, 120.0), False),
    (EnterprisePlan("示范果蔬冷库一库", "cold_store", "果蔬冷藏（氨制冷）", "small", 22, "yellow", ((*_AMMONIA, 6.0),)), "X210", 4600.0, (150.0, 110.0), True),
    (EnterprisePlan("示范果蔬冷库二库", "cold_store", "果蔬冷藏（氨制冷）", "small", 18, "yellow", ((*_AMMONIA, 4.0),)), "X215", 5600.0, (140.0, 100.0), False),
    (EnterprisePlan("示范肉牛养殖场", "livestock", "肉牛养殖", "medium", 36, "blue"), "C209", 2300.0, (280.0, 190.0), True),
    (EnterprisePlan("示范奶牛养殖场", "livestock", "奶牛养殖", "small", 28, "blue"), "C208", 2400.0, (230.0, 170.0), False),
    (EnterprisePlan("示范葡萄酒庄", "food", "葡萄酒酿造", "small", 40, "blue", (("乙醇", "64-17-5", 12.0),)), "Y103", 5600.0, (210.0, 150.0), True),
    (EnterprisePlan("示范混凝土搅拌站", "construction", "商品混凝土", "small", 33, "blue"), "X210", 8900.0, (150.0, 120.0), False),
)  # fmt: skip

# Sand pits: village and how far north of the southern edge, in kilometres.
PITS: tuple[tuple[EnterprisePlan, str, float], ...] = tuple(
    (EnterprisePlan(name, "mining", "建筑用砂开采", "small", staff, "orange"), village, north_km)
    for name, village, north_km, staff in (
        ("示范第一砂厂", "南寨子村", 11.6, 18), ("示范第二砂厂", "先锋村", 11.4, 14), ("示范第三砂厂", "明永村", 10.6, 16),
        ("示范第四砂厂", "墩仁村", 11.8, 12),
    )
)  # fmt: skip

# Filling stations: road, seat and metres along the road from it, metres left of the road.
STOPS: tuple[tuple[EnterprisePlan, str, tuple[str, float], float], ...] = (
    (_fuel("示范第一加油站", 60.0, 80.0), "G312", ("南苑社区", -1250.0), 34.0),
    (_fuel("示范第二加油站", 75.0, 100.0), "X210", ("南苑社区", 2450.0), -30.0),
    (_fuel("示范第三加油站", 38.0, 60.0), "X215", ("大庄村", 420.0), 28.0),
    (EnterprisePlan("示范液化气储配站", "gas", "瓶装液化石油气充装", "small", 11, "orange", ((*_LPG, 20.0),)), "Y104", ("南苑社区", -1500.0), 60.0),
)  # fmt: skip

SHOPS: tuple[tuple[EnterprisePlan, str], ...] = (
    (_small("南苑示范幼儿园", "小学校（幼儿园）", 19), "南苑社区"), (_small("南苑示范诊所", "小医院（诊所）", 4), "南苑社区"),
    (_small("南苑示范便民超市", "小商店", 6), "南苑社区"), (_small("南苑示范五金店", "小商店", 3), "南苑社区"),
    (_small("南苑示范牛肉面馆", "小餐饮", 5, "yellow"), "南苑社区"), (_small("南苑示范火锅店", "小餐饮", 9, "yellow"), "南苑社区"),
    (_small("南苑示范宾馆", "小旅馆", 7, "yellow"), "南苑社区"), (_small("南苑示范歌厅", "小歌舞娱乐", 6, "yellow"), "南苑社区"),
    (_small("南苑示范网吧", "小网吧", 3, "yellow"), "南苑社区"), (_small("南苑示范浴室", "小美容洗浴", 5), "南苑社区"),
    (_small("南苑示范木器加工部", "小生产加工", 6, "yellow"), "南苑社区"), (_small("小海子示范农家乐", "小餐饮", 6), "小海子村"),
    (_small("小海子示范便民店", "小商店", 2), "小海子村"), (_small("大庄示范面粉加工点", "小生产加工", 4, "yellow"), "大庄村"),
    (_small("义和示范旅社", "小旅馆", 3, "yellow"), "义和村"), (_small("义和示范餐馆", "小餐饮", 4), "义和村"),
    (_small("胜利示范便民店", "小商店", 2), "胜利村"), (_small("明水示范农资店", "小商店", 2), "明水村"),
    (_small("南寨子示范便民店", "小商店", 2), "南寨子村"), (_small("智号示范豆腐坊", "小生产加工", 3), "智号村"),
)  # fmt: skip
