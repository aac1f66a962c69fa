"""Roads as they are walked: either way, a metre a metre, and never along a motorway."""

from __future__ import annotations

from dataclasses import fields
from math import inf

import numpy as np

from gis_layers.roads.network import RoadNetwork, Stretches, join_stretches


def on_foot(network: RoadNetwork) -> RoadNetwork:
    """The same network with metres in place of seconds, one-way roads open both ways; what nobody drives nobody walks."""
    told = {one.name: getattr(network, one.name) for one in fields(Stretches)}
    closed = ~np.isfinite(network.seconds) | (network.road_class == "motorway")
    both = np.ones(len(network.tail), dtype=bool)
    told |= {"seconds": np.where(closed, inf, network.length_m), "forth": both, "back": both}
    return join_stretches(network.node, Stretches(**told), hull=network.hull, version=network.version)
