"""The synthetic township: one seed in, every layer of the demonstration out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS, STORAGE_CRS, to_storage
from gis_layers.demo.climate import climate_layers
from gis_layers.demo.composite import composite_layer
from gis_layers.demo.constraints import ConstraintLayer
from gis_layers.demo.corridors import corridor_layers
from gis_layers.demo.earthquake import earthquake_layers
from gis_layers.demo.floods import water_layers
from gis_layers.demo.geology import geological_layers
from gis_layers.demo.isolines import isolines, soften
from gis_layers.demo.land import Land, lay_land
from gis_layers.demo.layers import HazardLayer
from gis_layers.demo.objects import lay_out
from gis_layers.demo.relief import fine_model
from gis_layers.demo.terrain import DemoElevation, as_terrain
from gis_layers.terrain import ReliefPicture, draw_relief
from risk_model.vocabulary import Geometries

DEMO_SEED = 620724102
CONTOUR_STEP_M, INDEX_STEP_M = 10, 50


@dataclass(frozen=True, slots=True)
class Township:
    """Everything the demonstration shows, all of it synthetic.

    Every frame is in the storage CRS with a column ``synthetic`` (True) and, besides geometry, these columns:
    ``boundary`` name (one MultiPolygon); ``villages`` code, name, population, seat_lon, seat_lat; ``roads`` name,
    road_class (motorway national county township village track), oneway (no forward), bridge; ``railways`` name; ``water`` kind
    (river stream canal), name (None for nameless headwaters); ``reservoirs`` name; ``contours`` elevation (metres),
    index; ``projects`` name, project_class, seismic_class; ``enterprises facilities groups buildings stations forces
    assessments`` those of their registers, ``enterprises`` with risk_points and inspections beside; ``hidden_dangers`` with enterprise by
    name. ``terrain`` stays in its own metric CRS; ``relief`` is the picture drawn of it.
    """

    boundary: gpd.GeoDataFrame
    villages: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    railways: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    reservoirs: gpd.GeoDataFrame
    terrain: DemoElevation
    contours: gpd.GeoDataFrame
    layers: tuple[HazardLayer, ...]
    projects: gpd.GeoDataFrame
    enterprises: gpd.GeoDataFrame
    hidden_dangers: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    groups: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    stations: gpd.GeoDataFrame
    forces: gpd.GeoDataFrame
    constraints: tuple[ConstraintLayer, ...]
    assessments: gpd.GeoDataFrame
    relief: ReliefPicture


def build_township(seed: int = DEMO_SEED) -> Township:
    """Model the township of ``seed``; equal seeds give equal bytes. Takes some ten seconds."""
    land = lay_land(seed)
    single = (
        *geological_layers(land), *water_layers(land), *earthquake_layers(land), *climate_layers(land),
        *corridor_layers(land),
    )  # fmt: skip
    layers = (*single, composite_layer(land, single))
    objects = lay_out(land, layers)
    return Township(
        boundary=_frame({"name": ["示范镇（合成）"]}, [shapely.MultiPolygon([land.boundary])]),
        villages=_villages(land),
        roads=_roads(land),
        railways=_frame({"name": ["示范铁路"]}, [land.railway]),
        water=_water(land),
        reservoirs=_frame({"name": [name for name, _ in land.reservoirs]}, [shore for _, shore in land.reservoirs]),
        terrain=as_terrain(land.ground, land.height, DEFAULT_METRIC_CRS),
        contours=_contours(land),
        layers=tuple(_stored(layer) for layer in layers),
        projects=_carried(objects.projects),
        enterprises=_carried(objects.enterprises),
        hidden_dangers=_carried(objects.hidden_dangers),
        facilities=_carried(objects.facilities),
        groups=_carried(objects.groups),
        buildings=_carried(objects.buildings),
        stations=_carried(objects.stations),
        forces=_carried(objects.forces),
        constraints=tuple(_carried_constraints(layer) for layer in objects.constraints),
        assessments=_carried(objects.assessments),
        relief=draw_relief(fine_model(land, DEFAULT_METRIC_CRS)),
    )


def _villages(land: Land) -> gpd.GeoDataFrame:
    villages = land.villages
    seats = shapely.get_coordinates(to_storage(np.asarray(shapely.points(villages.seat))))
    columns = {
        "code": list(villages.code), "name": list(villages.name), "population": list(villages.population),
        "seat_lon": seats[:, 0], "seat_lat": seats[:, 1],
    }  # fmt: skip
    return _frame(columns, [shapely.MultiPolygon(list(shapely.get_parts(area))) for area in villages.area])


def _roads(land: Land) -> gpd.GeoDataFrame:
    roads = land.roads
    columns = {
        "name": list(roads.name), "road_class": list(roads.road_class), "bridge": list(roads.bridge),
        "oneway": ["forward" if oneway else "no" for oneway in roads.oneway],
    }  # fmt: skip
    return _frame(columns, roads.line)


def _water(land: Land) -> gpd.GeoDataFrame:
    courses = (*land.streams, *land.canals)
    columns = {"kind": [course.kind for course in courses], "name": [course.name or None for course in courses]}
    return _frame(columns, [course.line for course in courses])


def _contours(land: Land) -> gpd.GeoDataFrame:
    lowest = int(np.ceil(land.height.min() / CONTOUR_STEP_M)) * CONTOUR_STEP_M
    lines, elevations = [], []
    for elevation in range(lowest, int(land.height.max()), CONTOUR_STEP_M):
        found = soften(isolines(land.grid, land.height, float(elevation)), tolerance_m=18.0)
        found = found[shapely.length(found) > 300.0] if len(found) else found
        lines += list(found)
        elevations += [elevation] * len(found)
    return _frame({"elevation": elevations, "index": [level % INDEX_STEP_M == 0 for level in elevations]}, lines)


def _frame(columns: dict[str, Any], geometry: list[shapely.Geometry] | Geometries) -> gpd.GeoDataFrame:
    metric = gpd.GeoDataFrame(columns, geometry=np.array(geometry, dtype=object), crs=DEFAULT_METRIC_CRS)
    metric["synthetic"] = True
    return _carried(metric)


def _carried(metric: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    stored = to_storage(metric.geometry.to_numpy())
    return metric.drop(columns="geometry").set_geometry(gpd.GeoSeries(stored, index=metric.index, crs=STORAGE_CRS))


def _carried_constraints(layer: ConstraintLayer) -> ConstraintLayer:
    extent = None if layer.extent is None else to_storage(np.array([layer.extent], dtype=object))[0]
    return replace(layer, areas=_carried(layer.areas), extent=extent)


def _stored(layer: HazardLayer) -> HazardLayer:
    extent = None if layer.extent is None else to_storage(np.array([layer.extent], dtype=object))[0]
    return replace(layer, zones=_carried(layer.zones), extent=extent)
