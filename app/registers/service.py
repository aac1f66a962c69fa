"""One page of a register, with telephone numbers for those who may call them."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from app.security import Principal, Role
from gis_layers.stores.constraints import read_constraint_surveys
from gis_layers.stores.town import RegisterQuery, count_register, read_register

PHONES = ("contact_phone", "duty_phone")
MAY_NOT_CALL = (Role.PUBLIC, Role.VIEWER)
SHORTEST_PHONE = 8
"""A number this short would be known from its first three and last four digits."""


def list_register(
    session: Session, register: str, query: RegisterQuery, *, asking: Principal
) -> tuple[gpd.GeoDataFrame, int]:
    """One page of a register and how many rows there are in all; telephone numbers as ``asking`` may see them."""
    frame = read_register(session, register, query)
    if asking.role in MAY_NOT_CALL:
        for column in frame.columns.intersection(list(PHONES)):
            frame[column] = pd.Series([masked(phone) for phone in frame[column]], index=frame.index, dtype=object)
    return frame, count_register(session, register, query)


def list_shelters(session: Session, query: RegisterQuery, *, asking: Principal) -> tuple[gpd.GeoDataFrame, int]:
    """One page of the facilities that are shelters, whatever kind the query names."""
    return list_register(session, "facilities", replace(query, kind="shelter"), asking=asking)


def list_constraint_surveys(session: Session) -> gpd.GeoDataFrame:
    """What was surveyed for constraint areas; ground outside is unknown, not free."""
    return read_constraint_surveys(session)


def masked(phone: str | None) -> str | None:
    """``138****5678``: the first three and last four digits, or nothing but stars where that would give it away."""
    if phone is None:
        return None
    digits = "".join(letter for letter in phone if letter.isdecimal())
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) > SHORTEST_PHONE else "****"
