"""Lists in one cell: substances with their tonnes, tools with their number, words."""

from __future__ import annotations

import re
from typing import Any

from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.quantities import ITEMS, TONNES, Quantity
from gis_layers.exchange.text.written import Understood, as_written, otherwise
from risk_model.message import Message, msg

_SEPARATORS = re.compile(r"[;、|\n]+|(?<!\d),+|,+(?!\d)")
"""A comma between two digits parts nothing: it stands in 1,500 and in 1,3-丁二烯."""
_SET_APART = re.compile(r"(?P<name>[^:*×]+?)\s*(?:[:*×]|(?<![a-z])x(?=\s*\d))\s*(?P<amount>[^:*×]*)", re.IGNORECASE)
_BEHIND_A_SPACE = re.compile(r"(?P<name>.*\S)\s+(?P<amount>[\d.][\d.,]*\s*\S*)")
_TOUCHING = re.compile(r"(?P<name>.*?[^\d.,\s-])(?P<amount>\d[\d.,]*\s*(?P<unit>[^\d.,\s:*×]+))")
_NAMELESS = re.compile(r"[\d.,\s-]*")


def split_words(value: object) -> list[str]:
    """The entries of a list written in one cell, separated by ``;`` (also full-width, commas and 、)."""
    return [word for word in (part.strip() for part in _SEPARATORS.split(plain(value))) if word]


def read_equipment(value: object) -> Understood[list[dict[str, Any]]]:
    """``挖掘机*2;装载机`` as objects with name and count, one where none is written or it cannot be read."""
    tools: list[dict[str, Any]] = []
    notes: list[Message] = []
    for part in split_words(value):
        name, count = _amount_of(part, ITEMS, notes)
        tools.append({"name": name, "count": 1 if count is None else int(count)})
    return Understood(tools, tuple(notes))


def read_inventory(value: object, quantity: Quantity = TONNES) -> Understood[list[dict[str, Any]]]:
    """``氯:15;罐区/液氨 6吨;粗品[W5.4]:30`` as objects with substance and tonnes, where told unit and classes.

    A substance without an amount, or with one that is no weight, is kept with tonnes None: it is there, and how much of
    it nobody knows.
    """
    notes: list[Message] = []
    stocks: list[dict[str, Any]] = []
    for part in split_words(value):
        if stocks and _NAMELESS.fullmatch(part):
            stocks[-1]["tonnes"] = None
        stocks.append(_read_stock(part, quantity, notes))
    return Understood(stocks, tuple(notes))


def unread_inventory(value: object) -> list[dict[str, Any]]:
    """The stock of a cell that holds something nobody can read: something is there."""
    return [{"substance": as_written(value), "cas": None, "tonnes": None}]


def _read_stock(part: str, quantity: Quantity, notes: list[Message]) -> dict[str, Any]:
    name, tonnes = _amount_of(part, quantity, notes)
    unit, slash, rest = name.partition("/")
    substance, bracket, inside = (rest if slash else name).partition("[")
    stock: dict[str, Any] = {"substance": substance.strip(), "cas": None, "tonnes": tonnes}
    if slash:
        stock["unit"] = unit.strip()
    if bracket:
        stock["classes"] = inside.strip().rstrip("]").upper().split("+")
    return stock


def _amount_of(part: str, quantity: Quantity, notes: list[Message]) -> tuple[str, float | None]:
    """The name and the amount of an entry; no amount, with a note, where what stands there is none."""
    if _NAMELESS.fullmatch(part):
        notes.append(msg("「{part}」没有名称，像是千分位或小数里的逗号把数字拆开了", part=part))
        return part, None
    found = _SET_APART.fullmatch(part) or _BEHIND_A_SPACE.fullmatch(part)
    if found is None:
        found = _TOUCHING.fullmatch(part)
        if found is None or not quantity.knows(found["unit"]):
            return part, None
    try:
        read = quantity(found["amount"])
    except ValueError as trouble:
        notes.append(msg("「{part}」的数量{trouble}", part=part, trouble=trouble))
        return found["name"] if found.re is not _BEHIND_A_SPACE else part, None
    if isinstance(read, Understood):
        notes.extend(read.notes)
        return found["name"], read.value
    if found.re is _BEHIND_A_SPACE and found["amount"][-1].isdigit():
        notes.append(otherwise(part, f"{found['name']} {read:.15g}", msg("单位是{unit}", unit=quantity.unit)))
    return found["name"], read
