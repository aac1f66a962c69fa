"""Forces and villages where they stand, and where each comes onto the roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from app.judgement.road_network import find_network
from app.platform.errors import Refused
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.roads import RoadNetwork, RoadPlace, Speeds, snap
from gis_layers.stores.frames import plain_value
from gis_layers.stores.places import read_places
from gis_layers.stores.registers_state import read_writes
from gis_layers.stores.town import read_register
from risk_model.dispatch import ForceOnRecord
from risk_model.message import msg
from risk_model.vocabulary import Geometries


def read_network(work: Work) -> RoadNetwork:
    """The network of the roads as they stand on record now. Raises Refused where none were ever loaded."""
    network = find_network(work)
    if network is None:
        raise Refused(
            msg("还没有载入道路，无法按路网计算到达时间；请用 anzhi import roads 或在导入页载入道路"), code="unready"
        )
    return network


@dataclass(frozen=True, slots=True)
class StandingForce:
    """A force where it stands (metric CRS), where it comes onto a road, and the row of its register."""

    record: ForceOnRecord
    place: Any
    on_road: RoadPlace | None
    row: Any


@dataclass(frozen=True, slots=True)
class VillageSeat:
    """A village, and where its seat comes onto a road."""

    key: str
    code: str | None
    name: str
    population: int | None
    on_road: RoadPlace | None


_standing: Once[tuple[str, ...], tuple[StandingForce, ...]] = Once(4)
_seats: Once[tuple[str, ...], tuple[gpd.GeoDataFrame, Geometries]] = Once(2)
_seats_on_roads: Once[tuple[str, ...], tuple[VillageSeat, ...]] = Once(4)


def read_forces(work: Work, network: RoadNetwork, speeds: Speeds) -> tuple[StandingForce, ...]:
    """Every force on record; ``on_road`` is None for who stands too far from any road to drive off."""
    state = read_writes(work.session, ("forces", "stations", "villages")).values()
    return _standing.get((*_here(work), network.version, *state), lambda: _read_forces(work, network, speeds))


def _read_forces(work: Work, network: RoadNetwork, speeds: Speeds) -> tuple[StandingForce, ...]:
    forces, stations = read_register(work.session, "forces"), read_register(work.session, "stations")
    kinds = dict(zip(stations["id"], stations["kind"], strict=True))
    places = to_metric(forces.geometry.to_numpy(), work.settings.metric_crs)
    on_roads = [_within(one, speeds.longest_yard_m) for one in snap(network, places, speeds, on_motorways=False)]
    rows = list(forces.itertuples(index=False))
    return tuple(
        StandingForce(force_on_record(row, kinds.get(row.station_id)), place, on_road, row)
        for row, place, on_road in zip(rows, places, on_roads, strict=True)
    )


def village_places(work: Work) -> tuple[gpd.GeoDataFrame, Geometries]:
    """Villages and the point of each (metric CRS): its seat where it has one, else a point inside."""
    return _seats.get((*_here(work), _state_of_villages(work)), lambda: _read_village_places(work))


def _read_village_places(work: Work) -> tuple[gpd.GeoDataFrame, Geometries]:
    villages = read_places(work.session, "villages")
    inside = villages.geometry.representative_point()
    seats = gpd.GeoSeries(gpd.points_from_xy(villages["seat_lon"], villages["seat_lat"]), index=villages.index)
    points = inside.where(villages["seat_lon"].isna(), seats)
    return villages, to_metric(points.to_numpy(), work.settings.metric_crs)


def seats_on_roads(work: Work, network: RoadNetwork, speeds: Speeds) -> tuple[VillageSeat, ...]:
    """Every village with where its point comes onto a road; None where that is farther than people walk."""
    key = (*_here(work), network.version, _state_of_villages(work))
    return _seats_on_roads.get(key, lambda: _read_seats(work, network, speeds))


def _read_seats(work: Work, network: RoadNetwork, speeds: Speeds) -> tuple[VillageSeat, ...]:
    villages, points = village_places(work)
    on_roads = [_within(one, speeds.longest_walk_m) for one in snap(network, points, speeds, on_motorways=False)]
    return tuple(
        VillageSeat(str(row["id"]), row["code"], str(row["name"]), plain_value(row["population"], whole=True), on_road)
        for row, on_road in zip(villages.to_dict("records"), on_roads, strict=True)
    )


def _here(work: Work) -> tuple[str, str]:
    return work.deployment.url, work.settings.metric_crs


def _state_of_villages(work: Work) -> str:
    return read_writes(work.session, ("villages",))["villages"]


def _within(place: RoadPlace | None, most_m: float) -> RoadPlace | None:
    return place if place is not None and place.away_m <= most_m else None


def force_on_record(row: Any, station_kind: str | None) -> ForceOnRecord:
    """A row of the register of forces, as judgement takes it."""
    return ForceOnRecord(
        key=str(row.id),
        name=row.name,
        kind=row.kind,
        state=row.state,
        capabilities=frozenset(row.capabilities),
        turnout_s=row.turnout_s,
        station_kind=station_kind,
        agreement_expires=row.agreement_expires,
        last_verified=row.last_verified,
    )
