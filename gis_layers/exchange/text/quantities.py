"""Numbers with their units: what is sure is read, what is written in another unit is told, what is vague is no number."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.written import Understood, as_written, otherwise
from gis_layers.plain_text import LARGEST_WHOLE
from risk_model.message import Message, msg

_HALF_WIDTH = {0xFF01 + sign: 0x21 + sign for sign in range(94)} | {0x3000: " ", 0xA0: " ", 0x2212: "-"}
"""Full-width signs, spaces and the minus of typesetters. Not NFKC: that makes 52 of 5²."""
_NUMBER = re.compile(
    r"(?P<digits>[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[-+]?\.\d+)(?P<exponent>e[-+]?\d{1,3})?\s*(?P<rest>.*)",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_UNIT_OF_HEADING = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]|[_/、-]([^\W_]+)$")
_MYRIADS = {"万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True)
class Quantity:
    """Quantity in a column: the name of its unit, the signs of that unit, other units with what one of them is.

    ``whole`` tells whether only whole numbers are possible, ``times`` what one is where nobody wrote a unit beside it;
    None where nobody knows.
    """

    unit: Message
    own: frozenset[str]
    others: Mapping[str, Fraction] = field(default_factory=dict)
    whole: bool = False
    times: Fraction | None = Fraction(1)

    def headed(self, heading: str) -> Quantity:
        """The quantity of a column whose heading names its unit: ``有效面积（亩）``. Raises ValueError for a unit of another."""
        for written in _UNIT_OF_HEADING.findall(unicodedata.normalize("NFKC", heading).lower()):
            unit = next(one for one in written if one).removeprefix("单位").strip(": ")
            if unit in UNITS:
                return replace(self, times=self._size_of(unit, heading))
        return self

    def __call__(self, value: object) -> float | Understood[float]:
        """A number that is not negative; Understood where it was written in another unit. Raises ValueError."""
        read = self.of_text(value) if isinstance(value, str) else self._of_number(value)
        number = read.value if isinstance(read, Understood) else read
        if number < 0:
            raise ValueError(msg("不能是负数：{value}", value=as_written(value)))
        if not self.whole:
            return read
        if number % 1:
            raise ValueError(msg("应为整数：{value}", value=as_written(value)))
        return Understood(int(number), read.notes) if isinstance(read, Understood) else int(number)

    def of_text(self, text: str) -> float | Understood[float]:
        """A number below 2⁵³ with a unit or without. Raises ValueError."""
        found = _NUMBER.fullmatch(text.translate(_HALF_WIDTH).strip())
        if found is None:
            raise ValueError(msg("读不成数字：{value}", value=as_written(text)))
        unit = unicodedata.normalize("NFKC", found["rest"]).strip().lower()
        digits = found["digits"].replace(",", "") + (found["exponent"] or "")
        _checked(float(digits), text)
        number = _times(Fraction(digits), self._size_of(unit, text), text)
        if (unit in self.own or not unit) and not found["exponent"]:
            return number
        return Understood(number, (otherwise(text, f"{number:.15g}", msg("单位是{unit}", unit=self.unit)),))

    def _of_number(self, value: object) -> float:
        number = _checked(value, value)
        return number if self.times == 1 else _times(Fraction(str(number)), self._size_of("", value), value)

    def knows(self, unit: str) -> bool:
        """Whether a unit is one of this quantity."""
        return unit.strip().lower() in self.own | self.others.keys()

    def _size_of(self, unit: str, value: object) -> Fraction:
        """Size of one of a unit in the unit of the quantity, 万 and 亿 before it included. Raises ValueError."""
        if not unit and self.times is not None:
            return self.times
        myriads, bare = (_MYRIADS[unit[0]], unit[1:].strip()) if unit[:1] in _MYRIADS else (1, unit)
        if (bare and bare not in self.own and bare not in self.others) or not unit:
            raise ValueError(
                msg("读不成数字：{value}（这一列的单位是{unit}）", value=as_written(value), unit=self.unit)
            )
        return self.others.get(bare, Fraction(1)) * myriads


def _times(number: Fraction | float, size: Fraction, value: object) -> float:
    return _checked(float(number * size), value)


def _checked(number: object, value: object) -> float:
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise ValueError(msg("读不成数字：{value}", value=as_written(value)))
    if abs(number) > LARGEST_WHOLE:
        raise ValueError(msg("数字太大：{value}", value=as_written(value)))
    return float(number)


def _quantity(unit: Message, own: str, *, whole: bool = False, **others: float | Fraction) -> Quantity:
    return Quantity(unit, frozenset(own.split()), {name: Fraction(str(one)) for name, one in others.items()}, whole)


PERSONS = _quantity(msg("人"), "人 名 口 位", whole=True)
METRES = _quantity(msg("米"), "米 m", 公里=1000, 千米=1000, km=1000, 厘米=0.01, cm=0.01)
MINUTES = _quantity(msg("分钟"), "分钟 分 min", 小时=60, 时=60, h=60, 秒=Fraction(1, 60), s=Fraction(1, 60))
SECONDS = _quantity(msg("秒"), "秒 秒钟 s", whole=True, 分钟=60, 分=60, min=60, 小时=3600, h=3600)
SQUARE_METRES = _quantity(
    msg("平方米"), "平方米 平米 m2 ㎡", 亩=Fraction(10_000, 15), 公顷=10_000, ha=10_000, 平方公里=1_000_000, 平方千米=1_000_000, km2=1_000_000
)  # fmt: skip
"""A 亩 is a fifteenth of a hectare."""
KILOMETRES_AN_HOUR = _quantity(
    msg("公里每小时"), "km/h kmh kph 公里/小时 公里每小时 千米/小时 千米每小时 公里/时 千米/时"
)
TONNES = _quantity(msg("吨"), "吨 t", kg=0.001, 千克=0.001, 公斤=0.001, 克=0.000001, g=0.000001, 斤=0.0005)
POINTS = _quantity(msg("分"), "分")
DEGREES_OF_INTENSITY = _quantity(msg("度"), "度")
ITEMS = _quantity(
    msg("件"), "台 辆 套 具 顶 艘 架 个 件 条 盘 根 把 支 部 箱 瓶 只 双 副 组 座 张 块 桶 床 卷 捆 袋 艇 吨 t", whole=True
)  # fmt: skip
_QUANTITIES = (PERSONS, METRES, MINUTES, SECONDS, SQUARE_METRES, TONNES, POINTS, ITEMS, KILOMETRES_AN_HOUR)
UNITS = frozenset(
    f"{myriads}{unit}" for one in _QUANTITIES for unit in (*one.own, *one.others, "") for myriads in ("", *_MYRIADS)
) - {""}  # fmt: skip
"""The signs of all units."""

_ROMAN = {"V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12}
_SCALE = re.compile(r"(?:1\s*[:/]\s*)?(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*(?P<myriad>万)?", re.ASCII)


def read_intensity(value: object) -> float | Understood[float]:
    """A seismic intensity from 1 to 12, in Arabic or Roman numerals (Ⅷ, 8, 8度). Raises ValueError."""
    text = plain(value).upper().removesuffix("度").strip()
    read = float(_ROMAN[text]) if text in _ROMAN else DEGREES_OF_INTENSITY(value)
    if not 1 <= (read.value if isinstance(read, Understood) else read) <= 12:
        raise ValueError(msg("烈度应在 1 到 12 之间：{value}", value=as_written(value)))
    return read


def read_scale(value: object) -> int:
    """The denominator of a map scale: 50000, 1:50000, 1:5万. Raises ValueError."""
    found = _SCALE.fullmatch(plain(value))
    number = float(found["number"].replace(",", "")) * (10_000 if found["myriad"] else 1) if found else 0.0
    if not 1 <= number <= LARGEST_WHOLE or not number.is_integer():
        raise ValueError(msg("读不成比例尺：{value}", value=as_written(value)))
    return int(number)
