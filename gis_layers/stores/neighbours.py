"""The registers of what stands around a site, as rows of the statement that reads its surroundings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from gis_layers.crs import to_metric
from gis_layers.stores.frames import geometries_of
from risk_model.vocabulary import ObjectSet

OBJECT, FILLED = 3, 4
"""The first column of a row that is an object, and of one that says that a register holds anything."""

_SORTS = {
    "roads": ("road_class", "name", "bridge"),
    "facilities": ("kind", "name", "false"),
    "buildings": ("use", "NULL", "false"),
}
_PADDING = ", ".join(["NULL"] * 9)


def rows_of(registers: Iterable[str], near: str = "") -> str:
    """More of a statement of eighteen columns, geometry last but one: the objects of ``registers``, within ``near`` (SQL)."""
    return "".join(_rows(register, near) for register in sorted(registers))


def _rows(register: str, near: str) -> str:
    sort, name, bridge = _SORTS[register]
    return f"""
UNION ALL SELECT {OBJECT}, id, NULL, '{register}', {sort}, {name}, {bridge}::int::smallint, {_PADDING},
       ST_AsBinary(geom), NULL
FROM {register} {near}
UNION ALL SELECT {FILLED}, NULL, NULL, '{register}', NULL, NULL, NULL, {_PADDING}, NULL, NULL
WHERE EXISTS (SELECT FROM {register})
"""  # noqa: S608 - names of this file only


def object_set(objects: Sequence[Any], filled: Sequence[Any], metric_crs: str) -> ObjectSet:
    """The model's objects of such rows without their first column."""
    ordered = sorted(objects, key=lambda row: (row[2], row[0]))
    return ObjectSet(
        register=_words([row[2] for row in ordered]),
        sort=_words([row[3] for row in ordered]),
        number=np.array([row[0] for row in ordered], dtype=np.int64),
        name=_words([row[4] for row in ordered]),
        bridge=np.array([bool(row[5]) for row in ordered], dtype=bool),
        geometry=to_metric(geometries_of([row[-2] for row in ordered]), metric_crs),
        filled=frozenset(row[2] for row in filled),
    )


def _words(values: Sequence[str | None]) -> np.ndarray[Any, np.dtype[np.object_]]:
    return np.array([value or "" for value in values], dtype=object)
