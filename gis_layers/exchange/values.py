"""Reading what people write in cells: numbers with units, dates, intensities, the age of a fault."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from gis_layers.exchange.tabular import plain
from gis_layers.plain_text import LARGEST_WHOLE
from risk_model.said import said

NOTHING = frozenset({"", "-", "—", "/", "无", "未知", "不详", "null", "none", "nan", "<null>"})

_NUMBER = re.compile(r"([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(?:米|m|分钟|分|min|度|人|级)?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?)?月?)?年?")
_SCALE = re.compile(r"(?:1\s*[:/]\s*)?(\d+(?:\.\d+)?)\s*(万)?")
_ROMAN = {"V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12}
_AGES = {
    "Q4h": ("q4h", "q4", "qh", "全新世", "holocene"),
    "Q3": ("q3", "qp3", "晚更新世", "late pleistocene"),
    "Q2": ("q2", "qp2", "中更新世", "middle pleistocene"),
    "Q1": ("q1", "qp1", "早更新世", "early pleistocene"),
    "pre-Q": ("pre-q", "preq", "前第四纪", "n", "e", "pre-quaternary"),
}
_CORRIDORS = {
    "road": ("road", "highway", "公路", "公路建筑", "公路建筑控制区", "高速公路", "国道", "省道", "县道", "乡道"),
    "railway": ("railway", "rail", "铁路", "铁路线路", "铁路线路安全保护区", "高速铁路", "高铁"),
    "power": ("power", "电力", "电力线路", "电力线路保护区", "高压线", "高压走廊", "输电线路", "架空电力线路"),
    "pipeline": ("pipeline", "管道", "油气管道", "石油天然气管道", "输油管道", "输气管道", "天然气管道", "长输管道"),
}
_CORRIDOR_OF = {word: kind for kind, words in _CORRIDORS.items() for word in words}
_AGE_OF = {word: age for age, words in _AGES.items() for word in words}


def is_nothing(value: object) -> bool:
    """Whether a cell says that there is no value."""
    if isinstance(value, float) and math.isnan(value):
        return True
    return plain(value).lower() in NOTHING


def read_text(value: object) -> str:
    """Text as written, without space around; a whole number stored as 50000.0 without its fraction."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_number(value: object) -> float:
    """A number below 2⁵³; full-width digits, thousands separators and usual units are understood. Raises ValueError."""
    text = plain(value).replace(",", "")
    found = _NUMBER.fullmatch(text)
    if found is None or not math.isfinite(float(found[1])):
        raise ValueError(said("读不成数字：{value}", value=plain(value)))
    if abs(float(found[1])) > LARGEST_WHOLE:
        raise ValueError(said("数字太大：{value}", value=plain(value)))
    return float(found[1])


def read_amount(value: object) -> float:
    """A number that is not negative. Raises ValueError."""
    number = read_number(value)
    if number < 0:
        raise ValueError(said("不能是负数：{value}", value=plain(value)))
    return number


def read_count(value: object) -> int:
    """A whole number that is not negative. Raises ValueError."""
    number = read_amount(value)
    if not number.is_integer():
        raise ValueError(said("应为整数：{value}", value=plain(value)))
    return int(number)


def read_intensity(value: object) -> float:
    """A seismic intensity from 1 to 12, in Arabic or Roman numerals (Ⅷ, 8, 8度). Raises ValueError."""
    text = plain(value).upper().rstrip("度")
    number = float(_ROMAN[text]) if text in _ROMAN else read_number(value)
    if not 1 <= number <= 12:
        raise ValueError(said("烈度应在 1 到 12 之间：{value}", value=plain(value)))
    return number


def read_scale(value: object) -> int:
    """The denominator of a map scale: 50000, 1:50000, 1:5万. Raises ValueError."""
    found = _SCALE.fullmatch(plain(value).replace(",", ""))
    number = float(found[1]) * (10_000 if found[2] else 1) if found else 0
    if not 1 <= number <= LARGEST_WHOLE:
        raise ValueError(said("读不成比例尺：{value}", value=plain(value)))
    return int(number)


def read_date(value: object) -> date:
    """A full day, written as a date or in digits with ``-``, ``/``, ``.`` or 年月日. Raises ValueError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DATE.fullmatch(re.split(r"[T ]", read_text(plain(value)))[0].removesuffix(".0"))
    if found is None or not found[3]:
        raise ValueError(said("读不成完整的日期：{value}", value=plain(value)))
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(said("没有这一天：{value}", value=plain(value))) from None


def read_fault_age(value: object) -> str:
    """The age of a fault's last movement as Q4h, Q3, Q2, Q1 or pre-Q. Raises ValueError."""
    age = _AGE_OF.get(plain(value).lower().removesuffix("断裂").removesuffix("断层").removesuffix("活动"))
    if age is None:
        raise ValueError(
            said("不认识的断层时代：{value}（可用：{known} 或其中文名）", value=plain(value), known=[*_AGES])
        )
    return age


def read_corridor_kind(value: object) -> str:
    """What a control corridor belongs to: road, railway, power or pipeline. Raises ValueError."""
    text = plain(value).lower()
    kind = _CORRIDOR_OF.get(text) or _CORRIDOR_OF.get(text.removesuffix("控制区").removesuffix("保护区"))
    if kind is None:
        raise ValueError(
            said(
                "不认识的管控类型：{value}（可用：{known} 或其中文名）",
                value=plain(value),
                known=[*_CORRIDORS],
            )
        )
    return kind
