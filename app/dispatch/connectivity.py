"""Connectivity told in order: the faults of the network, the forces and stations no road is near, all counted, the worst drawn."""

from __future__ import annotations

from typing import get_args

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.dispatch.connectivity_schemas import (
    ConnectivityAnswer,
    ConnectivityCode,
    ConnectivityProperties,
    NetworkAnswer,
)
from app.http.geojson_shapes import Feature, geometry_of
from app.judgement.forces import read_network
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.roads import ConnectivityFault, RoadNetwork, far_from_roads, find_faults, read_speeds
from gis_layers.stores.roads import road_names
from gis_layers.stores.town import read_register
from risk_model.shapes import as_array

STANDING = ("stations", "forces")
_faults: Once[tuple[str, int], tuple[ConnectivityFault, ...]] = Once(2)
Told = Feature[ConnectivityProperties]


def connectivity(work: Work, limit: int) -> ConnectivityAnswer:
    """What is wrong with the network of the roads on record. Raises Refused where no roads are loaded."""
    network = read_network(work)
    faults = _faults.get((network.version, id(network)), lambda: tuple(find_faults(network)))
    off_road = [one for register in STANDING for one in _off_road(work, network, register)]
    drawn = _spread(faults, limit)
    names = road_names(work.session, {int(network.road[one.stretches[0]]) for one in drawn})
    features = [_told(work, network, fault, names) for fault in drawn]
    found: list[ConnectivityCode] = [
        *(fault.kind for fault in faults),
        *(one["properties"]["kind"] for one in off_road),
    ]
    counts: dict[ConnectivityCode, int] = {code: found.count(code) for code in get_args(ConnectivityCode)}
    return {
        "type": "FeatureCollection",
        "features": [*off_road[:limit], *features],
        "counts": counts,
        "graph": _network(network, faults),
    }


def _spread(faults: tuple[ConnectivityFault, ...], limit: int) -> list[ConnectivityFault]:
    """So many of each kind, in their order: a thousand islands leave room for the gap beside the station."""
    left: dict[str, int] = {}
    drawn = []
    for fault in faults:
        left[fault.kind] = left.get(fault.kind, limit) - 1
        if left[fault.kind] >= 0:
            drawn.append(fault)
    return drawn


def _network(network: RoadNetwork, faults: tuple[ConnectivityFault, ...]) -> NetworkAnswer:
    apart = sum(fault.road_m for fault in faults if fault.kind in ("island", "motorway"))
    whole = float(network.length_m.sum())
    return {
        "version": network.version,
        "stretches": len(network.line),
        "road_m": round(whole, 1),
        "joined_m": round(whole - apart, 1),
    }


def _told(work: Work, network: RoadNetwork, fault: ConnectivityFault, names: dict[int, str]) -> Told:
    road = int(network.road[fault.stretches[0]])
    told: ConnectivityProperties = {
        "kind": fault.kind,
        "name": names.get(road),
        "road_m": round(fault.road_m, 1),
        "gap_m": None if fault.gap_m is None else round(fault.gap_m, 2),
        "stretches": len(fault.stretches),
        "at": list(_drawn(work, fault.at).coords[0]),
    }
    number = f"{fault.kind}/{fault.stretches[0]}"
    return {"type": "Feature", "id": number, "properties": told, "geometry": geometry_of(_drawn(work, fault.line))}


def _off_road(work: Work, network: RoadNetwork, register: str) -> list[Told]:
    """Stations and forces from which nobody comes onto a road: they arrive nowhere."""
    rows = read_register(work.session, register)
    places = to_metric(rows.geometry.to_numpy(), work.settings.metric_crs)
    far = far_from_roads(network, places, read_speeds())
    return [
        _standing(work, register, row, place)
        for row, place in zip(rows[far].itertuples(index=False), places[far], strict=True)
    ]


def _standing(work: Work, register: str, row: object, place: BaseGeometry) -> Told:
    kind: ConnectivityCode = "station_off_road" if register == "stations" else "force_off_road"
    at = _drawn(work, place)
    told: ConnectivityProperties = {
        "kind": kind,
        "name": getattr(row, "name", None),
        "road_m": 0.0,
        "gap_m": None,
        "stretches": 0,
        "at": list(at.coords[0]),
    }
    return {
        "type": "Feature",
        "id": f"{kind}/{getattr(row, 'id', '')}",
        "properties": told,
        "geometry": geometry_of(at),
    }


def _drawn(work: Work, shape: BaseGeometry) -> BaseGeometry:
    drawn: BaseGeometry = to_storage(as_array([shape]), work.settings.metric_crs)[0]
    return shapely.transform(drawn, lambda corners: np.round(corners, 6))
