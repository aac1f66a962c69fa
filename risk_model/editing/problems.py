"""Problems of a layer: what is wrong with its zones, where, how large, and whether that keeps it from being published."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import shapely

from risk_model.editing.gaps import find_free_ground
from risk_model.editing.outlines import find_spikes, find_thin_parts, find_touching_holes
from risk_model.editing.overlaps import find_overlaps, overlapping_pairs, pieces_that_matter
from risk_model.editing.thresholds import Thresholds
from risk_model.editing.values import EditedZone, K
from risk_model.overlay import prepared_copy
from risk_model.shapes import AREAL, as_array
from risk_model.vocabulary import Geometries

ProblemKind = Literal[
    "overlap",
    "gap",
    "duplicate",
    "sliver",
    "spike",
    "tiny_hole",
    "hole_touching_shell",
    "outside_boundary",
    "missing_attribute",
    "grade_out_of_scheme",
]
ProblemLevel = Literal["blocking", "warning"]
FREE: Final = ("gap", "tiny_hole")
"""What is wrong with ground that no zone covers."""


@dataclass(frozen=True, slots=True)
class ZoneProblem:
    """One problem: the zones it concerns, a ``place`` in it (metric CRS), its ``size`` in ``unit`` (m2 or m).

    ``shape`` is the ground in question where there is any: the overlap, the gap, what lies outside. The zones beside a gap
    stand in order of how much of its border they have, those of an overlap by name. ``field`` names a missing attribute.
    """

    kind: ProblemKind
    level: ProblemLevel
    zones: tuple[Hashable, ...]
    place: Any
    size: float
    unit: Literal["m2", "m"] = "m2"
    shape: Any | None = None
    field: str = ""

    @property
    def mark(self) -> str:
        """The problem told apart from others of the same state of the zones."""
        x, y = self.place.x, self.place.y
        return ":".join([self.kind, self.field, *sorted(map(str, self.zones)), f"{x:.2f}", f"{y:.2f}"])


@dataclass(frozen=True, slots=True)
class _Found:
    """What one search found, before it has its level."""

    kind: ProblemKind
    zones: tuple[int, ...]
    place: Any
    size: float
    unit: Literal["m2", "m"] = "m2"
    shape: Any | None = None
    field: str = ""


def find_problems(
    zones: Mapping[K, EditedZone],
    boundary: Any | None,
    thresholds: Thresholds,
    touched: Collection[K] | None = None,
    left: Iterable[Any] = (),
) -> list[ZoneProblem]:
    """The problems of the zones of one theme, the largest first; the answer does not depend on the order of ``zones``.

    ``boundary`` is the ground zones have to stay in (metric CRS), None where any will do. Where ``touched`` is given, those
    that concern one of these zones, and free ground on what they ``left``, the shapes they had before; found among what lies
    within ``around_m``. Overlaps are found between areal zones alone; lines are asked for their attributes only.
    """
    keys = list(zones)
    if touched is not None:
        near = as_array([*(zones[key].geometry for key in touched if key in zones), *left])
        keys = _around(zones, near, thresholds.terms.edits["around_m"])
    layer = _Searched([zones[key] for key in keys], boundary, thresholds)
    levels = thresholds.terms.levels
    found = [
        ZoneProblem(
            one.kind,
            "blocking" if levels[one.kind] == "blocking" else "warning",
            _named(one, keys),
            *(one.place, one.size, one.unit, one.shape, one.field),
        )
        for one in layer.problems()
    ]
    asked = found if touched is None else _concerned(found, touched, as_array(list(left)))
    return sorted(asked, key=lambda one: (-one.size, one.kind, one.mark))


def _concerned(found: Sequence[ZoneProblem], touched: Collection[Hashable], left: Geometries) -> list[ZoneProblem]:
    """The problems of touched zones, and the free ground on what they left, though they lie elsewhere by now."""
    on_left = [one.kind in FREE and bool(np.any(shapely.intersects(left, one.shape))) for one in found]
    return [one for one, is_left in zip(found, on_left, strict=True) if is_left or not {*touched}.isdisjoint(one.zones)]


def _named(found: _Found, keys: Sequence[Hashable]) -> tuple[Hashable, ...]:
    """The keys of the zones found; those of an overlap, where neither comes first, in the order of their names."""
    named = [keys[number] for number in found.zones]
    return tuple(sorted(named, key=str) if found.kind in {"overlap", "duplicate"} else named)


def _around(zones: Mapping[K, EditedZone], near: Geometries, around_m: float) -> list[K]:
    keys, shapes = list(zones), as_array([zone.geometry for zone in zones.values()])
    bounds = shapely.bounds(near)
    boxes = shapely.box(*(bounds + np.array([-around_m, -around_m, around_m, around_m])).T)
    around = np.unique(shapely.STRtree(shapes).query(boxes)[1])
    return [keys[number] for number in around.tolist()]


class _Searched:
    """The zones of a theme, searched kind by kind; zones are numbers here."""

    def __init__(self, zones: list[EditedZone], boundary: Any | None, thresholds: Thresholds) -> None:
        self._zones, self._boundary, self._thresholds = zones, boundary, thresholds
        self._shapes = as_array([zone.geometry for zone in zones])
        self._limits = thresholds.terms.limits

    def problems(self) -> Iterator[_Found]:
        """Every problem there is."""
        areal = np.flatnonzero((shapely.get_dimensions(self._shapes) == AREAL) & ~shapely.is_empty(self._shapes))
        shapes = _sound(self._shapes[areal])
        for found in self._of_ground(shapes):
            numbers = tuple(int(areal[number]) for number in found.zones)
            yield _Found(found.kind, numbers, found.place, found.size, found.unit, found.shape)
        yield from self._of_attributes()

    def _of_ground(self, shapes: Geometries) -> Iterator[_Found]:
        pairs = overlapping_pairs(shapes)
        overlaps, doubles = find_overlaps(shapes, pairs, self._limits["overlap"], self._limits["duplicate"])
        for first, second, shape in overlaps:
            yield _Found("overlap", (first, second), shapely.point_on_surface(shape), shape.area, shape=shape)
        for first, second in doubles:
            shape = shapes[first]
            yield _Found("duplicate", (first, second), shapely.point_on_surface(shape), shape.area, shape=shape)
        node_m = self._thresholds.terms.edits["node_m"]
        for shape, beside in find_free_ground(shapes, pairs, self._limits["gap"], self._limits["tiny_hole"], node_m):
            kind: ProblemKind = "gap" if len(beside) > 1 else "tiny_hole"
            yield _Found(kind, beside, shapely.point_on_surface(shape), shape.area, shape=shape)
        for number, shape in find_thin_parts(shapes, self._limits["sliver"]):
            yield _Found("sliver", (number,), shapely.point_on_surface(shape), shape.area, shape=shape)
        for number, place, length in find_spikes(shapes, self._limits["spike"]):
            yield _Found("spike", (number,), place, length, "m")
        for number, place, hole in find_touching_holes(shapes, self._limits["hole_touching_shell"]):
            yield _Found("hole_touching_shell", (number,), place, hole.area, shape=hole)
        yield from self._outside(shapes)

    def _outside(self, shapes: Geometries) -> Iterator[_Found]:
        if self._boundary is None:
            return
        limits = self._limits["outside_boundary"]
        leaving = np.flatnonzero(~shapely.covers(prepared_copy(self._boundary), shapes))
        for number, left in zip(leaving, shapely.difference(shapes[leaving], self._boundary), strict=True):
            parts = pieces_that_matter(left, limits)
            if len(parts):
                largest = parts[int(np.argmax(shapely.area(parts)))]
                shape: Any = shapely.multipolygons(parts)
                yield _Found(
                    "outside_boundary", (int(number),), shapely.point_on_surface(largest), shape.area, shape=shape
                )

    def _of_attributes(self) -> Iterator[_Found]:
        for number, zone in enumerate(self._zones):
            missing, known = self._thresholds.missing(zone), self._thresholds.knows_grade(zone)
            if known and not missing:
                continue
            place = shapely.point_on_surface(zone.geometry)
            for name in missing:
                yield _Found("missing_attribute", (number,), place, zone.area_m2, field=name)
            if not known:
                yield _Found("grade_out_of_scheme", (number,), place, zone.area_m2, field="grade")


def _sound(shapes: Geometries) -> Geometries:
    """The shapes; one that is sound in degrees may cross itself by a hair in metres."""
    crossed = ~shapely.is_valid(shapes)
    sound = shapes.copy()
    sound[crossed] = shapely.make_valid(shapes[crossed], method="structure", keep_collapsed=False)
    return sound
