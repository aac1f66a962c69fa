"""The registered project a number names, as it is judged and as it is told."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy.orm import Session

from app.platform.errors import NotFound
from gis_layers.stores.projects import read_projects
from risk_model.message import msg


def find_registered(session: Session, number: int) -> gpd.GeoDataFrame:
    """The one row of ``read_projects`` with ``number``. Raises NotFound."""
    projects = read_projects(session)
    found = projects[projects["id"] == number]
    if found.empty:
        raise NotFound(msg("没有编号为 {number} 的项目", number=number))
    return found
