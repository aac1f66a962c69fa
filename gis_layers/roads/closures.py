"""Roads that are gone: pieces of stretches nobody drives, or drives slowly, cut out of a network for as long as that lasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from math import inf
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from gis_layers.roads.junctions import Flags, Numbers, Positions
from gis_layers.roads.network import RoadNetwork, Stretches, join_stretches
from gis_layers.roads.road_places import AT_JUNCTION_M, RoadPlace
from gis_layers.roads.tables import PlacesOnRoads
from risk_model.shapes import as_array

ALONG_M: Final = 0.5
"""A road runs along a closed line where it is no farther from it: what is drawn is the line of the road itself."""
ALONG_FOR_M: Final = 60.0
"""A road that shares so much of a closed line, or half of either, is meant; a ramp beside it or a lane across is not."""


@dataclass(frozen=True, slots=True)
class RoadClosure:
    """Closure of every road along a line or within an area (metric CRS), until it is lifted.

    ``share_left`` of the speed is what remains, 0 where nobody drives. ``spares_bridges``: what happens lies beneath them.
    ``on_foot``: people walk through where nobody drives.
    """

    key: str
    shape: BaseGeometry
    share_left: float
    spares_bridges: bool = False
    on_foot: bool = False

    @property
    def is_walked(self) -> bool:
        """Whether people walk through; where engines drive slowly they do."""
        return self.on_foot or self.share_left > 0


@dataclass(frozen=True, slots=True)
class ClosedPiece:
    """Piece of a stretch, from one share of its length to another, that ``closure`` (its place in the list) takes away."""

    closure: int
    stretch: int
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class CutNetwork:
    """A network with closed pieces cut out of its stretches, and where a place on the whole one is on it.

    ``walked`` tells of each stretch whether people walk along it.
    """

    network: RoadNetwork
    number: Numbers
    pieces: Mapping[int, Sequence[tuple[float, float, int]]]
    walked: Flags

    def place(self, place: RoadPlace) -> RoadPlace:
        """The same place on the stretches that were cut."""
        for begin, end, stretch in self.pieces.get(place.stretch, ()):
            if place.share <= end:
                return RoadPlace(stretch, (place.share - begin) / (end - begin), place.away_m)
        return RoadPlace(int(self.number[place.stretch]), place.share, place.away_m)

    def place_each(self, places: PlacesOnRoads) -> PlacesOnRoads:
        """The same of many places."""
        stretch, share = self.number[places.stretch], places.share.copy()
        for i in np.flatnonzero(np.isin(places.stretch, np.array(list(self.pieces), dtype=np.int64))):
            moved = self.place(RoadPlace(int(places.stretch[i]), float(places.share[i]), 0.0))
            stretch[i], share[i] = moved.stretch, moved.share
        return PlacesOnRoads(stretch, share)

    def whole(self, parts: Iterable[tuple[int, float, float]]) -> list[tuple[int, float, float]]:
        """Parts of a way on the stretches that were cut, each from one share to another, as those of the whole network."""
        kept = np.flatnonzero(self.number >= 0)
        made = {piece: (of, low, high) for of, found in self.pieces.items() for low, high, piece in found}
        told = []
        for stretch, begin, end in parts:
            of, low, high = made.get(stretch) or (int(kept[stretch]), 0.0, 1.0)
            told.append((of, low + begin * (high - low), low + end * (high - low)))
        return told


def find_closed(network: RoadNetwork, closures: Sequence[RoadClosure]) -> list[ClosedPiece]:
    """Every piece of a stretch that lies along the line, or within the area, of one of ``closures``."""
    return [piece for number, closure in enumerate(closures) for piece in _closed_by(network, number, closure)]


def cut_out(network: RoadNetwork, closures: Sequence[RoadClosure], pieces: Sequence[ClosedPiece]) -> CutNetwork:
    """The network as it is driven while ``closures`` last; where several meet the slowest counts."""
    by_stretch: dict[int, list[ClosedPiece]] = {}
    for piece in pieces:
        by_stretch.setdefault(piece.stretch, []).append(piece)
    whole = np.ones(len(network.tail), dtype=bool)
    whole[list(by_stretch)] = False
    number = np.where(whole, np.cumsum(whole) - 1, -1)
    cut, node, made = _Cutting(network, int(whole.sum())), list(network.node), {}
    for stretch, found in sorted(by_stretch.items()):
        left = [(piece.begin, piece.end, closures[piece.closure]) for piece in found]
        made[stretch] = cut.stretch(stretch, left, node)
    kept = {one.name: getattr(network, one.name)[whole] for one in fields(Stretches)}
    joined = Stretches(**{name: np.concatenate([some, cut.column(name)]) for name, some in kept.items()})
    walked = (joined.road_class != "motorway") & np.concatenate(
        [np.ones(cut.first, dtype=bool), np.array(cut.walked, dtype=bool)]
    )
    whole_network = join_stretches(np.array(node).reshape(-1, 2), joined, hull=network.hull, version=network.version)
    return CutNetwork(whole_network, number, made, walked)


def piece_around(network: RoadNetwork, place: RoadPlace, metres: float | None) -> BaseGeometry:
    """The line of the stretch a place lies on, or of so many metres of it around the place."""
    line: BaseGeometry = network.line[place.stretch]
    if metres is None or metres >= line.length:
        return line
    middle = min(max(place.share * line.length, metres / 2), line.length - metres / 2)
    around: BaseGeometry = substring(
        shapely.LineString(shapely.get_coordinates(line)), middle - metres / 2, middle + metres / 2
    )
    return around


class _Cutting:
    """Pieces of stretches as they are made, numbered on from those that stay whole."""

    def __init__(self, network: RoadNetwork, first: int) -> None:
        self.network, self.first = network, first
        self.rows: list[dict[str, object]] = []
        self.walked: list[bool] = []

    def stretch(
        self, stretch: int, left: Sequence[tuple[float, float, RoadClosure]], node: list[Positions]
    ) -> list[tuple[float, float, int]]:
        """Cut one stretch where what is left of its speed changes; junctions come into ``node``. The pieces with their numbers."""
        net, made = self.network, []
        shares = _stops(left, float(net.length_m[stretch]))
        tail = int(net.tail[stretch])
        for begin, end in pairwise(shares):
            line = substring(net.line[stretch], begin, end, normalized=True)
            head = int(net.head[stretch])
            if end < 1:
                head = len(node)
                node.append(shapely.get_coordinates(line)[-1])
            made.append((begin, end, self.first + len(self.rows)))
            middle = (begin + end) / 2
            here = [closure for low, high, closure in left if low <= middle <= high]
            share_left = min([closure.share_left for closure in here], default=1.0)
            self.walked.append(all(closure.is_walked for closure in here))
            seconds = float(net.seconds[stretch]) * (end - begin)
            self.rows.append(
                {name: getattr(net, name)[stretch] for name in ("road", "road_class", "bridge", "forth", "back")}
                | {"tail": tail, "head": head, "line": line, "length_m": net.length_m[stretch] * (end - begin)}
                | {"seconds": seconds / share_left if share_left > 0 else inf}
            )
            tail = head
        return made

    def column(self, name: str) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
        """One column of all pieces, of the kind the network has it."""
        values = [row[name] for row in self.rows]
        return as_array(values) if name == "line" else np.array(values, dtype=getattr(self.network, name).dtype)


def _stops(left: Sequence[tuple[float, float, RoadClosure]], metres: float) -> list[float]:
    """Shares at which a stretch is cut, its ends among them; those nearer than a junction is wide are one."""
    stops = [0.0]
    for share in sorted({share for begin, end, _ in left for share in (begin, end)}):
        if (share - stops[-1]) * metres > AT_JUNCTION_M and (1 - share) * metres > AT_JUNCTION_M:
            stops.append(share)
    return [*stops, 1.0]


def _closed_by(network: RoadNetwork, number: int, closure: RoadClosure) -> Iterable[ClosedPiece]:
    is_area = shapely.get_dimensions(closure.shape) == 2
    ground = closure.shape if is_area else shapely.buffer(closure.shape, ALONG_M, cap_style="flat")
    for index in (network.roads, network.motorways):
        inside = set(index.tree.query(ground, predicate="covers"))
        for found in index.tree.query(ground, predicate="intersects"):
            stretch = int(index.among[found])
            if closure.spares_bridges and network.bridge[stretch]:
                continue
            line = network.line[stretch]
            least = AT_JUNCTION_M if is_area else _least_m(line, closure.shape)
            for begin, end in [(0.0, 1.0)] if found in inside else _shares_within(line, ground):
                if (end - begin) * line.length > least:
                    yield ClosedPiece(number, stretch, begin, end)


def _least_m(road: BaseGeometry, closed: BaseGeometry) -> float:
    return min(ALONG_FOR_M, min(float(road.length), float(closed.length)) / 2)


def _shares_within(line: BaseGeometry, ground: BaseGeometry) -> list[tuple[float, float]]:
    """The shares of a line that lie within some ground, from where to where, found leg by leg: a line may meet itself."""
    corners = shapely.get_coordinates(line)
    run = np.r_[0.0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T))]
    found: list[tuple[float, float]] = []
    for i in range(len(corners) - 1):
        leg = shapely.LineString(corners[i : i + 2])
        parts = shapely.get_parts(shapely.intersection(leg, ground))
        ends = [shapely.points(shapely.get_coordinates(part)[[0, -1]]) for part in parts if not part.is_empty]
        for begin, end in sorted(sorted((run[i] + shapely.line_locate_point(leg, pair)) / run[-1]) for pair in ends):
            if found and begin - found[-1][1] <= AT_JUNCTION_M / run[-1]:
                found[-1] = (found[-1][0], float(end))
            elif end > begin:
                found.append((float(begin), float(end)))
    return found
