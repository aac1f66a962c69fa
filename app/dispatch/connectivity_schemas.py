"""Answers of the report on how the network of roads hangs together."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from app.http.geojson_shapes import Feature

ConnectivityCode = Literal["island", "motorway", "no_exit", "no_entry", "gap", "station_off_road", "force_off_road"]


class ConnectivityProperties(TypedDict):
    """A fault of the network, or who stands off it; ``name`` is that of the road, the station or the force.

    ``road_m`` is the length of road it keeps apart, ``gap_m`` how far an end stops short, ``at`` (longitude and latitude)
    where one looks first.
    """

    kind: ConnectivityCode
    name: str | None
    road_m: float
    gap_m: float | None
    stretches: int
    at: list[float]


class NetworkAnswer(TypedDict):
    """The network that was looked at: ``joined_m`` of its ``road_m`` hang together."""

    version: str
    stretches: int
    road_m: float
    joined_m: float


class ConnectivityAnswer(TypedDict):
    """Faults as they are drawn, of each kind the worst first; ``counts`` are of all there are."""

    type: Literal["FeatureCollection"]
    features: list[Feature[ConnectivityProperties]]
    counts: dict[ConnectivityCode, int]
    graph: NetworkAnswer
