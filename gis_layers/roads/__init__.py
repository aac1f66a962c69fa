"""Roads as a network: where they meet, how fast they are driven, who reaches what by which way."""

from gis_layers.roads.closures import ClosedPiece, CutNetwork, RoadClosure, cut_out, find_closed, piece_around
from gis_layers.roads.connectivity import GAP_M, ConnectivityFault, ConnectivityKind, far_from_roads, find_faults
from gis_layers.roads.junctions import NODED_M
from gis_layers.roads.network import RoadLines, RoadNetwork, build_network
from gis_layers.roads.network_file import (
    FORMAT,
    SUFFIX,
    load_network,
    pack_network,
    packed_network,
    save_network,
    unpack_network,
)
from gis_layers.roads.reach import joined, reached_lines, seconds_at_each
from gis_layers.roads.road_places import RoadPlace, snap
from gis_layers.roads.speeds import Speeds, read_speeds
from gis_layers.roads.travel import Journey, Travel, drive_seconds, journey, seconds_at, travel_from, travel_to

__all__ = [
    "FORMAT",
    "GAP_M",
    "NODED_M",
    "SUFFIX",
    "ClosedPiece",
    "ConnectivityFault",
    "ConnectivityKind",
    "CutNetwork",
    "Journey",
    "RoadClosure",
    "RoadLines",
    "RoadNetwork",
    "RoadPlace",
    "Speeds",
    "Travel",
    "build_network",
    "cut_out",
    "drive_seconds",
    "far_from_roads",
    "find_closed",
    "find_faults",
    "joined",
    "journey",
    "load_network",
    "pack_network",
    "packed_network",
    "piece_around",
    "reached_lines",
    "read_speeds",
    "save_network",
    "seconds_at",
    "seconds_at_each",
    "snap",
    "travel_from",
    "travel_to",
    "unpack_network",
]
