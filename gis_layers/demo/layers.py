"""A hazard layer and the ways its zones are cut: mosaics, nested bands, ribbons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.demo.isolines import absorb_slivers, deep_points, dissolve, faces_between, isolines, soften
from gis_layers.demo.land import Land
from gis_layers.demo.noise import Field, Noise
from gis_layers.demo.overlay import common, less, merged, polygons_of
from risk_model.vocabulary import Geometries

ExtentKind = Literal["zones", "boundary", "area"]

GRADES: Mapping[str, tuple[str, ...]] = {
    "geo4": ("极高", "高", "中", "低"),
    "flood4": ("极高", "高", "中", "低"),
    "flash3": ("极高危险", "高危险", "危险"),
    "met4": ("高", "较高", "较低", "低"),
    "met5": ("高", "较高", "中", "较低", "低"),
    "fire5": ("高", "中高", "中", "中低", "低"),
    "quake5": ("高", "中高", "中", "中低", "低"),
    "comp5": ("高", "中高", "中", "中低", "低"),
}
"""The words of the grade schemes used here, worst first."""

ZONE_COLUMNS = (
    "hazard", "product", "grade", "grade_rank", "grade_scheme", "name", "survey_date", "scale", "intensity",
    "arrival_min", "overburden_m", "fault_age", "corridor_kind", "source", "source_id", "synthetic", "geometry",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HazardLayer:
    """One delivered product of one hazard: its zones, and the ground its survey speaks for.

    ``extent_kind`` says whether that ground is the layer's own zones, the township boundary, or the polygon in
    ``extent``. ``zones`` is a zone frame with one more column, ``synthetic``, always True.
    """

    hazard: str
    product: str
    name: str
    source: str
    survey_date: date
    scale: int
    extent_kind: ExtentKind
    extent: BaseGeometry | None
    zones: gpd.GeoDataFrame


@dataclass(frozen=True, slots=True)
class SurveyTitle:
    """The title block of a layer: what was surveyed, by whom, when, and at what scale."""

    hazard: str
    product: str
    name: str
    source: str
    survey_date: date
    scale: int


@dataclass(frozen=True, slots=True)
class ZoneSketch:
    """One zone before it enters a frame: metric geometry and what is known of it; ``rank`` 0 means ungraded."""

    name: str
    geometry: Any
    scheme: str = ""
    rank: int = 0
    intensity: float | None = None
    arrival_min: float | None = None
    overburden_m: float | None = None
    fault_age: str | None = None
    corridor_kind: str | None = None


def layer_of(
    survey: SurveyTitle, zones: Iterable[ZoneSketch], *, extent_kind: ExtentKind, extent: BaseGeometry | None = None
) -> HazardLayer:
    """Gather zones into a layer; the frame is in the metric CRS until the township is handed out."""
    rows = [_row(survey, zone, number) for number, zone in enumerate(zones, start=1)]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=list(ZONE_COLUMNS)), geometry="geometry", crs=DEFAULT_METRIC_CRS
    )
    frame["grade_rank"] = frame["grade_rank"].astype("Int64")
    for column in ("intensity", "arrival_min", "overburden_m"):
        frame[column] = frame[column].astype("float64")
    for column in ("grade", "grade_scheme", "fault_age", "corridor_kind"):
        frame[column] = pd.Series([row[column] for row in rows], index=frame.index, dtype=object)
    return HazardLayer(
        survey.hazard, survey.product, survey.name, survey.source, survey.survey_date, survey.scale,
        extent_kind, extent, frame,
    )  # fmt: skip


def graded_mosaic(
    land: Land, score: Field, levels: tuple[float, ...], *, least_m2: float
) -> list[tuple[str, int, Any]]:
    """Cut the whole township along ``levels`` of ``score`` and along village borders.

    ``levels`` rise; ground above the highest is rank 1. Returns (village, rank, geometry) with shared edges exact.
    """
    lines = [soften(isolines(land.grid, score, level), tolerance_m=30.0) for level in levels]
    lines.append(shapely.boundary(land.villages.area))
    faces = faces_between(land.boundary, np.concatenate(lines))
    inner = deep_points(faces)
    value = land.grid.sample(score, inner[:, 0], inner[:, 1])
    rank = len(levels) + 1 - np.searchsorted(np.array(levels), value)
    home = _home(land, faces)
    label = absorb_slivers(faces, home * 10 + rank, least_m2=least_m2)
    return [(land.villages.name[key // 10], key % 10, merged) for key, merged in dissolve(faces, label).items()]


def bands(nested: Sequence[shapely.MultiPolygon]) -> list[shapely.MultiPolygon]:
    """Disjoint bands from areas given from the innermost outwards; every outer area is first made to hold the inner."""
    rings, inner = [], shapely.MultiPolygon()
    for area in nested:
        rings.append(less(area, inner))
        inner = merged([inner, area])
    return rings


def ribbon(
    line: shapely.LineString, half_width: Field | float, noise: Noise, *, rough: float = 0.35
) -> shapely.MultiPolygon:
    """A strip along ``line`` whose half width (one metre value for each of any number of even stations) wanders."""
    stations = np.atleast_1d(np.asarray(half_width, dtype=float))
    count = max(int(line.length / 40.0), 4)
    share = np.linspace(0.0, 1.0, count)
    places = shapely.get_coordinates(shapely.line_interpolate_point(line, share, normalized=True))
    width = np.interp(share, np.linspace(0.0, 1.0, len(stations)), stations)
    run = np.gradient(places, axis=0)
    normal = np.column_stack([-run[:, 1], run[:, 0]]) / np.maximum(np.hypot(run[:, 0], run[:, 1]), 1e-9)[:, None]
    sides = []
    for side in (1.0, -1.0):
        swing = noise.fractal(places[:, 0] + 4e4 * side, places[:, 1], length_m=520.0, octaves=3)
        sides.append(places + side * normal * np.maximum(width * (1.0 + rough * swing), 1.0)[:, None])
    corners = np.stack([sides[0][:-1], sides[0][1:], sides[1][:-1], sides[1][1:]], axis=1)
    quads = shapely.convex_hull(shapely.multipoints(corners))
    return polygons_of(shapely.simplify(shapely.union_all(quads), 4.0))


def by_village(
    land: Land, geometry: shapely.Geometry, *, least_m2: float = 8000.0
) -> list[tuple[str, shapely.MultiPolygon]]:
    """The parts of ``geometry`` in each village it reaches, largest polygons only, smaller ones left out."""
    parts = [common(area, geometry) for area in land.villages.area]
    kept = [(name, polygons_of(part, least_m2)) for name, part in zip(land.villages.name, parts, strict=True)]
    return [(name, part) for name, part in kept if not part.is_empty]


def _home(land: Land, faces: Geometries) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    tree = shapely.STRtree(shapely.point_on_surface(faces))
    home = np.zeros(len(faces), dtype=np.int64)
    for number, area in enumerate(land.villages.area):
        home[tree.query(area, predicate="contains")] = number
    return home


def _row(survey: SurveyTitle, zone: ZoneSketch, number: int) -> dict[str, object]:
    graded = zone.rank > 0
    multi = shapely.MultiLineString if "Line" in zone.geometry.geom_type else shapely.MultiPolygon
    return {
        "hazard": survey.hazard, "product": survey.product, "name": zone.name,
        "grade": GRADES[zone.scheme][zone.rank - 1] if graded else None,
        "grade_rank": zone.rank if graded else None, "grade_scheme": zone.scheme if graded else None,
        "survey_date": survey.survey_date, "scale": survey.scale, "intensity": zone.intensity,
        "arrival_min": zone.arrival_min, "overburden_m": zone.overburden_m, "fault_age": zone.fault_age,
        "corridor_kind": zone.corridor_kind,
        "source": survey.source, "source_id": f"{survey.hazard}-{survey.product}-{number:03d}", "synthetic": True,
        "geometry": multi(list(shapely.get_parts(zone.geometry))),
    }  # fmt: skip
