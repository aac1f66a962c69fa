"""Junctions: where one may turn from a road into another.

Roads meet where they share a vertex, and nowhere else: lines that only cross pass over one another. A bridge is entered at
its ends alone, whatever its deck passes over, and a motorway where a line of its own class ends: at an interchange.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.vocabulary import Geometries

NODED_M: Final = 0.1
"""Ends as near as this to a vertex of another road are one place: less than a pen's width on any survey."""

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cuts:
    """Vertices at which lines are cut, in the order of ``vertices``: ``node`` is the junction each of them lies in.

    ``line`` tells whose every vertex is; ``at`` picks the cut ones among them.
    """

    vertices: Positions
    line: Numbers
    at: Numbers
    node: Numbers


def find_junctions(lines: Geometries, *, bridge: Flags, motorway: Flags) -> Cuts:
    """Every vertex of ``lines`` (metric CRS) at which a junction lies, their ends among them."""
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    line = line.astype(np.int64)
    first = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])
    end = np.zeros(len(line), dtype=bool)
    end[first] = end[np.r_[first[1:], len(line)] - 1] = True
    place = _merged(vertices, end)
    inner_motorway = motorway[line] & ~end
    gates = np.unique(place[motorway[line] & end])
    # What runs along a motorway meets what is on it alone, but where one of its lines ends.
    level = np.where(inner_motorway & ~np.isin(place, gates), place + len(place), place)
    open_to_others = end | ~bridge[line]
    meeting = np.flatnonzero(open_to_others)
    _, group, count = np.unique(level[meeting], return_inverse=True, return_counts=True)
    has_end = np.zeros(len(count), dtype=bool)
    has_end[group[end[meeting]]] = True
    kept = (count[group] > 1) | has_end[group]
    at = meeting[kept]
    _, node = np.unique(level[at], return_inverse=True)
    return Cuts(vertices, line, at, node.astype(np.int64))


def _merged(vertices: Positions, end: Flags) -> Numbers:
    """A number for each vertex, the same for those in one place, and for ends within ``NODED_M`` of another vertex."""
    places, number = np.unique(vertices[:, 0] + 1j * vertices[:, 1], return_inverse=True)
    points: Geometries = np.asarray(shapely.points(np.column_stack([places.real, places.imag])), dtype=object)
    ends = np.unique(number[end])
    near, other = shapely.STRtree(points).query(points[ends], predicate="dwithin", distance=NODED_M)
    return _joined(len(places), ends[near], other)[number]


def _joined(count: int, ones: Numbers, others: Numbers) -> Numbers:
    """The smallest number each of ``count`` is joined to over pairs of them."""
    least = np.arange(count, dtype=np.int64)
    apart = ones != others
    ones, others = ones[apart], others[apart]
    while len(ones) and (least[ones] != least[others]).any():
        low = np.minimum(least[ones], least[others])
        np.minimum.at(least, ones, low)
        np.minimum.at(least, others, low)
    return least
