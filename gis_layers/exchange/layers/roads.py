"""Roads as they are delivered: lines with their class, way, speed, length, and which of them are bridges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_layers.exchange.checks.inspection import LINE
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.report import Delivery
from gis_layers.exchange.formats.confined_reading import apart
from gis_layers.exchange.layers.attributes import deliver
from gis_layers.exchange.layers.ingest import ingest
from gis_layers.exchange.layers.registers import read_words
from gis_layers.exchange.text import register_words as words
from gis_layers.exchange.text import values
from gis_layers.exchange.text.quantities import KILOMETRES_AN_HOUR, METRES
from gis_layers.exchange.text.written import Understood, as_written
from risk_model.message import msg

FASTEST_KMH = 200


@apart
def read_roads(path: Path, options: ReadingOptions) -> Delivery:
    """Read roads: feature, name, road_class, oneway, bridge, speed_kmh, length_m (None where not given), geometry.

    A line of several parts becomes several roads of one feature, which share its length. An unknown class becomes a
    village road, an unknown way both ways, with a problem noted.
    """
    listed = ("road_class", "oneway", "bridge")
    received = ingest(path, options, ("name", *listed, "speed_kmh", "length_m"), dimensions=frozenset({LINE}))
    speed = received.columns.measured("speed_kmh", KILOMETRES_AN_HOUR)
    length = received.columns.measured("length_m", METRES)
    columns: dict[str, list[Any]] = {
        "name": received.columns.read("name", values.read_text),
        "road_class": read_words(received, "road_class", words.ROAD_CLASSES),
        "oneway": read_words(received, "oneway", words.ONEWAYS, usual=True),
        "bridge": [word == "yes" for word in read_words(received, "bridge", words.YES_OR_NO, usual=True)],
        "speed_kmh": received.columns.read("speed_kmh", lambda cell: _within(speed(cell), FASTEST_KMH)),
        "length_m": received.columns.read("length_m", lambda cell: _within(length(cell))),
    }
    told = ("roads", received.crs)
    delivery = deliver(columns, received.geometries, raw=received.raw, journal=received.journal, layer=told)
    return replace(delivery, frame=_in_parts(delivery.frame))


def _within(read: float | Understood[float], most: float = np.inf) -> float | Understood[float] | None:
    """What was read, None for 0, which files write where nobody measured. Raises ValueError for more than ``most``."""
    number = read.value if isinstance(read, Understood) else read
    if number > most:
        raise ValueError(msg("超过 {most}：{value}", most=most, value=as_written(number)))
    return read if number else None


def _in_parts(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row a single line; the length a feature tells is shared by its parts as they are drawn."""
    if frame.empty:
        return frame
    whole = shapely.length(frame.geometry.to_numpy())
    parts = frame.assign(whole=whole).explode(index_parts=False, ignore_index=True)
    drawn, whole = shapely.length(parts.geometry.to_numpy()), parts["whole"].to_numpy()
    share = np.divide(drawn, whole, out=np.ones_like(drawn), where=whole > 0)
    told = parts["length_m"].astype(float)
    parts["length_m"] = (told * share).astype(object).where(told.notna(), None)
    return parts.drop(columns="whole")
