"""Fixes of problems, to be looked at before they are taken: the changed zones, with their areas before and after.

No vertex is moved: a fix takes out the vertices of a spike or of ground that goes to the neighbour, and puts in those where
borders met. Crumbs of ground no larger than ``ground_m2`` that an overlap leaves are dropped. A neighbour that gets a vertex so that the border stays shared is among the changes, its ground as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import shapely

from risk_model.editing.halves import halves_of
from risk_model.editing.merging import merge_faces, merge_zones
from risk_model.editing.noding import node_coverage
from risk_model.editing.outlines import corners_of
from risk_model.editing.problems import ProblemKind, ZoneProblem
from risk_model.editing.rings import edges_of, points_of
from risk_model.editing.values import EditedZone, K, Terms, packaged_terms
from risk_model.editing.vertices import remove_vertex
from risk_model.errors import FixRefused
from risk_model.message import msg
from risk_model.overlay import prepared_copy
from risk_model.shapes import as_array, join_shapes
from risk_model.vocabulary import Geometries

FixWay = Literal["first", "second", "nearest", "halved", "removed"]
"""The first or second of the problem's zones gets the ground; ``nearest`` is that with most of the border of a gap or sliver."""

WAYS: Final[Mapping[ProblemKind, tuple[FixWay, ...]]] = {
    "gap": ("nearest", "first", "second"),
    "overlap": ("first", "second", "halved"),
    "duplicate": ("first", "second"),
    "sliver": ("nearest",),
    "spike": ("removed",),
    "tiny_hole": ("removed",),
}
"""Ways to mend a problem; kinds that are not named are mended by hand."""

_AS_COMPUTED_M: Final = 1e-6
"""A point computed on an edge lies so near to it."""

Shapes = dict[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Fix:
    """Changed shapes by zone (None: nothing is left of it) and the area of each in m² before and after."""

    changes: Mapping[Hashable, Any]
    area_before: Mapping[Hashable, float]
    area_after: Mapping[Hashable, float]


def propose_fix(problem: ZoneProblem, how: FixWay, zones: Mapping[K, EditedZone], terms: Terms | None = None) -> Fix:
    """The fix of a problem that was found among ``zones``, in one of the ``WAYS`` of its kind.

    Raises FixRefused, with the place, where there is no such way, the zones are no longer as they were when the problem was
    found, or the fix would move ground of other zones; ZonesUnsound where the outlines are too entangled to be mended so.
    """
    if how not in WAYS.get(problem.kind, ()) or not set(problem.zones) <= set(zones):
        raise FixRefused(msg("这个问题不能这样改正；请重新检查，或手工修改"), problem.place)
    limits = terms or packaged_terms()
    beside = _beside(problem, zones)
    changed = _FIXES[problem.kind](problem, how, beside, limits)
    left = {key: changed.get(key, shape) for key, shape in beside.items()}
    changed |= node_coverage({key: shape for key, shape in left.items() if shape is not None}, limits.edits["node_m"])
    return Fix(changed, {key: beside[key].area for key in changed}, {key: _area(one) for key, one in changed.items()})


def _area(shape: Any) -> float:
    return 0.0 if shape is None else float(shape.area)


def _beside(problem: ZoneProblem, zones: Mapping[K, EditedZone]) -> Shapes:
    """The shapes of the problem's zones and of all that meet one of them."""
    keys, shapes = list(zones), as_array([zone.geometry for zone in zones.values()])
    near = shapely.STRtree(shapes).query(as_array([zones[key].geometry for key in zones if key in problem.zones]))[1]
    return {keys[number]: shapes[number] for number in np.unique(near).tolist()}


def _fill(problem: ZoneProblem, how: FixWay, shapes: Shapes, terms: Terms) -> Shapes:  # noqa: ARG001 - all fixes are asked alike
    key = problem.zones[1] if how == "second" else problem.zones[0]
    if not all(shape.disjoint(problem.place) for shape in shapes.values()):
        raise _changed(problem)
    return {key: merge_zones([shapes[key], problem.shape])}


def _hand_over(problem: ZoneProblem, how: FixWay, shapes: Shapes, terms: Terms) -> Shapes:  # noqa: ARG001
    """The thin part to the zone along most of its border."""
    key = problem.zones[0]
    part: Any = problem.shape
    parts = shapely.get_parts(shapes[key])
    left = parts[~shapely.equals_exact(parts, part, 0.0)]
    if len(left) == len(parts):
        raise _changed(problem)
    border = {
        other: shapely.intersection(shape.boundary, part.boundary).length
        for other, shape in shapes.items()
        if other != key
    }
    goal = max(border, key=lambda other: (border[other], str(other)), default=None)
    if goal is None or border[goal] == 0:
        raise FixRefused(msg("碎小的区旁边没有可以并入的区；请手工修改或删除"), problem.place)
    return {key: shapely.multipolygons(left) if len(left) else None, goal: merge_zones([shapes[goal], part])}


def _drop(problem: ZoneProblem, how: FixWay, shapes: Shapes, terms: Terms) -> Shapes:  # noqa: ARG001
    return {problem.zones[1] if how == "first" else problem.zones[0]: None}


def _share(problem: ZoneProblem, how: FixWay, shapes: Shapes, terms: Terms) -> Shapes:
    """The overlap to one of the two zones, or half to each."""
    pair = (shapes[problem.zones[0]], shapes[problem.zones[1]])
    faces, in_first, in_second = _faces(*pair)
    asked = in_first & in_second & shapely.intersects(faces, prepared_copy(shapely.buffer(problem.shape, -1e-6)))
    if not asked.any():
        raise _changed(problem)
    first, second = list(faces[in_first & ~asked]), list(faces[in_second & ~asked])
    if how == "halved":
        first, second = _halved(list(faces[asked]), first, second)
    else:
        (first if how == "first" else second).extend(faces[asked])
    changed = {}
    for key, shape, parts in zip(problem.zones, pair, (first, second), strict=True):
        crumbs = [part for part in parts if part.area <= terms.edits["ground_m2"]]
        left = [part for part in parts if part not in crumbs]
        changed[key] = merge_faces(left) if left else None
        if abs(_area(changed[key]) - sum(part.area for part in left)) > terms.edits["ground_m2"]:
            raise FixRefused(msg("这样改正会动到别处的边界；请手工修改"), problem.place)
        _check_kept(problem, shape, changed[key], crumbs)
    return {key: shape for key, shape in changed.items() if shape is None or abs(shape.area - shapes[key].area) > 0}


def _halved(faces: list[Any], first: list[Any], second: list[Any]) -> tuple[list[Any], list[Any]]:
    """The parts of both with a half of each face, and in all of them the vertices where the faces were cut."""
    cut = [halves_of(face, first) for face in faces]
    ones = [*first, *(piece for halves in cut for piece in halves[0])]
    others = [*second, *(piece for halves in cut for piece in halves[1])]
    parts = dict(enumerate([*ones, *others]))
    parts |= node_coverage(parts, _AS_COMPUTED_M)
    return [parts[number] for number in range(len(ones))], [parts[number] for number in range(len(ones), len(parts))]


def _faces(first: Any, second: Any) -> tuple[Geometries, Any, Any]:
    """The faces two shapes cut each other into, and which of them lie in the first and in the second."""
    noded = shapely.union_all(shapely.boundary(as_array([first, second])))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    x, y = shapely.get_coordinates(shapely.point_on_surface(faces)).T
    return faces, *(shapely.contains_xy(prepared_copy(shape), x, y) for shape in (first, second))


def _check_kept(problem: ZoneProblem, before: Any, after: Any, crumbs: list[Any]) -> None:
    """Every vertex that is not of the overlap, or of a crumb left beside it, is still there, bit for bit."""
    kept = points_of(shapely.get_coordinates(after)) if after is not None else np.empty(0, dtype=np.complex128)
    xy = shapely.get_coordinates(before)
    gone = shapely.points(xy[~np.isin(points_of(xy), kept)])
    if (shapely.distance(gone, join_shapes([problem.shape, *crumbs])) > packaged_terms().edits["node_m"]).any():
        raise FixRefused(msg("这样改正会动到别处的边界；请手工修改"), problem.place)


def _blunt(problem: ZoneProblem, how: FixWay, shapes: Shapes, terms: Terms) -> Shapes:  # noqa: ARG001
    """The zone without the tip, and without what of the spike is a tip then, in all zones along it."""
    key, limits = problem.zones[0], terms.limits["spike"]
    changed: Shapes = {}
    tip: complex | None = complex(problem.place.x, problem.place.y)
    while tip is not None:
        now = shapes | changed
        legs = {other: ends for other, shape in now.items() if (ends := _legs(shape, tip))}
        if key not in legs:
            raise _changed(problem)
        if any(ends != legs[key] for ends in legs.values()):
            raise FixRefused(msg("尖刺的顶点也是相邻区的拐点；请手工修改"), problem.place)
        changed |= remove_vertex(now, (tip.real, tip.imag))
        tip = _next_tip(changed[key], legs[key][0], np.radians(limits["most_angle_deg"]), limits["least_m"])
    return changed


def _legs(shape: Any, tip: complex) -> list[frozenset[complex]]:
    """The vertices before and after a vertex, each time an outline comes through it."""
    edges = edges_of(as_array([shape]))
    at = np.flatnonzero(edges.start == tip)
    return [frozenset([complex(edges.start[edges.before[one]]), complex(edges.end[one])]) for one in at.tolist()]


def _next_tip(shape: Any, ends: frozenset[complex], most: float, least_m: float) -> complex | None:
    edges = edges_of(as_array([shape]))
    angle, leg = corners_of(edges)
    sharp = (angle <= most) & (leg >= least_m) & np.isin(edges.start, list(ends))
    return next((complex(edges.start[one]) for one in np.flatnonzero(sharp).tolist()), None)


def _changed(problem: ZoneProblem) -> FixRefused:
    return FixRefused(msg("区在检查之后有改动，请重新检查"), problem.place)


_FIXES: Final[Mapping[ProblemKind, Callable[[ZoneProblem, FixWay, Shapes, Terms], Shapes]]] = {
    "gap": _fill,
    "tiny_hole": _fill,
    "overlap": _share,
    "duplicate": _drop,
    "sliver": _hand_over,
    "spike": _blunt,
}
