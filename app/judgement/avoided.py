"""What is avoided: closures in force and the zones that were asked for, and the network as it is driven meanwhile."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from typing_extensions import TypedDict

from app.platform.iso import IsoMoment
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.roads import ClosedPiece, CutNetwork, RoadClosure, RoadNetwork, RoadPlace, cut_out, find_closed
from gis_layers.stores.closures import ACTIVE, ClosureQuery, read_closures
from gis_layers.stores.published_zones import ZoneQuery, read_zones
from gis_layers.stores.registers_state import read_writes
from risk_model.dispatch import avoided_ground
from risk_model.shapes import as_array

EVERY: Final = ("true", "all")
NONE: Final = ("", "false")
CLOSURE, ZONE = "closure", "zone"
CLOSURES: Final = "closures"
_lasting: Once[tuple[str, str], tuple[Any, ...]] = Once(4)
_cut: Once[str, tuple[CutNetwork | None, tuple[ClosedPiece, ...]]] = Once(4)


class AvoidedAnswer(TypedDict):
    """A closure in force, a zone that was asked to be avoided, or the danger area of an incident: nobody drives in it, or with ``share_left`` of the speed.

    ``road_m`` are the metres of road it takes: 0 where it lies on none and changes nothing. Past ``review_at`` a closure
    is ``overdue`` and stays.
    """

    what: Literal["closure", "zone", "danger"]
    id: str
    kind: Literal["closed", "slowed"]
    share_left: float | None
    reason: str | None
    hazard: str | None
    grade: str | None
    name: str | None
    since: IsoMoment | None
    review_at: IsoMoment | None
    overdue: bool
    road_m: float


@dataclass(frozen=True, slots=True)
class Avoided:
    """What is avoided, and the network without it; ``cut`` is None where none of it lies on a road."""

    whole: RoadNetwork
    cut: CutNetwork | None
    closures: tuple[RoadClosure, ...]
    pieces: tuple[ClosedPiece, ...]
    told: tuple[AvoidedAnswer, ...]
    key: str

    @property
    def network(self) -> RoadNetwork:
        """The network as it is driven now."""
        return self.whole if self.cut is None else self.cut.network

    def place(self, place: RoadPlace) -> RoadPlace:
        """A place of the whole network on the one that is driven."""
        return place if self.cut is None else self.cut.place(place)

    def is_closed(self, place: RoadPlace) -> bool:
        """Whether nobody drives where a place lies."""
        return any(
            piece.stretch == place.stretch and piece.begin <= place.share <= piece.end and self._is_shut(piece)
            for piece in self.pieces
        )

    def shut_on(self, parts: Iterable[tuple[int, float, float]]) -> list[str]:
        """The keys of what shuts a way on the whole network, told as its stretches with the shares it goes from and to."""
        crossed = [(stretch, min(begin, end), max(begin, end)) for stretch, begin, end in parts]
        met = {
            piece.closure
            for piece in self.pieces
            if self._is_shut(piece)
            and any(on == piece.stretch and low < piece.end and piece.begin < high for on, low, high in crossed)
        }
        return [self.told[number]["id"] for number in sorted(met)]

    def longest_road(self, key: str) -> int | None:
        """The number of the road most of whose length a closure takes; None where it lies on none."""
        number = next(number for number, one in enumerate(self.told) if one["id"] == key)
        metres: dict[int, float] = {}
        for piece in self.pieces:
            if piece.closure == number:
                road = int(self.whole.road[piece.stretch])
                taken = (piece.end - piece.begin) * float(self.whole.length_m[piece.stretch])
                metres[road] = metres.get(road, 0.0) + taken
        return max(metres, key=lambda road: metres[road], default=None)

    def _is_shut(self, piece: ClosedPiece) -> bool:
        return self.closures[piece.closure].share_left == 0


@dataclass(frozen=True, slots=True)
class DangerArea:
    """Danger area of an incident (metric CRS): nobody drives or walks in it."""

    incident: int
    area: BaseGeometry

    @property
    def closure(self) -> RoadClosure:
        """The area as the network takes it."""
        return RoadClosure(f"danger {self.incident}", self.area, 0.0)

    def told(self, road_m: float) -> AvoidedAnswer:
        """The area as answers name what they avoid."""
        return {
            "what": "danger",
            "id": f"danger/{self.incident}",
            "kind": "closed",
            "share_left": None,
            "reason": None,
            "hazard": None,
            "grade": None,
            "name": None,
            "review_at": None,
            "overdue": False,
            "since": None,
            "road_m": round(road_m, 1),
        }


def read_avoided(
    work: Work, network: RoadNetwork, zones: str | None, at: datetime.datetime, *, danger: DangerArea | None = None
) -> Avoided:  # fmt: skip
    """What is avoided at a moment: every closure in force, the zones that are named, and a danger area where one is given.

    ``zones`` are keys of hazards (those of its worst grades), numbers of zones, or "true" for every hazard. Raises
    UnknownHazard.
    """
    state = read_writes(work.session, (CLOSURES,))[CLOSURES]
    lasting = _lasting.get((work.deployment.url, state), lambda: _in_force(work))
    named = [read_zones(work.session, query) for query in _asked(work, zones)]
    metric_crs = work.settings.metric_crs
    rows = [(CLOSURE, row) for row in lasting]
    rows += [(ZONE, row) for frame in named for row in _closing(frame).itertuples(index=False)]
    closures = tuple(_closure(kind, row, metric_crs) for kind, row in rows)
    closures += () if danger is None else (danger.closure,)
    key = _key(network, closures)
    cut, pieces = _cut.get(key, lambda: _cut_out(network, closures))
    told = tuple(_describe(kind, row, _metres(network, pieces, i), at) for i, (kind, row) in enumerate(rows))
    if danger is not None:
        told = (*told, danger.told(_metres(network, pieces, len(rows))))
    return Avoided(network, cut, closures, pieces, told, key)


def road_closure(row: Any, shape: BaseGeometry) -> RoadClosure:
    """A closure of the register (its shape in the metric CRS) as the network takes it."""
    share_left = 0.0 if row.share_left is None else float(row.share_left)
    return RoadClosure(f"closure {row.id}", shape, share_left, on_foot=bool(row.on_foot))


def _in_force(work: Work) -> tuple[Any, ...]:
    return tuple(read_closures(work.session, ClosureQuery(ACTIVE)).itertuples(index=False))


def _cut_out(
    network: RoadNetwork, closures: Sequence[RoadClosure]
) -> tuple[CutNetwork | None, tuple[ClosedPiece, ...]]:
    pieces = tuple(find_closed(network, closures))
    return (cut_out(network, closures, pieces) if pieces else None), pieces


def _key(network: RoadNetwork, closures: Sequence[RoadClosure]) -> str:
    told = hashlib.sha256(f"{network.version} {id(network)}".encode())
    for one in closures:
        told.update(
            f"{one.key} {one.share_left} {one.spares_bridges} {one.on_foot}".encode() + shapely.to_wkb(one.shape)
        )
    return told.hexdigest()


def _asked(work: Work, zones: str | None) -> list[ZoneQuery]:
    words = [word.strip() for word in (zones or "").split(",")]
    named = [word for word in words if word not in NONE]
    if any(word in EVERY for word in named):
        named = list(work.rulebook.hazards)
    return [ZoneQuery(hazard=work.rulebook.hazard(word).key, product="hazard") for word in dict.fromkeys(named)]


def _closing(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Those zones in which no road is driven: areas of the worst grades."""
    ground, ranks = avoided_ground(), pd.to_numeric(zones["grade_rank"])
    areas = shapely.get_dimensions(zones.geometry.to_numpy()) == 2
    worst = [ground.closes(None if pd.isna(rank) else int(rank)) for rank in ranks]
    closing: gpd.GeoDataFrame = zones[areas & np.array(worst, dtype=bool)]
    return closing


def _closure(kind: str, row: Any, metric_crs: str) -> RoadClosure:
    (shape,) = to_metric(as_array([row.geometry]), metric_crs)
    if kind == CLOSURE:
        return road_closure(row, shape)
    return RoadClosure(f"zone {row.zone}", shape, 0.0, row.hazard in avoided_ground().beneath_bridges)


def _metres(network: RoadNetwork, pieces: Sequence[ClosedPiece], number: int) -> float:
    return sum((one.end - one.begin) * float(network.length_m[one.stretch]) for one in pieces if one.closure == number)


def _describe(kind: str, row: Any, metres: float, at: datetime.datetime) -> AvoidedAnswer:
    is_closure = kind == CLOSURE
    return {
        "what": "closure" if is_closure else "zone",
        "id": f"{kind}/{row.id if is_closure else row.zone}",
        "kind": row.kind if is_closure else "closed",
        "share_left": row.share_left if is_closure else None,
        "reason": row.reason if is_closure else None,
        "hazard": None if is_closure else row.hazard,
        "grade": None if is_closure else row.grade,
        "name": None if is_closure else row.name,
        "review_at": row.review_at.isoformat() if is_closure else None,
        "overdue": bool(is_closure and row.review_at < at),
        "since": row.opened_at.isoformat() if is_closure else None,
        "road_m": round(metres, 1),
    }
