"""Zones counted point by point: what two of them share, and what ground is whose before and after an edit."""

from collections import Counter
from itertools import combinations, pairwise

import numpy as np


def shoelace(ring) -> float:
    """The area of a ring by the formula of surveyors, from its own first vertex so that no digits are lost."""
    x0, y0 = ring[0]
    total = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        total += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    return abs(total) / 2


def rings_of(shape):
    """Shells and holes of a shape, as lists of x, y."""
    return [
        [list(ring.coords) for ring in (part.exterior, *part.interiors)]
        for part in (shape.geoms if hasattr(shape, "geoms") else [shape])
    ]


def area_of(shape) -> float:
    """The area of a shape by its rings."""
    return sum(shoelace(shell) - sum(map(shoelace, holes)) for shell, *holes in rings_of(shape))


def holds(shape, x, y):
    """Which points lie in a shape: those from which a ray to the east crosses its rings an odd number of times."""
    odd = np.zeros(x.shape, dtype=bool)
    for rings in rings_of(shape):
        for ring in rings:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if y1 != y2:
                    across = (y1 > y) != (y2 > y)
                    odd ^= across & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return odd


def lattice(shapes, step_m):
    """A point somewhere in every square of ``step_m`` over all the shapes: in rows, all of a strip along them could be missed."""
    boxes = np.array([shape.bounds for shape in shapes])
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    x, y = np.meshgrid(np.arange(west, east, step_m), np.arange(south, north, step_m))
    chance = np.random.default_rng(7)
    return x + step_m * chance.random(x.shape), y + step_m * chance.random(y.shape)


def sampled_problems(zones, step_m):
    """The area (m², about) that each two zones share, by their keys in order."""
    x, y = lattice(list(zones.values()), step_m)
    inside = {key: holds(shape, x, y) for key, shape in zones.items()}
    shared = {
        pair: float((inside[pair[0]] & inside[pair[1]]).sum()) * step_m**2 for pair in combinations(sorted(zones), 2)
    }
    return {pair: area for pair, area in shared.items() if area}


def sampled_ground(zones, grade_of, step_m, frame):
    """The area (m², about) of each change of grade over the ``frame``: zones before and after, the worse where two lie over each other."""
    x, y = lattice(frame, step_m)
    grades = sorted({grade_of(zone) for state in zones for zone in state.values()})
    graded = []
    for state in zones:
        place = np.full(x.shape, len(grades))
        for zone in state.values():
            inside = holds(zone.geometry, x, y)
            place[inside] = np.minimum(place[inside], grades.index(grade_of(zone)))
        graded.append([[*grades, None][one] for one in place.ravel().tolist()])
    return {pair: count * step_m**2 for pair, count in Counter(zip(*graded, strict=True)).items() if pair[0] != pair[1]}
