"""Inventory of the town: everything on record that may stand on a piece of ground, in the metric CRS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NotRequired, cast

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.judgement.population import read_settlements
from app.platform.errands import ROWS, STORED, reckon
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.places import read_places
from gis_layers.stores.town import read_register
from risk_model.exposure import Exposure, ExposureList, Inventory, Things, Words, exposures_under, lists_under
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

COUNTED: Final = ("buildings", "enterprises", "facilities", "roads")
"""The registers whose things are counted beside the people."""
OF_PLACES: Final = ("villages", "water", "roads")
KIND_COLUMN: Final = {"enterprises": "sector", "buildings": "use", "roads": "road_class"}
"""The column that says of what kind a thing is; elsewhere it is ``kind``."""
PARTS: Final = {
    "water_supply": ("facilities", "water_supply"),
    "reservoirs": ("water", "reservoir"),
    "canals": ("water", "canal"),
}
"""What rules call by a word of its own: the register it is part of, and its kind there."""


class ExposureFacts(TypedDict):
    """Who and what stands on some ground; null is unknown, people are whole ones, ``roads_m`` metres.

    ``people`` is null where a village that shares the ground is uncounted: ``people_at_least`` are those of the others.
    Of registers those that were asked for.
    """

    people: int | None
    people_at_least: int | None
    people_by: list[str]
    uncounted_villages: int
    kinds: dict[str, dict[str, int]]
    villages: NotRequired[int | None]
    buildings: NotRequired[int | None]
    enterprises: NotRequired[int | None]
    facilities: NotRequired[int | None]
    stations: NotRequired[int | None]
    water_supply: NotRequired[int | None]
    reservoirs: NotRequired[int | None]
    canals: NotRequired[int | None]
    roads: NotRequired[int | None]
    roads_m: NotRequired[int | None]


def read_inventory(work: Work, words: Sequence[str]) -> Inventory:
    """The villages with their people, the dwellings, and the things of every register or part of one in ``words``."""
    metric_crs = work.settings.metric_crs
    return Inventory(*read_settlements(work), _read_things(work.session, metric_crs, words))


def _read_things(session: Session, metric_crs: str, words: Sequence[str]) -> dict[str, Things]:
    registers = {PARTS.get(word, (word, None))[0] for word in words}
    frames = {one: (read_places if one in OF_PLACES else read_register)(session, one) for one in sorted(registers)}
    found = {}
    for word in words:
        register, kind = PARTS.get(word, (word, None))
        frame = frames[register]
        found[word] = things_of(register, frame if kind is None else frame[frame["kind"] == kind], metric_crs)
    return found


def things_of(register: str, frame: gpd.GeoDataFrame, metric_crs: str) -> Things:
    """Things of ``register`` from its rows in the storage CRS."""
    kind = KIND_COLUMN.get(register, "kind")
    return Things(
        as_array([str(key) for key in frame["id"]]),
        _words(frame["name"]) if "name" in frame else as_array([""] * len(frame)),
        to_metric(frame.geometry.to_numpy(), metric_crs),
        _words(frame[kind]) if kind in frame else as_array([""] * len(frame)),
    )


def _words(column: pd.Series[str]) -> Words:
    return as_array(["" if pd.isna(word) else str(word) for word in column])


def exposed_under(shapes: Geometries, inventory: Inventory) -> ExposureFacts:
    """The described exposure of the ground under ``shapes`` (polygons, metric CRS), which may overlap."""
    return exposed_under_each([shapes], inventory)[0]


def exposed_under_each(grounds: Sequence[Geometries], inventory: Inventory) -> list[ExposureFacts]:
    """The described exposure of every one of ``grounds``; the inventory is handed over once for all of them."""
    vertices = sum(int(shapely.get_num_coordinates(shapes).sum()) for shapes in grounds)
    counted = reckon(inventory.size // ROWS + vertices // STORED, exposures_under, grounds, inventory)
    return [describe_exposure(exposure) for exposure in counted]


def listed_under_each(grounds: Sequence[Geometries], inventory: Inventory) -> list[ExposureList]:
    """The exposure of every one of ``grounds`` with the things of every register of the inventory on it."""
    vertices = sum(int(shapely.get_num_coordinates(shapes).sum()) for shapes in grounds)
    return reckon(inventory.size // ROWS + vertices // STORED, lists_under, grounds, inventory, tuple(inventory.things))


def describe_exposure(exposure: Exposure) -> ExposureFacts:
    """Exposure in plain values, the same in every answer; None is unknown, and people are rounded to whole ones.

    ``people`` is None where a village that shares the ground is uncounted: ``people_at_least`` are those of the others.
    Every register has its number of things under its word, by kind under ``kinds``; ``roads_m`` are metres.
    """
    people, things = exposure.people, exposure.things
    told = {
        "people": _rounded(people.number),
        "people_at_least": _rounded(people.at_least),
        "people_by": list(people.methods),
        "uncounted_villages": people.uncounted,
        **{register: count.number for register, count in things.items()},
        "kinds": {register: dict(count.by_kind) for register, count in things.items() if count.by_kind},
        **({"roads_m": _rounded(things["roads"].shared)} if "roads" in things else {}),
    }
    return cast("ExposureFacts", told)


def _rounded(number: float | None) -> int | None:
    return None if number is None else round(number)
