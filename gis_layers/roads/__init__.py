"""Roads as a network: where they meet, how fast they are driven, who reaches what by which way."""

from gis_layers.roads.closures import ClosedPiece, CutNetwork, RoadClosure, cut_out, find_closed, piece_around
from gis_layers.roads.connectivity import GAP_M, ConnectivityFault, ConnectivityKind, far_from_roads, find_faults
from gis_layers.roads.junctions import NODED_M
from gis_layers.roads.losses import Reached, StretchLosses, stretch_losses
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
from gis_layers.roads.on_foot import on_foot
from gis_layers.roads.reach import joined, reached_lines, seconds_at_each
from gis_layers.roads.road_places import RoadPlace, SnappedPoints, snap, snap_each
from gis_layers.roads.speeds import Speeds, read_speeds
from gis_layers.roads.tables import PlacesOnRoads, RoadGraph, graph_of, table_at, travel_table
from gis_layers.roads.travel import (
    Journey,
    Travel,
    drive_seconds,
    journey,
    seconds_at,
    travel_from,
    travel_to,
    way_here,
)
from gis_layers.roads.walks import Walk, Walks, walks_to

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
    "PlacesOnRoads",
    "Reached",
    "RoadClosure",
    "RoadGraph",
    "RoadLines",
    "RoadNetwork",
    "RoadPlace",
    "SnappedPoints",
    "Speeds",
    "StretchLosses",
    "Travel",
    "Walk",
    "Walks",
    "build_network",
    "cut_out",
    "drive_seconds",
    "far_from_roads",
    "find_closed",
    "find_faults",
    "graph_of",
    "joined",
    "journey",
    "load_network",
    "on_foot",
    "pack_network",
    "packed_network",
    "piece_around",
    "reached_lines",
    "read_speeds",
    "save_network",
    "seconds_at",
    "seconds_at_each",
    "snap",
    "snap_each",
    "stretch_losses",
    "table_at",
    "travel_from",
    "travel_table",
    "travel_to",
    "unpack_network",
    "walks_to",
    "way_here",
]
