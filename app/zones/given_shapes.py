"""Shapes of zones as edits hand them in: exact degrees, valid as they stand, of a kind the hazard has."""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from app.http.request_geometry import GivenGeometry, read_sound_shape
from app.platform.work import Work
from gis_layers.geometry import promote_to_multi
from risk_model.shapes import as_array

AREAS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
FAULT = "fault"


def read_zone_shape(work: Work, geometry: GivenGeometry, hazard: str) -> BaseGeometry:
    """The shape of a zone in the storage CRS, its numbers as they were sent. Raises BadGeometry, TooIntricate."""
    kinds = (*AREAS, *LINES) if hazard == FAULT else AREAS
    placed = read_sound_shape(geometry, kinds, crs=None, metric_crs=work.settings.metric_crs)
    shape: BaseGeometry = promote_to_multi(as_array([placed]))[0]
    return shape
