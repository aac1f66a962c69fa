"""One page of a register, with telephone numbers for those who may call them."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
from sqlalchemy.orm import Session

from app.http.masking import masked_for
from app.platform.principals import Principal
from gis_layers.stores.constraints import read_constraint_surveys
from gis_layers.stores.town import RegisterQuery, count_register, read_register


def list_register(
    session: Session, register: str, query: RegisterQuery, *, principal: Principal
) -> tuple[gpd.GeoDataFrame, int]:
    """One page of a register and how many rows there are in all; telephone numbers as ``principal`` may see them."""
    frame = read_register(session, register, query)
    return masked_for(principal, frame), count_register(session, register, query)


def list_shelters(session: Session, query: RegisterQuery, *, principal: Principal) -> tuple[gpd.GeoDataFrame, int]:
    """One page of the facilities that are shelters, whatever kind the query names."""
    return list_register(session, "facilities", replace(query, kind="shelter"), principal=principal)


def list_constraint_surveys(session: Session) -> gpd.GeoDataFrame:
    """Ground surveyed for constraint areas; ground outside is unknown, not free."""
    return read_constraint_surveys(session)
