"""Drives over roads by code of its own: a plain Dijkstra over points along the lines, sharing nothing with the service."""

import heapq
from itertools import pairwise
from math import dist

STEP_M = 50.0


class RecomputedRoads:
    """Roads as lines in metres with km/h each, cut into steps; whoever shares a corner meets there."""

    def __init__(self, roads):
        self.left = {}
        for line, km_h in roads:
            for (x0, y0), (x1, y1) in pairwise(line):
                count = max(1, round(dist((x0, y0), (x1, y1)) / STEP_M))
                corners = [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(count + 1)]
                for one, other in pairwise(corners):
                    self._join(one, other, km_h)

    def _join(self, one, other, km_h):
        metres = dist(one, other)
        for begin, end in ((one, other), (other, one)):
            self.left.setdefault(_key(begin), {})[_key(end)] = (metres, metres / (km_h / 3.6))

    def slow(self, between, share):
        """Slow every step whose middle lies between two points of a straight road."""
        (x0, y0), (x1, y1) = between
        for begin, ends in self.left.items():
            for end, (metres, seconds) in ends.items():
                middle = ((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2)
                if min(x0, x1) <= middle[0] <= max(x0, x1) and min(y0, y1) <= middle[1] <= max(y0, y1):
                    ends[end] = (metres, seconds / share)

    def shut(self, west, south, east, north):
        """Take away every step whose middle lies in a box."""
        for begin, ends in self.left.items():
            for end in [*ends]:
                x, y = (begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2
                if west <= x <= east and south <= y <= north:
                    del ends[end]

    def drive(self, origin, target):
        """Seconds and metres of the quickest drive."""
        best, queue = {}, [(0.0, 0.0, _key(origin))]
        while queue:
            seconds, metres, here = heapq.heappop(queue)
            if here in best:
                continue
            best[here] = (seconds, metres)
            for there, (far, long) in self.left[here].items():
                heapq.heappush(queue, (seconds + long, metres + far, there))
        return best[_key(target)]


def _key(corner):
    return round(corner[0], 3), round(corner[1], 3)
