"""Stored layers as they leave the house."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy.orm import Session

from gis_layers.stores.places import read_places
from gis_layers.stores.projects import read_projects
from gis_layers.stores.zones import ZoneQuery, read_zones

LAYERS = ("zones", "villages", "projects", "roads", "water", "boundary")
ZONE_COLUMNS = [
    "zone",
    "version",
    "hazard",
    "product",
    "grade",
    "grade_rank",
    "grade_scheme",
    "name",
    "survey_date",
    "scale",
    "intensity",
    "arrival_min",
    "overburden_m",
    "fault_age",
    "source",
    "source_id",
    "from_edition",
    "geometry",
]


def read_layer(session: Session, layer: str) -> gpd.GeoDataFrame:
    """A layer of ``LAYERS`` as a frame in the storage CRS, unrounded."""
    if layer == "zones":
        return gpd.GeoDataFrame(read_zones(session, ZoneQuery())[ZONE_COLUMNS], geometry="geometry")
    if layer == "projects":
        projects = read_projects(session)
        projects["created_at"] = projects["created_at"].map(lambda moment: moment.isoformat())
        return projects
    return read_places(session, layer)
