"""The ground an event can happen on, as published zones and surveys tell it, and the ground nobody surveyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.rulebook import RuleBook
from risk_model.rulebook.chains import Event
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet

AREAL = 2


@dataclass(frozen=True, slots=True)
class Field:
    """Where an event happens (``prone``) and where that is known at all (``surveyed``); metric CRS, polygons."""

    prone: Any
    surveyed: Any


def field_of(event: Event, zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook) -> Field:
    """The field of an event with a hazard: its zones no milder than the event asks, on ground its surveys speak for.

    Ground under a zone without a grade of a hazard that has grades is not known.
    """
    mine = _of(zones, event) & (shapely.get_dimensions(zones.geometry) == AREAL)
    graded = bool(event.hazard) and rulebook.hazard(str(event.hazard)).graded
    ungraded = mine & (zones.rank == 0) if graded else np.zeros(len(zones), dtype=bool)
    prone = [
        shape
        for shape, scheme, rank in zip(zones.geometry[mine], zones.scheme[mine], zones.rank[mine], strict=True)
        if (rank > 0 or not graded) and _severe(event, str(scheme), int(rank), rulebook)
    ]
    mine_extents = _of(extents, event)
    own = extents.extent_id[mine_extents & extents.own_zones]
    drawn = extents.geometry[mine_extents & ~extents.own_zones]
    surveyed = joined([*drawn, *zones.geometry[mine & np.isin(zones.extent_id, own)]])
    return Field(joined(prone), shapely.difference(surveyed, joined(zones.geometry[ungraded])))


def _severe(event: Event, scheme: str, rank: int, rulebook: RuleBook) -> bool:
    return rank == 0 or rulebook.score(rulebook.grade(scheme, rank)) >= event.least_score


def joined(shapes: Any) -> Any:
    """The union of ``shapes``, mended where carrying them to the metric CRS made an outline cross itself by a hair."""
    array: Geometries = np.empty(len(shapes), dtype=object)
    array[:] = list(shapes)
    crossed = ~shapely.is_valid(array)
    array[crossed] = shapely.make_valid(array[crossed])
    return shapely.union_all(array) if len(array) else shapely.Polygon()


def _of(rows: ZoneSet | ExtentSet, event: Event) -> npt.NDArray[np.bool_]:
    return np.asarray((rows.hazard == event.hazard) & np.isin(rows.product, event.products), dtype=bool)
