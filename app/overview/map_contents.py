"""All that a map of the town draws, read at once: what the single-file map carries with it."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from app.overview.gaps import unsurveyed_ground
from app.platform.work import Work
from gis_layers.stores.pictures import find_picture, read_picture
from gis_layers.stores.places import read_places
from gis_layers.stores.published_zones import ZoneQuery, read_zones
from gis_layers.stores.town import RegisterQuery, count_registers

GROUND = ("boundary", "villages", "roads", "water")
KEPT = ("zone", "version", "hazard", "product", "grade", "grade_rank", "grade_scheme", "name", "survey_date", "scale")
OBJECTS: Mapping[str, tuple[str, RegisterQuery]] = {
    "enterprises": ("enterprises", RegisterQuery()),
    "stations": ("stations", RegisterQuery()),
    "shelters": ("facilities", RegisterQuery(kind="shelter")),
    "geohazard-sites": ("geohazard-sites", RegisterQuery()),
}
"""Objects the map can show beside projects and villages: the register they stand in, and which of its rows they are."""
ALSO_KEPT = ("arrival_min", "source")


def count_objects(session: Session) -> dict[str, int]:
    """Number of each of ``OBJECTS``; they themselves are asked for when they are shown."""
    return count_registers(session, OBJECTS)


def read_relief_picture(session: Session) -> tuple[bytes, tuple[float, float, float, float]] | None:
    """The shaded relief as a PNG with its bounds in degrees, or None where there is none."""
    note = find_picture(session, "hillshade")
    return None if note is None else (read_picture(session, note.name), note.bounds)


def read_map_layers(work: Work) -> dict[str, gpd.GeoDataFrame]:
    """Frames in the storage CRS: ``zones``, ``unsurveyed``, and the ground (boundary, villages, roads, water)."""
    zones = read_zones(work.session, ZoneQuery())[[*KEPT, *ALSO_KEPT, "geometry"]]
    gaps = [unsurveyed_ground(work, hazard) for hazard in zones["hazard"].unique()]
    unsurveyed = gpd.GeoDataFrame(pd.concat(gaps, ignore_index=True), crs=zones.crs) if gaps else zones.iloc[:0]
    ground = {name: read_places(work.session, name) for name in GROUND}
    return {"zones": zones, "unsurveyed": unsurveyed, **ground}
