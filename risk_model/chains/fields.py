"""The ground an event can happen on, as published zones and surveys tell it, and the ground nobody surveyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.rulebook import RuleBook
from risk_model.rulebook.chains import Event
from risk_model.shapes import AREAL, join_shapes
from risk_model.surveys import surveyed_ground
from risk_model.vocabulary import ExtentSet, ZoneSet


@dataclass(frozen=True, slots=True)
class EventField:
    """Ground where an event happens (``prone``) and where that is known (``surveyed``); metric CRS, polygons."""

    prone: Any
    surveyed: Any


def field_of(event: Event, zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook, on: date) -> EventField:
    """The field of an event with a hazard on day ``on``: its zones no milder than the event asks, on ground its surveys speak for.

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
    ground = surveyed_ground(
        zones, extents, rulebook, on, lambda key, one: key == event.hazard and one in event.products
    )
    known = ground.whole(str(event.hazard))
    return EventField(join_shapes(prone), shapely.difference(known, join_shapes(zones.geometry[ungraded])))


def _severe(event: Event, scheme: str, rank: int, rulebook: RuleBook) -> bool:
    return rank == 0 or rulebook.score(rulebook.grade(scheme, rank)) >= event.least_score


def _of(rows: ZoneSet | ExtentSet, event: Event) -> npt.NDArray[np.bool_]:
    return np.asarray((rows.hazard == event.hazard) & np.isin(rows.product, event.products), dtype=bool)
