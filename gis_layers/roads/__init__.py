"""Roads as a network: where they meet, how fast they are driven, who reaches what by which way."""

from gis_layers.roads.junctions import NODED_M
from gis_layers.roads.network import RoadLines, RoadNetwork, build_network
from gis_layers.roads.road_places import RoadPlace, snap
from gis_layers.roads.speeds import Speeds, read_speeds
from gis_layers.roads.travel import Journey, Travel, journey, travel_from, travel_to

__all__ = [
    "NODED_M",
    "Journey",
    "RoadLines",
    "RoadNetwork",
    "RoadPlace",
    "Speeds",
    "Travel",
    "build_network",
    "journey",
    "read_speeds",
    "snap",
    "travel_from",
    "travel_to",
]
