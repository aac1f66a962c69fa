"""Speeds on the road and off it, as ``speeds.toml`` has them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from risk_model.codes import enumeration

KM_H: Final = 3.6
"""Kilometres an hour that are one metre a second."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """Speeds in km/h by class of road, the share of them by condition, and what is allowed for off the road in metres."""

    by_class: Mapping[str, float]
    by_condition: Mapping[str, float]
    walk_km_h: float
    longest_walk_m: float
    yard_km_h: float
    longest_yard_m: float
    at_base_m: float
    on_motorway_m: float

    def walk_s(self, metres: float) -> float:
        """Seconds that people walk."""
        return metres * KM_H / self.walk_km_h

    def yard_s(self, metres: float) -> float:
        """Seconds from a yard to the road before it."""
        return metres * KM_H / self.yard_km_h

    def share_left(self, condition: str | None) -> float:
        """The share of the speeds that ``condition`` leaves; all of them where there is none."""
        return 1.0 if condition is None else self.by_condition[condition]


@cache
def read_speeds() -> Speeds:
    """The packaged speeds. Raises ValueError where a class of road or a condition has none."""
    text = (resources.files("gis_layers.roads") / "speeds.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    for key, named in (("km_h", "road_class"), ("condition", "driving_condition")):
        if set(table[key]) != set(enumeration(named)) or min(table[key].values()) <= 0:
            raise ValueError(
                f"speeds.toml: [{key}] needs a number above 0 for each of {', '.join(enumeration(named))}."
            )
    return Speeds(
        MappingProxyType({word: float(speed) for word, speed in table["km_h"].items()}),
        MappingProxyType({word: float(share) for word, share in table["condition"].items()}),
        **{name: float(value) for name, value in table["off_road"].items()},
        on_motorway_m=float(table["motorway"]["on_it_m"]),
    )
