"""The network of the roads on record, one for each state of the register, and the file that every process reads it from.

Whoever imports roads asks for their network within the import, so its file lies there before anybody else sees the rows:
while it is made the former one answers, and the first question after the import reads a file.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from app.platform.deployment import data_folders
from app.platform.errands import OWN, current
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.errors import ConfinedTrouble
from gis_layers.roads import (
    FORMAT,
    SUFFIX,
    RoadLines,
    RoadNetwork,
    build_network,
    load_network,
    packed_network,
    read_speeds,
    save_network,
    unpack_network,
)
from gis_layers.sandbox import Limits, run_confined
from gis_layers.stores.registers_state import read_database_mark, read_layer_state
from gis_layers.stores.roads import count_roads, read_road_lines

ROADS: Final = "roads"
FOLDER: Final = "road-networks"
MANY: Final = 2_000
"""From so many roads on a network is kept as a file: fewer are joined sooner than a file is read."""
LIMITS: Final = Limits(wall_s=600.0, memory_bytes=4 * 1024**3)
"""Of a network made while clients wait: what a county's roads take, several times over."""
_networks: Once[tuple[str, str, str], RoadNetwork | None] = Once(3)


def find_network(work: Work) -> RoadNetwork | None:
    """The network of the roads as this transaction finds them; None where none were ever loaded."""
    state = read_layer_state(work.session, ROADS)
    return _networks.get((work.deployment.url, work.settings.metric_crs, state), lambda: _read_or_made(work, state))


def network_file(work: Work, state: str) -> Path:
    """Where the network of a state of the register lies: no other database, measure, speed or program has the same."""
    told = (
        FORMAT,
        read_database_mark(work.session),
        state,
        work.settings.metric_crs,
        sorted(read_speeds().by_class.items()),
    )
    name = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
    return data_folders(work.settings)[0] / FOLDER / f"{name}{SUFFIX}"


def _read_or_made(work: Work, state: str) -> RoadNetwork | None:
    count = count_roads(work.session)
    if count < MANY:
        lines = read_road_lines(work.session, work.settings.metric_crs)
        return build_network(lines, read_speeds()) if count else None
    path = network_file(work, state)
    return load_network(path) or _made(read_road_lines(work.session, work.settings.metric_crs), path)


def _made(lines: RoadLines, path: Path) -> RoadNetwork:
    """A network made and kept: in a process of its own where a client waits, so that all others are answered meanwhile."""
    content = packed_network(lines) if current() is None else _packed_apart(lines)
    network = unpack_network(content)
    assert network is not None, "what was packed is whole"
    save_network(content, path)
    return network


def _packed_apart(lines: RoadLines) -> bytes:
    try:
        return run_confined(packed_network, lines, limits=LIMITS, readable=(OWN,))
    except ConfinedTrouble:  # where no process can be confined the roads are needed all the same
        return packed_network(lines)
