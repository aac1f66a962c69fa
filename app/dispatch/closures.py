"""Closures of roads put in force, changed and lifted; every write is audited, and the next ranking goes by it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.dispatch.closure_schemas import ClosurePreviewed
from app.judgement.avoided import road_closure
from app.judgement.road_network import find_network
from app.platform.clock import now
from app.platform.errors import BadGeometry, BadParameter, NotFound, Refused
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.roads import (
    ClosedPiece,
    RoadClosure,
    RoadNetwork,
    RoadPlace,
    find_closed,
    journey,
    piece_around,
    read_speeds,
    snap,
    travel_to,
)
from gis_layers.stores import closures as store
from gis_layers.stores.closures import ACTIVE, LIFTED, ClosureQuery
from gis_layers.stores.records import record_audit
from gis_layers.stores.roads import road_name
from risk_model.dispatch import avoided_ground
from risk_model.message import msg
from risk_model.shapes import as_array

MOST_NAMED: Final = 5
ON_ROAD_M: Final = 60.0
"""Who points at a road on a map is no farther from it."""


def list_closures(work: Work, query: ClosureQuery, at: datetime.datetime) -> tuple[gpd.GeoDataFrame, int]:
    """One page of closures, and how many there are in all."""
    return _told(work, store.read_closures(work.session, query), at), store.count_closures(work.session, query)


def find_closure(work: Work, number: int, at: datetime.datetime) -> gpd.GeoDataFrame:
    """One closure as a frame of one row. Raises NotFound."""
    frame = store.read_closures(work.session, ClosureQuery(number=number))
    if frame.empty:
        raise no_such_closure(number)
    return _told(work, frame, at)


def no_such_closure(number: int) -> NotFound:
    """That there is no closure of this number."""
    return NotFound(msg("没有编号为 {number} 的封路记录", number=number))


def close_road(
    work: Work, values: dict[str, Any], shape: BaseGeometry, *, around_m: float | None, actor: str
) -> int:  # fmt: skip
    """Put a closure in force; its number. Raises BadGeometry where a point or a line lies on no road."""
    at = now()
    row = {**values, "opened_at": values["opened_at"] or at, "created_by": actor}
    if row["opened_at"] > at:
        wrong = [{"field": "opened_at", "message": msg("不能晚于现在")}]
        raise BadParameter(msg("封路的开始时间不能晚于现在"), code="days", errors=wrong)
    row["review_at"] = values["review_at"] or at + avoided_ground().review_after
    number = store.add_closure(work.session, row, _on_roads(work, shape, around_m))
    _audit(work.session, number, row, actor=actor, action="close road")
    return number


def preview_closure(work: Work, shape: BaseGeometry, *, around_m: float | None) -> ClosurePreviewed:
    """What a closure would take of the roads. Raises BadGeometry where a point or a line lies on no road."""
    network = find_network(work)
    (ground,) = to_metric(as_array([_on_roads(work, shape, around_m)]), work.settings.metric_crs)
    pieces = find_closed(network, [RoadClosure("thought of", ground, 0.0)]) if network else []
    metres: dict[int, float] = {}
    for piece in pieces:
        road = int(network.road[piece.stretch]) if network else 0
        metres[road] = metres.get(road, 0.0) + _metres(network, piece)
    names = (road_name(work.session, road) for road in sorted(metres, key=lambda road: -metres[road])[:MOST_NAMED])
    return {
        "stretches": len({piece.stretch for piece in pieces}),
        "road_m": round(sum(metres.values()), 1),
        "roads": list(dict.fromkeys(name for name in names if name)),
    }


def change_closure(work: Work, number: int, values: Mapping[str, Any], *, actor: str) -> None:
    """Change what is given of a closure in force whose row is held."""
    store.change_closure(work.session, number, values)
    _audit(work.session, number, values, actor=actor, action="change closure")


def lift_closure(work: Work, number: int, reason: str | None, *, actor: str) -> None:
    """End a closure whose row is held: the roads under it are driven as before."""
    store.lift_closure(work.session, number, by=actor, at=now(), reason=reason)
    _audit(work.session, number, {"reason": reason}, actor=actor, action="lift closure")


def lock_closure(session: Session, number: int) -> tuple[int, bool]:
    """The version of a closure and whether it was lifted, its row held. Raises NotFound."""
    held = store.lock_closure(session, number)
    if held is None:
        raise no_such_closure(number)
    return held


def refuse_lifted(number: int, *, lifted: bool) -> None:
    """Raises Refused for a closure that was lifted: what befalls the road then is another one."""
    if lifted:
        raise Refused(msg("编号为 {number} 的封路已解除；再次封闭请另行登记", number=number), code="ended")


def _on_roads(work: Work, shape: BaseGeometry, around_m: float | None) -> BaseGeometry:
    """The ground of a closure in the storage CRS: an area as it is, the stretch a point lies on, a line along the roads."""
    if shapely.get_dimensions(shape) == 2:
        return shape
    network, metric_crs = find_network(work), work.settings.metric_crs
    corners = shapely.get_coordinates(shape)
    ends = to_metric(as_array([shapely.Point(corners[0]), shapely.Point(corners[-1])]), metric_crs)
    places = snap(network, ends, read_speeds(), on_motorways=True) if network else [None]
    if network is None or any(place is None or place.away_m > ON_ROAD_M for place in places):
        raise BadGeometry(msg("所指的地方附近没有道路；请点在道路上，或画出封闭的范围"))
    begun, ended = (place for place in places if place is not None)
    found = (
        piece_around(network, begun, around_m)
        if shapely.get_dimensions(shape) == 0
        else _between(network, begun, ended)
    )
    drawn: BaseGeometry = to_storage(as_array([found]), metric_crs)[0]
    return drawn


def _between(network: RoadNetwork, begun: RoadPlace, ended: RoadPlace) -> BaseGeometry:
    """The quickest way between two places on roads, whichever way it may be driven. Raises BadGeometry where there is none."""
    for one, other in ((begun, ended), (ended, begun)):
        way = journey(network, one, travel_to(network, other))
        if way is not None and way.road_m > 0:
            return way.line
    raise BadGeometry(msg("线的两端之间没有道路相通；请画在同一条道路上"))


def _told(work: Work, frame: gpd.GeoDataFrame, at: datetime.datetime) -> gpd.GeoDataFrame:
    network, lifted = find_network(work), frame["lifted_at"].notna()
    shapes = to_metric(frame.geometry.to_numpy(), work.settings.metric_crs)
    rows = list(frame.itertuples(index=False))
    lasting = [road_closure(row, shape) for row, shape in zip(rows, shapes, strict=True)]
    pieces = find_closed(network, lasting) if network else []
    taken = [[piece for piece in pieces if piece.closure == number] for number in range(len(rows))]
    metres = [round(sum(_metres(network, one) for one in some), 1) for some in taken]
    told = {
        "state": [LIFTED if gone else ACTIVE for gone in lifted],
        "overdue": [not gone and review < at for gone, review in zip(lifted, frame["review_at"], strict=True)],
        "road": [_road(work.session, network, some) for some in taken],
        "stretches": [len({piece.stretch for piece in some}) for some in taken],
        "road_m": metres,
    }
    return frame.assign(**{name: pd.Series(some, index=frame.index, dtype=object) for name, some in told.items()})


def _road(session: Session, network: RoadNetwork | None, pieces: list[Any]) -> str | None:
    """The name of the road most of whose length the pieces take."""
    if network is None or not pieces:
        return None
    longest = max(pieces, key=lambda piece: _metres(network, piece))
    return road_name(session, int(network.road[longest.stretch]))


def _metres(network: RoadNetwork | None, piece: ClosedPiece) -> float:
    return 0.0 if network is None else float(network.length_m[piece.stretch]) * (piece.end - piece.begin)


def _audit(session: Session, number: int, values: Mapping[str, Any], *, actor: str, action: str) -> None:
    detail = {
        name: value.isoformat() if isinstance(value, datetime.datetime) else value for name, value in values.items()
    }
    record_audit(session, actor=actor, action=action, subject=f"closure {number}", detail=detail)
