"""Gaps: ground between zones that belongs to none of them, found from the edges that no two zones share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.editing.rings import Indices, RingEdges, dots_of, edges_of, width_m, xy_of
from risk_model.vocabulary import Geometries


def find_free_ground(
    shapes: Geometries,
    overlapping: Indices,
    gap: Mapping[str, float],
    hole: Mapping[str, float],
    node_m: float,
) -> Iterator[tuple[Any, tuple[int, ...]]]:
    """Enclosed ground of no zone that is too small or narrow to be meant, and the zones beside it, that with most of its border first.

    Ground beside one zone alone is a hole in it. ``overlapping`` are the pairs of shapes whose outlines may cross.
    """
    faces = _faces(shapes, overlapping)
    area, width = shapely.area(faces), width_m(faces)
    narrow = (area > gap["area_m2"]) & (width > gap["width_m"])
    narrow &= (area <= gap["most_area_m2"]) & (width <= gap["most_width_m"])
    faces = faces[narrow | (area <= hole["most_area_m2"])]
    tree = shapely.STRtree(shapes)
    covered = tree.query(shapely.point_on_surface(faces), predicate="intersects")[0]
    faces = np.delete(faces, np.unique(covered))
    for face, beside in zip(faces, _beside(faces, tree, node_m), strict=True):
        matters = face.area > gap["area_m2"] and width_m(face) > gap["width_m"]
        as_gap = matters and face.area <= gap["most_area_m2"] and width_m(face) <= gap["most_width_m"]
        if as_gap if len(beside) > 1 else face.area <= hole["most_area_m2"]:
            yield face, beside


def _faces(shapes: Geometries, overlapping: Indices) -> Geometries:
    """The faces the unshared edges enclose; where edges of torn shapes cross, they are broken first."""
    edges = edges_of(shapes)
    alone = ~edges.shared
    crossing = alone & _torn(shapes, edges.zone[alone], overlapping)[edges.zone]
    lines = [chains_of(edges, alone & ~crossing)]
    if crossing.any():
        lines.append(shapely.get_parts(shapely.union_all(chains_of(edges, crossing))))
    return np.asarray(shapely.get_parts(shapely.polygonize(np.concatenate(lines))), dtype=object)


def _torn(shapes: Geometries, loose: Indices, overlapping: Indices) -> npt.NDArray[np.bool_]:
    """Which shapes overlap another, or (of the loose, which have an unshared edge) have one along another that is not the same."""
    torn = np.zeros(len(shapes), dtype=bool)
    some = np.unique(loose)
    if len(some):
        torn[some] = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes[some]))
    torn[overlapping.ravel()] = True
    return torn


def chains_of(edges: RingEdges, kept: npt.NDArray[np.bool_]) -> Geometries:
    """The kept edges as lines, as long as no other edge begins or ends where two of one ring meet."""
    at = np.flatnonzero(kept)
    if not len(at):
        return np.empty(0, dtype=object)
    start, end = edges.start[at], edges.end[at]
    vertices, number = np.unique(np.concatenate([start, end]), return_inverse=True)
    meeting = np.bincount(number, minlength=len(vertices))[number[: len(at)]]
    follows = np.zeros(len(at), dtype=bool)
    follows[1:] = (np.diff(at) == 1) & (end[:-1] == start[1:]) & (meeting[1:] == 2)
    chain = np.cumsum(~follows) - 1
    xy = np.empty((len(at) + chain[-1] + 1, 2))
    place = np.arange(len(at)) + chain
    xy[place], xy[place + 1] = xy_of(start), xy_of(end)
    of_chain = np.empty(len(xy), dtype=np.int64)
    of_chain[place] = of_chain[place + 1] = chain
    return np.asarray(shapely.linestrings(xy, indices=of_chain), dtype=object)


def _beside(faces: Geometries, tree: shapely.STRtree, node_m: float) -> list[tuple[int, ...]]:
    """The shapes along the edges of each face, that with the greatest length first."""
    edges = edges_of(faces)
    middles = dots_of((edges.start + edges.end) / 2)
    edge, shape = tree.query(middles, predicate="dwithin", distance=node_m)
    pairs, pair = np.unique(np.stack([edges.zone[edge], shape]), axis=1, return_inverse=True)
    length = np.bincount(pair, np.abs(edges.end - edges.start)[edge], pairs.shape[1])
    order = np.lexsort((pairs[1], -length, pairs[0]))
    beside: list[list[int]] = [[] for _ in faces]
    for face, one in pairs[:, order].T.tolist():
        beside[face].append(one)
    return list(map(tuple, beside))
