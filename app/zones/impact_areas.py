"""Areas that a draft would grade otherwise, by hazard or by risk: those of the published runs that meet what it changes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from app.platform.work import Work
from app.zones.impact_schemas import AreaShift, GradeGround
from gis_layers.crs import Bounds, to_metric, to_storage
from gis_layers.stores import runs
from gis_layers.stores.edition_ground import read_edition_ground
from gis_layers.stores.runs import GradingProduct, UnitKind
from risk_model.grading import (
    GradedGround,
    Plot,
    Units,
    compose,
    grading_terms,
    join_parts,
    lay_grounds,
    measuring_here,
    scores_of,
)
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

UNITS: Final[tuple[UnitKind, ...]] = ("village", "grid")
Floats = npt.NDArray[np.float64]

NOTHING: Final = np.empty(0)
MOST: Final = 2_000
"""Areas of one run graded for an impact: of more it is told that nobody did."""


@dataclass(frozen=True, slots=True)
class TouchedAreas:
    """The areas of the published run of ``unit`` that meet changed ground; None where they are too many.

    ``parts`` are the exposure, vulnerability and capacity (0–1, NaN unknown) the run found of each: they compare all its areas
    with each other by people and buildings, which zones do not change.
    """

    unit: UnitKind
    run: int
    units: Units | None
    places: tuple[list[float], ...] = ()
    parts: tuple[Floats, Floats, Floats] = (NOTHING, NOTHING, NOTHING)


@dataclass(frozen=True, slots=True)
class AreaGrades:
    """The grades of one area: of its composite hazard, and of the risk to people and buildings."""

    hazard: GradeGround
    risk: GradeGround


Grades = list[AreaGrades]
"""The grades of each area."""


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
    return TouchedAreas(unit, run, units, tuple(places), _parts(list(kept["risk"])))


def _parts(found: Sequence[Mapping[str, Any]]) -> tuple[Floats, Floats, Floats]:
    exposure, vulnerability, capacity = (
        np.array([np.nan if one[part] is None else one[part] for one in found], dtype=np.float64)
        for part in ("exposure", "vulnerability", "capacity")
    )
    return exposure, vulnerability, capacity


def grade_touched(work: Work, touched: Sequence[TouchedAreas], edition: int, on: datetime.date) -> list[Grades]:
    """The grades of the areas on the zones in force in ``edition`` on day ``on``, by the rules of today and the ordinary method."""
    if not any(one.units is not None and len(one.units) for one in touched):
        return [[] for _ in touched]
    hazards = [hazard.key for hazard in grading_terms(work.rulebook).hazards]
    zones, extents = read_edition_ground(work.session, edition, hazards, work.settings.metric_crs)
    grounds = lay_grounds(zones, extents, work.rulebook, on)
    return [_graded(work.rulebook, one, grounds) for one in touched]


def _graded(rulebook: RuleBook, touched: TouchedAreas, grounds: Sequence[GradedGround]) -> Grades:
    """The grades of areas: that of hazard composed anew, that of risk from it and what the run found of people and buildings."""
    units = touched.units
    if units is None or not len(units):
        return []
    terms = grading_terms(rulebook)
    composite = compose(scores_of(measuring_here(rulebook)(Plot(units.geometry), grounds)), terms)
    _, risk = join_parts(composite.weighted, touched.parts, terms)
    pairs = zip(composite.rank.tolist(), risk.tolist(), strict=True)
    return [AreaGrades(*(_grade(rulebook, terms.scheme, rank) for rank in pair)) for pair in pairs]


def _grade(rulebook: RuleBook, scheme: str, rank: int) -> GradeGround:
    if not rank:
        return {"grade_scheme": None, "grade_rank": None, "grade": None}
    return {"grade_scheme": scheme, "grade_rank": rank, "grade": rulebook.grade(scheme, rank).name}


def shifts_of(touched: Sequence[TouchedAreas], before: Sequence[Grades], after: Sequence[Grades]) -> list[AreaShift]:
    """The areas whose grades differ, run by run; one whose hazard and risk both do stands twice."""
    return [
        shift
        for one, was, comes in zip(touched, before, after, strict=True)
        for number, pair in enumerate(zip(was, comes, strict=True))
        for shift in _shifts(one, number, *pair)
    ]


def _shifts(touched: TouchedAreas, number: int, before: AreaGrades, after: AreaGrades) -> Iterator[AreaShift]:
    assert touched.units is not None
    both: tuple[tuple[GradingProduct, GradeGround, GradeGround], ...] = (
        ("hazard", before.hazard, after.hazard),
        ("risk", before.risk, after.risk),
    )
    for product, old, new in both:
        if old != new:
            yield {
                "unit": touched.unit,
                "run": touched.run,
                "area": touched.units.key[number],
                "name": touched.units.name[number],
                "product": product,
                "before": old,
                "after": new,
                "place": touched.places[number],
            }


def count_judged(touched: Sequence[TouchedAreas]) -> int | None:
    """Number of areas graded; None where those of one run were too many to be."""
    if any(one.units is None for one in touched):
        return None
    return sum(len(one.units) for one in touched if one.units is not None)
