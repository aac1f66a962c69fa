"""Arrival at a site by networkx: roads as straight lines in metres, forces where they stand, ground that cuts a road as shapes."""

import networkx as nx
import shapely
from shapely.ops import substring

STEP_M = 10.0
WALK_M_S, YARD_M_S = 4.0 / 3.6, 10.0 / 3.6


class RecomputedResponse:
    def __init__(self, roads, closed=()):
        """``roads`` are lines with km/h; steps that cross ``closed`` ground are gone."""
        self.graph, self.lines = nx.Graph(), [line for line, _ in roads]
        shut = shapely.union_all([*closed])
        for line, km_h in roads:
            count = max(1, round(line.length / STEP_M))
            for i in range(count):
                step = substring(line, i / count, (i + 1) / count, normalized=True)
                if shapely.intersection(step, shut).length < 1e-6:
                    one, other = (
                        tuple(round(value, 3) for value in corner) for corner in (step.coords[0], step.coords[-1])
                    )
                    self.graph.add_edge(one, other, seconds=step.length / (km_h / 3.6), metres=step.length)

    def node(self, place):
        return min(self.graph, key=lambda one: shapely.Point(one).distance(place), default=None)

    def arrival(self, ground, forces):
        """Seconds, name and metres of who is there first (``forces``: name, point, turnout s); None where nobody is."""
        line = min(self.lines, key=lambda one: one.distance(ground))
        gate = shapely.ops.nearest_points(line, ground)[0]
        to = self.node(gate)
        found = []
        for name, place, turnout in forces:
            begin = self.node(place)
            if nx.has_path(self.graph, begin, to) and shapely.Point(to).distance(gate) < STEP_M:
                seconds = nx.shortest_path_length(self.graph, begin, to, weight="seconds")
                metres = nx.shortest_path_length(self.graph, begin, to, weight="metres")
                found.append((turnout + seconds + line.distance(ground) / WALK_M_S, name, metres))
        return min(found, default=None)
