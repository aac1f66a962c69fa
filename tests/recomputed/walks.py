"""Arrivals past closed roads by networkx over points along the lines: drive as far as engines do, walk the rest. Nothing of the service is used."""

from itertools import pairwise
from math import dist, inf

import networkx as nx

STEP_M = 10.0


class RecomputedArrivals:
    """Roads as lines in metres with km/h each, and closures as boxes, each with whether people walk through."""

    def __init__(self, roads, closures, *, walk_km_h, longest_walk_m):
        self.drive, self.foot = nx.DiGraph(), nx.Graph()
        self.walk_m_s, self.longest_walk_m = walk_km_h / 3.6, longest_walk_m
        for line, km_h in roads:
            for begin, end in pairwise(line):
                self._lay(begin, end, km_h / 3.6, closures)

    def _lay(self, begin, end, m_s, closures):
        count = max(1, round(dist(begin, end) / STEP_M))
        corners = [tuple(b + (e - b) * i / count for b, e in zip(begin, end, strict=True)) for i in range(count + 1)]
        named = [tuple(round(part, 3) for part in corner) for corner in corners]
        for one, other in pairwise(named):
            metres, middle = dist(one, other), tuple((b + e) / 2 for b, e in zip(one, other, strict=True))
            met = [
                on_foot
                for (west, south, east, north), on_foot in closures
                if west < middle[0] < east and south < middle[1] < north
            ]
            if not met:
                self.drive.add_edge(one, other, weight=metres / m_s)
                self.drive.add_edge(other, one, weight=metres / m_s)
            if all(met):
                self.foot.add_edge(one, other, weight=metres)

    def seconds(self, origin, target):
        """Seconds on the road and metres of them on foot; infinite where nobody comes."""
        afoot = {target: 0.0}
        if target in self.foot:
            afoot = nx.single_source_dijkstra_path_length(self.foot, target, cutoff=self.longest_walk_m)
        driven = {origin: 0.0}
        if origin in self.drive:
            driven = nx.single_source_dijkstra_path_length(self.drive, origin)
        ways = [(driven[here] + metres / self.walk_m_s, metres) for here, metres in afoot.items() if here in driven]
        return min(ways, default=(inf, inf))
