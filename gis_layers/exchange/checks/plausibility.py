"""Whether the coordinates of a file can be where its CRS says, and what else they may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.crs import (
    STORAGE_CRS,
    Bounds,
    CrsLike,
    GaussKrueger,
    area_of_use,
    describe,
    gauss_krueger_of,
    is_inside_china,
    parse_crs,
    transform_points,
)
from gis_layers.errors import UnsafeDatum
from gis_layers.exchange.delivery.options import ReadingOptions
from risk_model.message import msg
from risk_model.vocabulary import Geometries

Points = npt.NDArray[np.float64]

_AREA_MARGIN_DEG = 3.0
_BOUNDARY_MARGIN_DEG = 0.5
_PREFIX = 1_000_000
_SAME_PLACE = 1.0  # in the units of the CRS
_THREE_DEGREE_ZONES = range(25, 46)
_SIX_DEGREE_ZONES = range(13, 24)


@dataclass(frozen=True, slots=True)
class Guess:
    """A reading of the coordinates under which they fall where the deployment is: a proposal, never applied."""

    crs: str
    swapped: bool


def bounds_of(geometries: Geometries) -> Points:
    """West, south, east and north of each geometry, (n, 4) in its own CRS; NaN where there is none."""
    bounds: Points = shapely.bounds(geometries)
    return bounds


def centres_of(bounds: Points) -> Points:
    """The middle of each row of bounds, (n, 2)."""
    return np.column_stack((bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)))


def left_blank(bounds: Points) -> npt.NDArray[np.bool_]:
    """For each row of bounds whether it is the point (0, 0), which programs write where nobody filled in anything."""
    blank: npt.NDArray[np.bool_] = (bounds == 0).all(axis=1)
    return blank


def place_of(bounds: Points, crs: CrsLike) -> tuple[float, float] | None:
    """Longitude and latitude of the middle of the coordinates, read in ``crs``; None where they are on no place."""
    centres = centres_of(bounds)
    finite = centres[np.isfinite(centres).all(axis=1)]
    if len(finite) == 0:
        return None
    lon, lat = transform_points(np.median(finite, axis=0).reshape(1, 2), crs, STORAGE_CRS)[0]
    on_earth = np.isfinite((lon, lat)).all() and abs(lon) <= 180 and abs(lat) <= 90
    return (round(float(lon), 4), round(float(lat), 4)) if on_earth else None


def ground_of(options: ReadingOptions) -> Bounds:
    """The degrees within which coordinates are believed: the metric CRS's area of use and a margin around it."""
    west, south, east, north = area_of_use(options.metric_crs)
    margin = _AREA_MARGIN_DEG
    return max(west - margin, -180), max(south - margin, -90), min(east + margin, 180), min(north + margin, 90)


def vicinity_of(options: ReadingOptions) -> Bounds | None:
    """The degrees around the deployment's boundary outside which a feature is none of its business."""
    if options.boundary is None:
        return None
    west, south, east, north = options.boundary.bounds
    margin = _BOUNDARY_MARGIN_DEG
    return west - margin, south - margin, east + margin, north + margin


def reaching(bounds: Points, crs: CrsLike, area: Bounds) -> npt.NDArray[np.bool_]:
    """For each row of bounds whether, read in ``crs``, it reaches the area given in degrees.

    NaN and infinities do not, nor do corners that do not come back to where they were: a northing of 10¹² m goes round
    the earth a few times and ends in a place that looks right.
    """
    corners = transform_points(bounds.reshape(-1, 2), crs, STORAGE_CRS)
    with np.errstate(invalid="ignore"):
        strayed = np.abs(transform_points(corners, STORAGE_CRS, crs) - bounds.reshape(-1, 2)).reshape(-1, 4).max(axis=1)
    corners = corners.reshape(-1, 4)
    west, south = corners[:, [0, 2]].min(axis=1), corners[:, [1, 3]].min(axis=1)
    east, north = corners[:, [0, 2]].max(axis=1), corners[:, [1, 3]].max(axis=1)
    on_earth = np.isfinite(corners).all(axis=1) & (np.abs(corners) <= (180, 90, 180, 90)).all(axis=1)
    overlapping = (west <= area[2]) & (east >= area[0]) & (south <= area[3]) & (north >= area[1])
    believed: npt.NDArray[np.bool_] = on_earth & overlapping & (strayed < _SAME_PLACE)
    return believed


def guess_place(bounds: Points, declared: CrsLike | None, options: ReadingOptions) -> Guess | None:
    """The first other reading of the coordinates under which most of them fall where the deployment is."""
    centres = centres_of(bounds)
    finite = centres[np.isfinite(centres).all(axis=1)]
    if len(finite) == 0:
        return None
    middle = np.median(finite, axis=0).reshape(1, 2)
    area = vicinity_of(options) or ground_of(options)
    tried = list(dict.fromkeys(_candidates(middle, declared, options)))
    for swapped in (False, True):
        for code in tried:
            if not (declared is not None and code == _code(declared) and not swapped) and _fits(
                middle[:, ::-1] if swapped else middle, code, area
            ):
                return Guess(code, swapped)
    return None


def looks_like_degrees(centres: Points) -> bool:
    """Whether most coordinates are numbers that only degrees have."""
    finite = centres[np.isfinite(centres).all(axis=1)]
    small = (np.abs(finite) <= 180).all(axis=1)
    return len(finite) > 0 and bool(small.mean() > 0.5)


def _fits(point: Points, code: str, area: Bounds) -> bool:
    try:
        return bool(reaching(np.hstack((point, point)), code, area)[0])
    except UnsafeDatum:
        return False


def _candidates(middle: Points, declared: CrsLike | None, options: ReadingOptions) -> Iterator[str]:
    if looks_like_degrees(middle):
        yield STORAGE_CRS
        return
    if is_inside_china(options.metric_crs):
        yield from _by_the_digits(middle)
    if declared is not None and parse_crs(declared).is_projected:
        yield _code(declared)
        yield from _sister_of(declared)
    yield options.metric_crs
    yield from _sister_of(options.metric_crs)


def _by_the_digits(middle: Points) -> Iterator[str]:
    """Read the zone number before an easting: 33 568 978 is zone 33 (3°), 17 568 978 is zone 17 (6°)."""
    zone = int(np.abs(middle).max() // _PREFIX)
    width = 3 if zone in _THREE_DEGREE_ZONES else 6 if zone in _SIX_DEGREE_ZONES else None
    code = GaussKrueger(zone, width, prefixed=True).code if width else None
    if code:
        yield code


def _sister_of(crs: CrsLike) -> Iterator[str]:
    """The same Gauss-Krüger zone with the zone number in the easting instead of without, or the reverse."""
    zone = gauss_krueger_of(crs)
    if zone is None:
        return
    sister = GaussKrueger(zone.zone, zone.width_deg, prefixed=not zone.prefixed).code
    if sister:
        yield sister


def _code(crs: CrsLike) -> str:
    return crs if isinstance(crs, str) else parse_crs(crs).to_string()


def told(guess: Guess | None) -> str:
    """A guess as a clause for the officer; empty where there is none."""
    if guess is None:
        return ""
    order = msg("，且两轴颠倒（第一列是北坐标或纬度）") if guess.swapped else ""
    return msg("坐标看起来像 {crs}{order}", crs=describe(guess.crs), order=order)
