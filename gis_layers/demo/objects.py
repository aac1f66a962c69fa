"""Everything that stands in the township, laid out in the order in which one thing leaves room for the next."""

from __future__ import annotations

import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.demo.constraints import ConstraintLayer, constraint_layers
from gis_layers.demo.dangers import record_dangers
from gis_layers.demo.enterprises import place_enterprises
from gis_layers.demo.land import Land
from gis_layers.demo.layers import HazardLayer
from gis_layers.demo.project_plans import SITED_WELL
from gis_layers.demo.projects import place_projects
from gis_layers.demo.refuges import place_facilities
from gis_layers.demo.regional_assessments import regional_assessments
from gis_layers.demo.responders import place_forces, place_stations
from gis_layers.demo.settlement import NUMERALS, Groups, SettlementHouses, build_houses, found_groups

_NAMED_FAN = re.compile(
    r"^(?P<village>.+?村)(?P<first>[一二三四五六七八九十])(?:至(?P<last>[一二三四五六七八九十]))?社"
)


@dataclass(frozen=True, slots=True)
class TownObjects:
    """Frames in the metric CRS with the columns of their registers, and the constraint layers."""

    enterprises: gpd.GeoDataFrame
    hidden_dangers: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    projects: gpd.GeoDataFrame
    groups: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    stations: gpd.GeoDataFrame
    forces: gpd.GeoDataFrame
    constraints: tuple[ConstraintLayer, ...]
    assessments: gpd.GeoDataFrame


def lay_out(land: Land, layers: tuple[HazardLayer, ...]) -> TownObjects:
    """Enterprises first, then facilities, projects, houses on what is left, and what is reckoned from all of them."""
    enterprises = place_enterprises(land)
    plots = enterprises.geometry.to_numpy()
    facilities = place_facilities(land, plots)
    occupied = np.concatenate([plots, facilities.geometry.to_numpy()])
    projects = place_projects(land, layers, occupied)
    groups = found_groups(land, _fans(layers))
    houses = build_houses(land, groups, np.concatenate([occupied, projects.geometry.to_numpy()]))
    stations = place_stations(land)
    plants = plots[shapely.get_dimensions(plots) > 0]
    constraints = constraint_layers(land, houses.outline, plants, projects.geometry.to_numpy()[SITED_WELL])
    return TownObjects(
        enterprises=enterprises,
        hidden_dangers=record_dangers(land, enterprises),
        facilities=facilities,
        projects=projects,
        groups=_groups(land, groups),
        buildings=_buildings(land, groups, houses),
        stations=stations,
        forces=place_forces(land, stations, enterprises),
        constraints=constraints,
        assessments=regional_assessments(land, layers, constraints),
    )


def _fans(layers: tuple[HazardLayer, ...]) -> dict[str, shapely.Geometry]:
    """The declared danger zone of each village group that one is named for."""
    zones = next(layer.zones for layer in layers if layer.hazard == "declared_geological")
    fans: dict[str, shapely.Geometry] = {}
    for name, shape in zip(zones["name"], zones.geometry, strict=True):
        found = _NAMED_FAN.match(name)
        if found:
            first, last = NUMERALS.index(found["first"]), NUMERALS.index(found["last"] or found["first"])
            fans |= {f"{found['village']}{NUMERALS[k]}社": shape for k in range(first, last + 1)}
    return fans


def _groups(land: Land, groups: Groups) -> gpd.GeoDataFrame:
    columns = {
        "name": list(groups.name), "village_code": [land.villages.code[number] for number in groups.village],
        "population": list(groups.population), "households": list(groups.households), "synthetic": True,
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=shapely.points(groups.place), crs=DEFAULT_METRIC_CRS)


def _buildings(land: Land, groups: Groups, houses: SettlementHouses) -> gpd.GeoDataFrame:
    columns = {
        "village_code": [land.villages.code[groups.village[group]] for group in houses.group],
        "group_name": [groups.name[group] for group in houses.group],
        "use": list(houses.use), "structure": list(houses.structure), "floors": list(houses.floors),
        "year_built": list(houses.year), "households": list(houses.households), "synthetic": True,
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=houses.outline, crs=DEFAULT_METRIC_CRS)
