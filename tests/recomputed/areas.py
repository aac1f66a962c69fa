"""The area two polygons share, in fractions: upright strips between all corners and crossings, each as long as its middle."""

from fractions import Fraction
from itertools import pairwise

import shapely


def shared_area(one, other):
    """To the last digit, for coordinates as they are stored."""
    edges = [_edges(one), _edges(other)]
    sides = sorted({x for mine in edges for edge in mine for x, _ in edge} | set(_crossings(*edges)))
    area = Fraction(0)
    for west, east in pairwise(sides):
        inner = [_inside(mine, (west + east) / 2) for mine in edges]
        both = sum(max(min(a[1], b[1]) - max(a[0], b[0]), 0) for a in inner[0] for b in inner[1])
        area += both * (east - west)
    return area


def _edges(shape):
    rings = shapely.get_parts(shapely.boundary(shape))
    corners = [[(Fraction(x), Fraction(y)) for x, y in ring.coords] for ring in rings]
    return [edge for ring in corners for edge in pairwise(ring)]


def _crossings(first, second):
    for (ax, ay), (bx, by) in first:
        for (cx, cy), (dx, dy) in second:
            turn = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
            if turn:
                share = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / turn
                if 0 <= share <= 1:
                    yield ax + share * (bx - ax)


def _inside(edges, x):
    """Where the line at ``x``, on which no corner lies, runs through the shape."""
    heights = sorted(
        ay + (by - ay) * (x - ax) / (bx - ax) for (ax, ay), (bx, by) in edges if min(ax, bx) < x < max(ax, bx)
    )
    return list(zip(heights[::2], heights[1::2], strict=True))
