"""Public facilities registered and changed one by one; every write is audited."""

from __future__ import annotations

import datetime
from typing import Any

import geopandas as gpd
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.http.masking import masked_for
from app.platform.errors import NotFound
from app.platform.principals import Principal
from app.platform.work import Work
from gis_layers.stores.entries import FACILITIES, add_entry, change_entry
from gis_layers.stores.gazetteer import refresh_names
from gis_layers.stores.records import record_audit
from gis_layers.stores.town import RegisterQuery, read_register
from risk_model.message import msg


def no_such_facility(number: int) -> NotFound:
    """That there is no facility of this number."""
    return NotFound(msg("没有编号为 {number} 的设施", number=number))


def find_facility(session: Session, number: int, *, principal: Principal) -> gpd.GeoDataFrame:
    """One facility as a frame of one row, its telephone number as ``principal`` may see it. Raises NotFound."""
    frame = read_register(session, FACILITIES, RegisterQuery(number=number))
    if frame.empty:
        raise no_such_facility(number)
    return masked_for(principal, frame)


def register_facility(work: Work, values: dict[str, Any], geometry: BaseGeometry, *, actor: str) -> int:
    """Add a facility; its number."""
    number = add_entry(work.session, FACILITIES, values, geometry)
    _written(work, number, values, actor=actor, action="register facility")
    return number


def change_facility(
    work: Work, number: int, values: dict[str, Any], *, geometry: BaseGeometry | None, actor: str
) -> None:  # fmt: skip
    """Change what is given of a facility whose row is held."""
    change_entry(work.session, FACILITIES, number, values, geometry)
    _written(work, number, values, actor=actor, action="change facility")


def _written(work: Work, number: int, values: dict[str, Any], *, actor: str, action: str) -> None:
    """Names follow; whom to call stays out of the audit."""
    refresh_names(work.session, work.settings.metric_crs)
    told = {name: value for name, value in values.items() if not name.startswith("contact_")}
    detail = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in told.items()}
    record_audit(work.session, actor=actor, action=action, subject=f"facility {number}", detail=detail)
