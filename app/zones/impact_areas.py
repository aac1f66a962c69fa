"""Areas that a draft would grade otherwise: those of the published runs that meet what it changes, graded on its zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from app.platform.work import Work
from app.zones.impact_schemas import AreaShift, GradeGround
from gis_layers.crs import Bounds, to_metric, to_storage
from gis_layers.stores import runs
from gis_layers.stores.edition_ground import read_edition_ground
from gis_layers.stores.runs import UnitKind
from risk_model.grading import (
    Figures,
    GradedGround,
    Plot,
    Units,
    compose_grades,
    grading_terms,
    lay_grounds,
    measuring_here,
)
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

UNITS: Final[tuple[UnitKind, ...]] = ("village", "grid")
MOST: Final = 2_000
"""Areas of one run graded for an impact: of more it is told that nobody did."""


@dataclass(frozen=True, slots=True)
class TouchedAreas:
    """The areas of the published run of ``unit`` that meet changed ground; None where they are too many."""

    unit: UnitKind
    run: int
    units: Units | None
    places: tuple[list[float], ...] = ()


Grades = list[GradeGround]
"""The grade of each area."""


def touched_areas(work: Work, shapes: Geometries) -> list[TouchedAreas]:
    """The areas that meet the ``shapes`` a draft changes (metric CRS)."""
    if not len(shapes):
        return []
    found = ((unit, runs.latest_run(work.session, unit)) for unit in UNITS)
    return [_touched(work, unit, run.id, shapes) for unit, run in found if run is not None]


def _touched(work: Work, unit: UnitKind, run: int, shapes: Geometries) -> TouchedAreas:
    corners = shapely.bounds(shapes).tolist()
    boxes = as_array([shapely.box(*one) for one in corners])
    west, south, east, north = shapely.total_bounds(to_storage(boxes, work.settings.metric_crs)).tolist()
    window: Bounds = (west, south, east, north)
    if runs.count_areas(work.session, run, window) > MOST:
        return TouchedAreas(unit, run, None)
    areas = runs.read_areas(work.session, run, window)
    drawn = to_metric(areas.geometry.to_numpy(), work.settings.metric_crs)
    met: list[int] = []
    if len(drawn):
        met = np.unique(shapely.STRtree(drawn).query(shapes, predicate="intersects")[1]).tolist()
    kept = areas.iloc[met]
    places = shapely.get_coordinates(shapely.point_on_surface(kept.geometry.to_numpy())).tolist()
    units = Units(list(kept["area"]), list(kept["name"]), drawn[met])
    return TouchedAreas(unit, run, units, tuple(places))


def grade_touched(work: Work, touched: Sequence[TouchedAreas], edition: int) -> list[Grades]:
    """The grades of the areas on the zones in force in ``edition``, by the rules of today and the ordinary method."""
    if not any(one.units is not None and len(one.units) for one in touched):
        return [[] for _ in touched]
    hazards = [hazard.key for hazard in grading_terms(work.rulebook).hazards]
    zones, extents = read_edition_ground(work.session, edition, hazards, work.settings.metric_crs)
    grounds = lay_grounds(zones, extents, work.rulebook)
    return [_graded(work.rulebook, one.units, grounds) if one.units and len(one.units) else [] for one in touched]


def _graded(rulebook: RuleBook, units: Units, grounds: Sequence[GradedGround]) -> Grades:
    """The grades of units; people and buildings have no part in them."""
    unknown = np.full(len(units), np.nan)
    figures = Figures(unknown, unknown, unknown, unknown, ("",) * len(units))
    measured = measuring_here(rulebook)(Plot(units.geometry), grounds)
    return [
        {"grade_scheme": area.grade_scheme, "grade_rank": area.grade_rank, "grade": area.grade}
        for area in compose_grades(units, (grounds, measured), figures, rulebook)
    ]


def shifts_of(touched: Sequence[TouchedAreas], before: Sequence[Grades], after: Sequence[Grades]) -> list[AreaShift]:
    """The areas whose grades differ, run by run."""
    return [
        {
            "unit": one.unit,
            "run": one.run,
            "area": one.units.key[number],
            "name": one.units.name[number],
            "before": old,
            "after": new,
            "place": one.places[number],
        }
        for one, was, comes in zip(touched, before, after, strict=True)
        if one.units is not None
        for number, (old, new) in enumerate(zip(was, comes, strict=True))
        if old != new
    ]


def count_judged(touched: Sequence[TouchedAreas]) -> int | None:
    """Number of areas graded; None where those of one run were too many to be."""
    if any(one.units is None for one in touched):
        return None
    return sum(len(one.units) for one in touched if one.units is not None)
