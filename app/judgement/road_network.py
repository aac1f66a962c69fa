"""The network of the roads on record, one for each state of the register."""

from __future__ import annotations

from typing import Final

from app.platform.once import Once
from app.platform.work import Work
from gis_layers.roads import RoadNetwork, build_network, read_speeds
from gis_layers.stores.registers_state import read_layer_state
from gis_layers.stores.roads import read_road_lines

ROADS: Final = "roads"
_networks: Once[tuple[str, str, str], RoadNetwork | None] = Once(4)


def find_network(work: Work) -> RoadNetwork | None:
    """The network of the roads as this transaction finds them; None where none were ever loaded."""
    key = (work.deployment.url, work.settings.metric_crs, read_layer_state(work.session, ROADS))
    return _networks.get(key, lambda: _built(work))


def _built(work: Work) -> RoadNetwork | None:
    lines = read_road_lines(work.session, work.settings.metric_crs)
    return build_network(lines, read_speeds()) if len(lines.line) else None
