"""Ways over ground of which nobody knows whether it cuts them."""

from __future__ import annotations

import datetime

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.judgement.screening import windows_around
from app.platform.work import Work
from gis_layers.stores.surroundings import read_surroundings
from risk_model.dispatch import response_terms
from risk_model.shapes import AREAL
from risk_model.surveys import surveyed_ground
from risk_model.vocabulary import ZoneSet


def unknown_m(work: Work, way: BaseGeometry, on: datetime.date) -> float:
    """Metres of ``way`` (metric CRS) where of some hazard that may cut a road no survey holds on day ``on``, or its zone has no grade."""
    if way.is_empty:
        return 0.0
    metric_crs, rulebook = work.settings.metric_crs, work.rulebook
    (window,) = windows_around(way, [0.0], metric_crs)
    around = read_surroundings(work.session, window, window, [], metric_crs)
    hazards = [key for key in response_terms().hazards if key in rulebook.hazards]
    surveyed = surveyed_ground(around.zones, around.ground, rulebook, on)
    if not hazards:
        return float(shapely.length(way))
    known = shapely.intersection_all([surveyed.whole(key) for key in hazards])
    known = shapely.difference(known, shapely.union_all(_ungraded(around.zones, hazards)))
    return float(shapely.length(shapely.difference(way, known)))


def _ungraded(zones: ZoneSet, hazards: list[str]) -> list[BaseGeometry]:
    """Zones of the hazards whose grade nobody told."""
    areal = shapely.get_dimensions(zones.geometry) == AREAL
    of = np.isin(zones.hazard.astype(str), hazards) & (zones.product.astype(str) == "hazard")
    return [*zones.geometry[areal & of & (zones.rank == 0)]]
