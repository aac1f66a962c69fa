"""Impact of a draft on the ground of one theme: which ground changes its grade, and how much each grade gains and loses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from risk_model.editing.values import EditedZone, K, packaged_terms
from risk_model.overlay import prepared_copy
from risk_model.shapes import AREAL, as_array, join_shapes, polygons_in

Mark = tuple[str, int]
"""Scheme and rank of ground; ``UNGRADED`` for that of a zone without a grade."""

UNGRADED: Mark = ("", 0)


@dataclass(frozen=True, slots=True)
class GroundChange:
    """Ground (metric CRS) that had one grade and gets another; None where no zone is."""

    before: Mark | None
    after: Mark | None
    area_m2: float
    shape: Any


@dataclass(frozen=True, slots=True)
class GroundImpact:
    """All ground that changes its grade, the largest change first."""

    changes: tuple[GroundChange, ...]

    @property
    def gained_m2(self) -> dict[Mark, float]:
        """What each grade gains."""
        return _summed((one.after, one.area_m2) for one in self.changes)

    @property
    def lost_m2(self) -> dict[Mark, float]:
        """What each grade loses."""
        return _summed((one.before, one.area_m2) for one in self.changes)

    @property
    def shape(self) -> Any:
        """All changed ground as one geometry: whatever stands on it may be judged otherwise."""
        return join_shapes([one.shape for one in self.changes])


def ground_impact(
    base: Mapping[K, EditedZone], draft: Mapping[K, EditedZone], worse_first: Callable[[Mark], Any] | None = None
) -> GroundImpact:
    """The ground of one theme whose grade differs between two states of its zones; where zones overlap, the worse counts.

    ``worse_first`` sorts grades, by rank unless given; ground of a zone without grade counts least. Changes below
    ``ground_m2`` come of rounding and are left out. Lines have no ground.
    """
    order = worse_first or (lambda mark: (mark[1], mark[0]))
    frame = _changed_ground(base, draft)
    before, after = (_graded(zones, frame, order) for zones in (base, draft))
    changes = []
    for old, one in before.items():
        for new, other in after.items():
            shared = _areal(shapely.intersection(one, other)) if old != new else shapely.Polygon()
            if shared.area > packaged_terms().edits["ground_m2"]:
                changes.append(GroundChange(old, new, float(shared.area), shared))
    return GroundImpact(tuple(sorted(changes, key=lambda one: (-one.area_m2, str(one.before), str(one.after)))))


def _changed_ground(base: Mapping[K, EditedZone], draft: Mapping[K, EditedZone]) -> Any:
    changed = [key for key in base.keys() | draft.keys() if base.get(key) != draft.get(key)]
    shapes = [state[key].geometry for state in (base, draft) for key in changed if key in state]
    return join_shapes([shape for shape in shapes if shapely.get_dimensions(shape) == AREAL])


def _graded(zones: Mapping[K, EditedZone], frame: Any, order: Callable[[Mark], Any]) -> dict[Mark | None, Any]:
    """The ground of each grade within the frame, none of it under a worse one; under None what is free of zones."""
    shapes, values = as_array([zone.geometry for zone in zones.values()]), list(zones.values())
    near = shapely.STRtree(shapes).query(prepared_copy(frame), predicate="intersects").tolist() if len(shapes) else []
    by_grade: dict[Mark, list[Any]] = {}
    for number in sorted(near):
        if shapely.get_dimensions(shapes[number]) == AREAL:
            by_grade.setdefault(values[number].grade or UNGRADED, []).append(shapes[number])
    free, found = frame, dict[Mark | None, Any]()
    for mark in sorted(by_grade, key=lambda one: (one == UNGRADED, order(one))):
        ground = join_shapes(by_grade[mark])
        found[mark] = _areal(shapely.intersection(free, ground))
        free = _areal(shapely.difference(free, ground))
    return found | {None: free}


def _areal(shape: Any) -> Any:
    """The polygons of a shape; where two grounds touch, they share lines and points too."""
    return shapely.multipolygons(polygons_in(as_array([shape])))


def _summed(amounts: Any) -> dict[Mark, float]:
    total: dict[Mark, float] = {}
    for mark, area in amounts:
        if mark is not None:
            total[mark] = total.get(mark, 0.0) + area
    return total
