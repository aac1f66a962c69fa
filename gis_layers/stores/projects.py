"""Projects and their footprints."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.stores.frames import append_frame, read_frame
from gis_layers.tables.projects import Project


def append_projects(session: Session, frame: gpd.GeoDataFrame) -> None:
    """Append projects: columns ``name project_class seismic_class building_type synthetic geometry`` in the storage CRS."""
    table: Any = Project.__table__
    append_frame(session, table, frame)


def read_projects(session: Session) -> gpd.GeoDataFrame:
    """Every project: ``id name project_class seismic_class building_type synthetic created_at geometry`` in the storage CRS."""
    table: Any = Project.__table__
    return read_frame(session, select(*table.columns).order_by(Project.id))
