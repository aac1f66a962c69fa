"""Telephone numbers and names of people are for those who may call them."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from app.platform.principals import Principal, Role

PHONES = ("contact_phone", "duty_phone", "reporter_phone", "leader_phone", "officer_phone", "satellite_phone")
PERSONS = ("responsible_person", "reported_by")
MAY_NOT_CALL = (Role.PUBLIC, Role.VIEWER)
SHORTEST_PHONE = 8
"""A number this short would be known from its first three and last four digits."""
_BETWEEN_NUMBERS = re.compile(r"[、，,；;/／\n]+")
_DIALLED = re.compile(r"(\+?\d{3,20})(?:(?:转|-?ext\.?|x|#)(\d{1,6}))?")


class Telephone(NamedTuple):
    """A telephone number as it is written, and as an address dials it; None where nobody can, as behind a mask."""

    written: str
    dialled: str | None


def masked_for(principal: Principal, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """``frame`` with its telephone numbers, and who answers for a danger, as ``principal`` may see them."""
    if principal.role in MAY_NOT_CALL:
        for column in frame.columns.intersection(list(PERSONS)):
            frame[column] = pd.Series([masked_name(name) for name in frame[column]], index=frame.index, dtype=object)
        for column in frame.columns.intersection(list(PHONES)):
            frame[column] = pd.Series([masked(phone) for phone in frame[column]], index=frame.index, dtype=object)
    return frame


def masked(phone: str | None) -> str | None:
    """``138****5678``: the first three and last four digits, or nothing but stars where that would give it away."""
    if phone is None:
        return None
    digits = "".join(letter for letter in phone if letter.isdecimal())
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) > SHORTEST_PHONE else "****"


def telephones_in(text: str) -> list[Telephone]:
    """Every number of a field, in its order; what is masked, or is no number, dials nothing."""
    return [Telephone(one.strip(), _dialled(one)) for one in _BETWEEN_NUMBERS.split(text) if one.strip()]


def _dialled(written: str) -> str | None:
    plain = re.sub(r"[\s()·-]", "", unicodedata.normalize("NFKC", written).lower())
    found = _DIALLED.fullmatch(plain)
    if found is None or not found[1].isascii():
        return None
    return f"{found[1]};ext={found[2]}" if found[2] else found[1]


def masked_name(name: str | None) -> str | None:
    """``张**``: what a name begins with."""
    return None if name is None else f"{name[:1]}**"
