"""Renewal of a layer: a new delivery held against what is in force, and against what was edited here since the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, Literal

import numpy as np
import shapely
from scipy import spatial

from risk_model.editing.comparing import ZoneDifference, compare
from risk_model.editing.values import EditedZone, K, packaged_terms
from risk_model.shapes import AREAL, as_array, join_shapes
from risk_model.vocabulary import Geometries

ChangedPart = Literal["shape", "grade", "attributes"]

GRADE: Final = frozenset({"grade", "grade_rank", "grade_scheme"})
OF_DELIVERY: Final = frozenset({"source", "survey_date", "scale", "source_id"})
"""What every delivery says anew of a zone that is as it was."""


_tree: Any = spatial.KDTree  # scipy is untyped


def compare_delivery(before: Mapping[K, EditedZone], after: Mapping[K, EditedZone]) -> list[ZoneDifference]:
    """The differences from what is in force to what is delivered, matched by key, else by ``source_id``, else by shape.

    A vertex within ``same_vertex_m`` of one in force is that one; a shape that differs only by the order of its vertices is
    the one in force. Sorted as ``compare`` sorts.
    """
    standing = as_array([zone.geometry for zone in before.values()])
    shapes = put_on(as_array([zone.geometry for zone in after.values()]), standing)
    placed = {key: replace(zone, geometry=shape) for (key, zone), shape in zip(after.items(), shapes, strict=True)}
    known = _by_source(before, placed)
    named: dict[Hashable, Hashable] = {other: key for key, other in known.items()}
    found = compare(before, {known.get(key, key): zone for key, zone in placed.items()})
    return [_settled(one, named) for one in found]


def put_on(shapes: Geometries, standing: Geometries, within_m: float | None = None) -> Geometries:
    """The shapes with each vertex that lies within so many metres of one of ``standing`` put there, bit for bit."""
    vertices = np.unique(shapely.get_coordinates(standing), axis=0)
    if not len(vertices) or not len(shapes):
        return shapes.copy()
    tree, reach = _tree(vertices), packaged_terms().edits["same_vertex_m"] if within_m is None else within_m

    def nearest(points: Any) -> Any:
        distance, place = tree.query(points, distance_upper_bound=reach)
        near = np.isfinite(distance)
        return np.where(near[:, None], vertices[np.where(near, place, 0)], points)

    moved: Geometries = shapely.transform(shapes, nearest)
    return moved


def same_outline(one: Any, other: Any) -> bool:
    """Whether two shapes have the same vertices bit for bit, wherever their rings begin and whichever way they run."""
    return bool(one == other or shapely.normalize(one) == shapely.normalize(other))


def same_ground(one: EditedZone, other: EditedZone) -> bool:
    """Whether two zones lie on the same ground, but for crumbs: a vertex put on a border changes nothing of it."""
    if same_outline(one.geometry, other.geometry):
        return True
    if shapely.get_dimensions(one.geometry) != AREAL:
        return False
    return bool(shapely.symmetric_difference(one.geometry, other.geometry).area <= _crumbs(one))


def changed_parts(one: ZoneDifference) -> tuple[ChangedPart, ...]:
    """What of a zone of both states differs; nothing of one that only a delivery describes anew."""
    told: tuple[tuple[ChangedPart, bool], ...] = (
        ("shape", one.reshaped),
        ("grade", one.regraded),
        ("attributes", bool(changed_attributes(one))),
    )
    return tuple(part for part, differs in told if differs)


def changed_attributes(one: ZoneDifference) -> tuple[str, ...]:
    """Names of the attributes that differ, but for the grade and for what each delivery says anew."""
    return tuple(name for name in one.attributes_changed if name not in GRADE | OF_DELIVERY)


def is_absorbed(local: EditedZone, delivered: Iterable[EditedZone]) -> bool:
    """Whether the ground of a zone edited here lies under delivered zones of the same or a worse grade, but for crumbs."""
    zones = list(delivered)
    shapes = as_array([zone.geometry for zone in zones])
    near = np.flatnonzero(shapely.intersects(shapes, local.geometry)).tolist()
    as_bad = [shapes[number] for number in near if _is_as_bad(zones[number], local)]
    if shapely.get_dimensions(local.geometry) != AREAL:
        return any(same_outline(local.geometry, shape) for shape in as_bad)
    grounds = [shape for shape in as_bad if shapely.get_dimensions(shape) == AREAL]
    left = shapely.difference(local.geometry, join_shapes(grounds)) if grounds else local.geometry
    return bool(left.area <= _crumbs(local))


def _crumbs(zone: EditedZone) -> float:
    """What vertices that count as the same may move of the ground of a zone, in m²."""
    terms = packaged_terms().edits
    return float(terms["ground_m2"] + terms["same_vertex_m"] * zone.geometry.length)


def _is_as_bad(delivered: EditedZone, local: EditedZone) -> bool:
    if local.grade is None or delivered.grade is None:
        return local.grade is None
    return delivered.grade[0] == local.grade[0] and delivered.grade[1] <= local.grade[1]


def _settled(one: ZoneDifference, named: Mapping[Hashable, Hashable]) -> ZoneDifference:
    if one.key_after in named and one.matched_by == "id":
        one = replace(one, key_after=named[one.key_after], matched_by="source_id")
    if one.before is None or one.after is None or not same_outline(one.before.geometry, one.after.geometry):
        return one
    after = replace(one.after, geometry=one.before.geometry)
    return replace(one, after=after, state="unchanged" if after == one.before else "changed")


def _by_source(before: Mapping[K, EditedZone], after: Mapping[K, EditedZone]) -> dict[K, K]:
    """Keys in force by those delivered, where each alone on its side has the same number of the surveyors."""
    left, right = (
        {key: zone for key, zone in side.items() if key not in other}
        for side, other in ((before, after), (after, before))
    )
    known = _sources(left)
    return {key: known[number] for number, key in _sources(right).items() if number in known}


def _sources(zones: Mapping[K, EditedZone]) -> dict[str, K]:
    numbers = {key: str(zone.attributes.get("source_id") or "") for key, zone in zones.items()}
    times = Counter(numbers.values())
    return {number: key for key, number in numbers.items() if number and times[number] == 1}
