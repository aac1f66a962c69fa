"""Units of a run and the figures known of them: villages, grid cells, polygons; people, buildings, shelters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from app.judgement.population import read_settlements
from app.platform.errors import Refused
from app.platform.work import Work
from gis_layers.crs import STORAGE_SRID, to_metric, to_storage
from gis_layers.stores.places import find_boundary, read_places
from gis_layers.stores.town import RegisterQuery, read_register
from gis_layers.stores.unitsets import read_units_of
from risk_model.grading import (
    BuildingStock,
    Figures,
    Units,
    grading_terms,
    lay_cells,
    measure_buildings,
    spread_people,
)
from risk_model.message import msg
from risk_model.shapes import as_array

AreaRow: TypeAlias = dict[str, Any]
"""An area as the model grades it, by columns of ``runs.AREA_COLUMNS``, or one of its documents; plain values."""

MOST_CELLS: Final = 1_000_000
PEOPLE_DIGITS: Final = 2
DIGITS: Final = 3
"""Figures are kept to the square decimetre, so that a run can be repeated from what it recorded."""


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """Choice of units: the cells of a grid (``cell_m``), the polygons of a set (``set_id``), or else the villages."""

    cell_m: float | None = None
    set_id: int | None = None


@dataclass(frozen=True, slots=True)
class Subjects:
    """The units of a run: as stored (``drawn``, storage CRS) and, from exactly that, as measured."""

    units: Units
    drawn: npt.NDArray[np.object_]
    population: npt.NDArray[np.float64]
    """Counted people, NaN where nobody counted them for this very unit."""


def read_subjects(session: Session, which: UnitChoice, metric_crs: str) -> Subjects:
    """The units a run is to grade; Refused says what must be loaded first."""
    if which.set_id is not None:
        return _uploaded(session, which.set_id, metric_crs)
    return _villages(session, metric_crs) if which.cell_m is None else _cells(session, which.cell_m, metric_crs)


def measure_figures(work: Work, subjects: Subjects) -> Figures:
    """People, ground under buildings and shelter places of each unit, NaN where no register knows them."""
    metric_crs, terms = work.settings.metric_crs, grading_terms(work.rulebook)
    stock = read_register(work.session, "buildings")
    structures = np.array([word or "" for word in stock["structure"]], dtype=object)
    buildings = BuildingStock(to_metric(stock.geometry.to_numpy(), metric_crs), structures)
    under, fragile = measure_buildings(subjects.units.geometry, buildings, terms)
    people, method = _people(work, subjects)
    return Figures(
        population=people,
        building_m2=np.round(under, DIGITS),
        fragile_m2=np.round(fragile, DIGITS),
        shelter_places=_shelter_places(work.session, subjects.units, metric_crs),
        population_method=method,
    )


def check_size(session: Session, cell_m: float, metric_crs: str) -> None:
    """Refused where cells of this side over the boundary would be more than one run may have, or there is no ground."""
    _ground_of_cells(session, cell_m, metric_crs)


def _people(work: Work, subjects: Subjects) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """The counted people of each unit, else its share of the people of the villages it lies in; and the method of each."""
    counted = ~np.isnan(subjects.population)
    settlements, dwellings = read_settlements(work)
    if counted.all() or not len(settlements.geometry):
        return subjects.population, tuple("counted" if one else "" for one in counted)
    least_known = grading_terms(work.rulebook).least_surveyed_share
    spread = spread_people(subjects.units.geometry, settlements, dwellings, least_known=least_known)
    people = np.where(counted, subjects.population, np.round(spread.people, PEOPLE_DIGITS))
    return people, tuple("counted" if one else how for one, how in zip(counted, spread.method, strict=True))


def _villages(session: Session, metric_crs: str) -> Subjects:
    villages = read_places(session, "villages")
    if villages.empty:
        raise Refused(msg("还没有载入村界，没有可分级的单元；请先运行 anzhi import villages FILE"), code="unready")
    numbers = zip(villages["code"], villages["id"], strict=True)
    keys = [f"village-{number}" if pd.isna(code) else str(code) for code, number in numbers]
    people = pd.to_numeric(villages["population"]).to_numpy(dtype=np.float64)
    drawn = villages.geometry.to_numpy()
    return Subjects(Units(keys, list(villages["name"]), to_metric(drawn, metric_crs)), drawn, people)


def _uploaded(session: Session, set_id: int, metric_crs: str) -> Subjects:
    units = read_units_of(session, set_id)
    drawn = units.geometry.to_numpy()
    people = pd.to_numeric(units["population"]).to_numpy(dtype=np.float64)
    return Subjects(Units(list(units["code"]), list(units["name"]), to_metric(drawn, metric_crs)), drawn, people)


def _ground_of_cells(session: Session, cell_m: float, metric_crs: str) -> shapely.Geometry:
    boundary = find_boundary(session)
    if boundary is None:
        raise Refused(msg("既没有载入行政边界，也没有载入村界，无法铺设格网；请先导入其中之一"), code="unready")
    ground: shapely.Geometry = to_metric(as_array([boundary]), metric_crs)[0]
    west, south, east, north = shapely.bounds(ground)
    asked = (east - west) * (north - south) / cell_m**2
    if asked > MOST_CELLS:
        raise Refused(
            msg(
                "边长 {cell_m} 米的格网约有 {asked} 个单元，上限为 {most_cells} 个；请改用更大的边长（cell_m）",
                cell_m=f"{cell_m:g}",
                asked=f"{asked:,.0f}",
                most_cells=f"{MOST_CELLS:,}",
            ),
            code="too-fine",
        )
    return ground


def _cells(session: Session, cell_m: float, metric_crs: str) -> Subjects:
    cells = lay_cells(_ground_of_cells(session, cell_m, metric_crs), cell_m)
    if not len(cells):
        raise Refused(msg("行政边界内放不下一个这样大小的单元；请改用更小的边长（cell_m）"), code="too-fine")
    drawn = to_storage(cells.geometry, metric_crs)
    unknown = np.full(len(cells), np.nan)
    return Subjects(Units(cells.key, cells.name, to_metric(drawn, metric_crs), cell_m), drawn, unknown)


def _shelter_places(session: Session, units: Units, metric_crs: str) -> npt.NDArray[np.float64]:
    shelters = read_register(session, "facilities", RegisterQuery(kind="shelter"))
    if shelters.empty:
        return np.full(len(units), np.nan)
    points = shapely.point_on_surface(to_metric(shelters.geometry.to_numpy(), metric_crs))
    capacity = np.array([count or 0 for count in shelters["capacity"]], dtype=np.float64)
    shelter, unit = shapely.STRtree(units.geometry).query(points, predicate="intersects")
    return np.asarray(np.bincount(unit, capacity[shelter], len(units)), dtype=np.float64)


def subjects_again(areas: gpd.GeoDataFrame, metric_crs: str, cell_m: float | None = None) -> tuple[Subjects, Figures]:
    """The units and figures of a recorded run, from what it recorded of its areas."""
    drawn = areas.geometry.to_numpy()
    units = Units(list(areas["area"]), list(areas["name"]), to_metric(drawn, metric_crs), cell_m)
    told = list(areas["measurements"])
    figures = Figures(
        population=_column(told, "population"),
        building_m2=_column(told, "building_m2"),
        fragile_m2=_column(told, "fragile_m2"),
        shelter_places=_column(told, "shelter_places"),
        population_method=tuple(row["population_method"] or "" for row in told),
    )
    return Subjects(units, drawn, figures.population), figures


def frame_of(rows: list[AreaRow], drawn: npt.NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Rows of areas with their geometry in the storage CRS."""
    return gpd.GeoDataFrame(rows, geometry=drawn, crs=STORAGE_SRID)


def _column(told: list[AreaRow], name: str) -> npt.NDArray[np.float64]:
    return np.array([np.nan if row[name] is None else row[name] for row in told], dtype=np.float64)
