"""The day, for rules that are valid from a date to a date, and the moment, for what expires."""

from __future__ import annotations

import datetime

CHINA = datetime.timezone(datetime.timedelta(hours=8), "Asia/Shanghai")


def today() -> datetime.date:
    """The civil date in China now."""
    return datetime.datetime.now(CHINA).date()


def now() -> datetime.datetime:
    """This moment, in UTC."""
    return datetime.datetime.now(datetime.UTC)
