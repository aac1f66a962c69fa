"""The counter: what a file declares is counted apart from its reader and held against what the reader found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis_layers.errors import CountsDiffer
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Problem
from risk_model.message import msg
from risk_model.shapes import as_array

ALL_SAVED_ANEW = msg("在原来的软件中打开该文件，核对要素个数，另存为新文件后重新导入")


@dataclass(frozen=True, slots=True)
class Declared:
    """Declaration of a layer, features numbered from 0 as they stand in the file.

    ``absent`` tells by feature why no reader makes one of it, ``broken`` why one that was read is not to be believed.
    ``vertices`` are of each feature that was read, in their order, with -1 where nobody counted. ``left`` are features that
    the file itself has given up (marked as deleted): they are not among ``features``. ``values`` are the attributes of each
    feature that was read as they are written, for a format whose reader makes one kind of all values of a column; None
    where the reader is believed.
    """

    features: int
    absent: Mapping[int, str] = field(default_factory=dict)
    broken: Mapping[int, str] = field(default_factory=dict)
    vertices: Sequence[int] | None = None
    values: pd.DataFrame | None = None
    problems: tuple[Problem, ...] = ()


Counter = Callable[[Path, RawLayer], Declared]
"""Counts what is declared of the layer that was read, by other means than those it was read with. Raises UnreadableFile."""


def hold_against(declared: Declared, raw: RawLayer, path: Path) -> RawLayer:
    """The layer with a place for every feature that is declared, and a reason for each that cannot be loaded.

    Raises CountsDiffer where more or less was read than that: nobody knows then which row belongs to which shape.
    """
    read = len(raw.geometries)
    if read + len(declared.absent) != declared.features:
        raise CountsDiffer(
            msg(
                "{name} 写有 {declared} 个要素，读出的却是 {read} 个；{advice}",
                name=path.name,
                declared=declared.features - len(declared.absent),
                read=read,
                advice=ALL_SAVED_ANEW,
            )
        )
    written = raw if declared.values is None else replace(raw, attributes=declared.values)
    whole = _spread(written, declared)
    broken = {**whole.broken, **_short_of_vertices(declared, raw, whole), **declared.broken, **declared.absent}
    return replace(
        whole,
        broken=broken,
        geometries=_without(whole.geometries, broken),
        problems=(*declared.problems, *whole.problems),
    )


def _spread(raw: RawLayer, declared: Declared) -> RawLayer:
    """The layer with empty places for the features that are absent."""
    if not declared.absent:
        return raw
    places = places_of(declared)
    geometries: list[Any] = [None] * declared.features
    for place, geometry in zip(places, raw.geometries, strict=True):
        geometries[place] = geometry
    rows = raw.attributes.set_axis(pd.Index(places), axis=0).reindex(range(declared.features))
    return replace(
        raw,
        geometries=as_array(geometries),
        attributes=rows.astype(object).where(rows.notna(), None),
        broken={places[feature]: why for feature, why in raw.broken.items()},
        traces={places[feature]: trace for feature, trace in raw.traces.items()},
        problems=tuple(
            problem if problem.feature is None else replace(problem, feature=places[problem.feature])
            for problem in raw.problems
        ),
    )


def places_of(declared: Declared) -> list[int]:
    """For each feature that was read its number in the file."""
    return [number for number in range(declared.features) if number not in declared.absent]


def _short_of_vertices(declared: Declared, raw: RawLayer, whole: RawLayer) -> dict[int, str]:
    """Features of which parts are missing: fewer vertices were read than are written down."""
    if declared.vertices is None:
        return {}
    written = np.asarray(declared.vertices)
    read = shapely.get_num_coordinates(raw.geometries)
    places = places_of(declared)
    return {
        places[feature]: msg(
            "图形写有 {written} 个顶点，能读出的只有 {read} 个", written=int(written[feature]), read=int(read[feature])
        )
        for feature in np.flatnonzero((written > read) & ~shapely.is_missing(raw.geometries))
        if places[feature] not in whole.broken
    }


def _without(geometries: Any, broken: Mapping[int, str]) -> Any:
    """The geometries, none for what is not to be believed."""
    if not any(geometries[feature] is not None for feature in broken):
        return geometries
    kept = geometries.copy()
    kept[list(broken)] = None
    return kept


def all_met(written: int, raw: RawLayer, path: Path) -> Declared:
    """The declared count where the reader met all that is ``written``, whatever it made of it. Raises CountsDiffer."""
    if written != raw.met:
        raise CountsDiffer(
            msg(
                "{name} 写有 {declared} 个要素，读出的却是 {read} 个；{advice}",
                name=path.name,
                declared=written,
                read=raw.met or 0,
                advice=ALL_SAVED_ANEW,
            )
        )
    return Declared(len(raw.geometries))
