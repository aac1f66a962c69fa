"""Days as people and programs write them: sure, understood with a note, or refused with the reason."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.written import Understood, as_written, otherwise
from risk_model.message import Message, msg

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The time of the country: a day in a register is a day there, wherever the computer stood that wrote it."""

_TIME = r"(?:\s*T\s*|\s+)(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<zone>Z|UTC|[+-]\d{2}(?::?\d{2})?)?"
_DAY = r"(?P<year>\d{4})(?:\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?|(?P<sep>[-/.])\s*(?P<m>\d{1,2})\s*(?P=sep)\s*(?P<d>\d{1,2}))"
_WRITTEN = re.compile(rf"{_DAY}(?:{_TIME})?", re.IGNORECASE | re.ASCII)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:\.0+)?", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4})", re.ASCII)
_TWO_DIGITS = re.compile(r"\d{2}([-/.年])\d{1,2}(?:[-/.月])\d{1,2}日?", re.ASCII)
_HAN = re.compile(r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]")
_HAN_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050
"""1950 to 2099 as spreadsheets of the 1900 system count days."""
_MOST_DAYS = 100_000
_YEARS = range(1950, 2100)
_SYSTEM_1900, _SYSTEM_1904 = 1900, 1904
_MONTHS = 12


def read_day(value: object) -> date | Understood[date]:
    """A full day; Understood where another day was written than it is in China. Raises ValueError."""
    if isinstance(value, datetime):
        return _in_china(value, value)
    if isinstance(value, date):
        return value
    text = plain(value)
    found = _WRITTEN.fullmatch(text)
    if found:
        return _with_time(found, value)
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _day(compact["year"], compact["month"], compact["day"], value)
    return _han(text, value) or _understood(text, value)


def read_day_of_workbook(value: object, epoch: date) -> date | Understood[date]:
    """A full day, and a number that counts the days of a workbook since its ``epoch``, with a note. Raises ValueError.

    Digits that are text, or a day outside 1950 to 2099, are no such number.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _MOST_DAYS:
        day = epoch + timedelta(days=int(value))
        if day.year in _YEARS:
            system = _SYSTEM_1904 if epoch.year == _SYSTEM_1904 else _SYSTEM_1900
            return _note(day, plain(value), msg("日期序号，工作簿用 {system} 年制", system=system))
    return read_day(value)


def _with_time(found: re.Match[str], value: object) -> date | Understood[date]:
    day = _day(found["year"], found["month"] or found["m"], found["day"] or found["d"], value)
    if not found["time"] or not found["zone"]:
        return day
    clock, zone = found["time"].zfill(len(found["time"]) + (found["time"][1] == ":")), found["zone"].upper()
    offset = "+00:00" if zone in ("Z", "UTC") else zone
    try:
        return _in_china(datetime.fromisoformat(f"{day.isoformat()}T{clock}{offset}"), value)
    except ValueError:
        raise ValueError(msg("没有这个时刻：{value}", value=as_written(value))) from None


def _in_china(moment: datetime, value: object) -> date | Understood[date]:
    if moment.tzinfo is None:
        return moment.date()
    day = moment.astimezone(CHINA).date()
    return day if day == moment.date() else _note(day, value, msg("带时区的时刻按北京时间算"))


def _understood(text: str, value: object) -> Understood[date]:
    """The days that only one reading can be meant by, with a note. Raises ValueError for all others."""
    turned = _DAY_FIRST.fullmatch(text)
    if turned:
        first, second = int(turned["a"]), int(turned["b"])
        if first <= _MONTHS and second <= _MONTHS and first != second:
            raise ValueError(msg("分不清哪个是月、哪个是日：{value}", value=as_written(value)))
        month, day = (first, second) if first <= _MONTHS else (second, first)
        return _note(_day(turned["year"], str(month), str(day), value), value, msg("年份写在最后"))
    if _TWO_DIGITS.fullmatch(text):
        raise ValueError(msg("年份只有两位：{value}", value=as_written(value)))
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= float(text) <= _LAST_SERIAL:
        day_of_serial = date(1899, 12, 30) + timedelta(days=int(float(text)))
        raise ValueError(
            msg(
                "像是表格软件的日期序号（1900 年制是 {day}，1904 年制要晚四年零一天）：{value}",
                day=day_of_serial.isoformat(),
                value=as_written(value),
            )
        )
    raise ValueError(msg("读不成完整的日期：{value}", value=as_written(value)))


def _han(text: str, value: object) -> date | None:
    found = _HAN.fullmatch(text.replace(" ", ""))
    if found is None:
        return None
    year = "".join(str(_HAN_DIGITS[sign]) for sign in found[1])
    return _day(year, str(_han_number(found[2])), str(_han_number(found[3])), value)


def _han_number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    return (_HAN_DIGITS.get(tens, 1) * 10 if ten else 0) + _HAN_DIGITS.get(ones, 0)


def _note(day: date, value: object, why: Message) -> Understood[date]:
    return Understood(day, (otherwise(value, day.isoformat(), why),))


def _day(year: str, month: str, day: str, value: object) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(msg("没有这一天：{value}", value=as_written(value))) from None
