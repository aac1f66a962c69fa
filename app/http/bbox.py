"""A window on the map, as requests name it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from app.platform.errors import BadParameter
from gis_layers.crs import Bounds
from risk_model.message import msg

_LON = r"-?(1[0-7]\d|\d{1,2})(\.\d{1,12})?"
_LAT = r"-?([1-8]\d|\d)(\.\d{1,12})?"
FOUR_NUMBERS = rf"^{_LON},{_LAT},{_LON},{_LAT}$"
"""What a window is written like; that its sides are in order is asked besides."""


def read_window(bbox: str | None) -> Bounds | None:
    """``west,south,east,north``; raises BadParameter where it is not four ordered numbers."""
    if bbox is None:
        return None
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError as error:
        raise BadParameter(
            msg("bbox 应为 西,南,东,北 四个数（度）"), errors=[{"field": "bbox", "message": bbox}]
        ) from error
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadParameter(
            msg("bbox 的顺序应为 西,南,东,北（度）"), code="window", errors=[{"field": "bbox", "message": bbox}]
        )
    return west, south, east, north


def window(
    bbox: Annotated[
        str | None, Query(description="west,south,east,north in degrees", json_schema_extra={"pattern": FOUR_NUMBERS})
    ] = None,
) -> Bounds | None:
    """The window a request asks for, or None."""
    return read_window(bbox)


WindowOf = Annotated[Bounds | None, Depends(window)]
