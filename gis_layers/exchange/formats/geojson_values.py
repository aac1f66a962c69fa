"""The attributes of GeoJSON as they are written: GDAL makes one kind of a column, of true among numbers a 1, of 7 among words a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from gis_layers.exchange.text.cell_kinds import in_one_cell
from risk_model.shapes import as_array

Properties = Mapping[str, Any]

_OF_THE_FORMAT: Final = frozenset(
    {"type", "geometry", "properties", "bbox", "crs", "arcs", "coordinates", "geometries"}
)
"""Members that are no attributes where a feature has its attributes beside its geometry."""


def values_of(feature: Mapping[str, Any]) -> Properties:
    """The attributes of a feature, and its own ``id`` where no attribute is called so.

    A feature without ``properties``, as older programs write it, has its attributes beside its geometry.
    """
    told = feature.get("properties", feature)
    beside = {} if feature.get("id") is None else {"id": feature["id"]}
    if not isinstance(told, Mapping):
        return beside
    return beside | (dict(told) if told is not feature else _but_of_the_format(told))


def table_of_values(rows: Sequence[Properties]) -> pd.DataFrame:
    """One row a feature, its values of the kind that is written; None for those it does not have."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns: dict[str, Any] = {}
    for name in names:
        columns[name] = as_array([in_one_cell(row.get(name)) for row in rows])
    return pd.DataFrame(columns, index=range(len(rows)), dtype=object)


def _but_of_the_format(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in _OF_THE_FORMAT}
