"""A preview: what an import would load, refuse and say, found by doing it and taking it back."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from app.exchange.import_orders import ImportOrder
from app.exchange.loaders import GivenFiles, load_layer, taken_back
from app.exchange.schemas import OfferedRepair, PreviewedRow
from app.platform.work import Work
from gis_layers.canonical import canonical_text
from gis_layers.exchange import Delivery, ImportReport
from risk_model.message import as_plain

MOST_SHOWN, MOST_VERTICES = 2_000, 200_000
"""So many features, with so many vertices in all, are shown on a map and in a table; the report speaks of every one."""
DEGREES = 1e-7
"""What is drawn is drawn to the centimetre; what is loaded is loaded as it was read."""
LONGEST_CELL = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """An import that was taken back: as the file stands (``seen``), and with every repair there is (``mended``)."""

    seen: Delivery
    mended: Delivery

    @property
    def digest(self) -> str:
        """A digest of what would be loaded and said: a file or a register that changed in between gives another."""
        return digest_of_delivery(self.seen)

    @property
    def shown(self) -> gpd.GeoDataFrame:
        """The first of the features that would be loaded, as many as a map and a table can hold."""
        frame = self.seen.frame.iloc[:MOST_SHOWN]
        vertices = np.cumsum(shapely.get_num_coordinates(frame.geometry.to_numpy()))
        return frame[vertices <= MOST_VERTICES]

    def repairs(self) -> list[OfferedRepair]:
        """The repairs there are, each with whether its feature is loaded once it is accepted, and what is said where not."""
        loaded = set(map(int, self.mended.frame["feature"]))
        return [
            {
                **one.repair.written(),
                "loads": one.repair.feature in loaded,
                "still": None
                if one.repair.feature in loaded
                else _trouble_with(one.repair.feature, self.mended.report),
            }
            for one in self.seen.proposals
        ]

    def refused(self) -> list[int]:
        """The first of the features that would not be loaded."""
        loaded = set(map(int, self.seen.frame["feature"]))
        return [feature for feature in range(self.seen.report.features_read) if feature not in loaded][:MOST_SHOWN]

    def features(self) -> bytes:
        """GeoJSON of what is shown: features that load, and of each repair the shape before and after."""
        told = [*_drawn(self.shown, "loaded"), *self._repaired()]
        return orjson.dumps({"type": "FeatureCollection", "features": told})

    def _repaired(self) -> Iterator[dict[str, Any]]:
        vertices = np.cumsum([shapely.get_num_coordinates(one.before) for one in self.seen.proposals])
        shown = self.seen.proposals[: min(MOST_SHOWN, int((vertices <= MOST_VERTICES).sum()))]
        mended = self.mended.frame[self.mended.frame["feature"].isin([one.repair.feature for one in shown])]
        cells = {row["feature"]: row for row in _rows(mended)}
        for one in shown:
            feature = one.repair.feature
            row = cells.get(feature) or PreviewedRow(feature=feature, state="after", name=None, cells={})
            yield _feature({**row, "state": "before"}, one.before)
            yield _feature({**row, "state": "after"}, one.after)


def preview_import(work: Work, order: ImportOrder, given: GivenFiles, *, author: str) -> Preview:
    """Do the import and take it back; where repairs are proposed, once more with all of them."""
    with taken_back(work.session):
        seen = load_layer(work, order, given, author=author)
    if not seen.proposals:
        return Preview(seen, seen)
    every = frozenset(one.repair.feature for one in seen.proposals)
    with taken_back(work.session):
        mended = load_layer(work, order, given, author=author, repaired=every)
    return Preview(seen, mended)


def digest_of_delivery(delivery: Delivery) -> str:
    """SHA-256 of the report (without the draft, whose number is made anew), every loaded row and every proposed repair."""
    digest = hashlib.sha256(canonical_text(as_plain(delivery.report.reading())).encode())
    columns = [str(name) for name in delivery.frame.columns if name != "geometry"]
    for row in delivery.frame[columns].itertuples(index=False, name=None):
        digest.update(repr([_plain(value) for value in row]).encode())
    proposed = [shape for one in delivery.proposals for shape in (one.before, one.after)]
    for shape in shapely.to_wkb([*delivery.frame.geometry, *proposed], byte_order=1):
        digest.update(shape)
    return digest.hexdigest()


def _trouble_with(feature: int, report: ImportReport) -> str | None:
    return next((one.problem for one in reversed(report.problems) if one.feature == feature), None)


def _drawn(frame: gpd.GeoDataFrame, state: str) -> Iterator[dict[str, Any]]:
    for row, shape in zip(_rows(frame), frame.geometry, strict=True):
        yield _feature({**row, "state": state}, shape)


def _feature(properties: dict[str, Any], shape: BaseGeometry) -> dict[str, Any]:
    drawn = shapely.transform(shape, lambda places: np.round(places / DEGREES) * DEGREES)
    return {
        "type": "Feature",
        "id": f"{properties['feature']}-{properties['state']}",
        "properties": properties,
        "geometry": orjson.loads(shapely.to_geojson(drawn)),
    }


def _rows(frame: gpd.GeoDataFrame) -> Iterable[PreviewedRow]:
    """The rows of a frame in plain words, without the columns nobody filled."""
    columns = [str(name) for name in frame.columns if name not in ("feature", "geometry", "name")]
    filled = [name for name in columns if any(_cell(value) is not None for value in frame[name])]
    names = frame["name"] if "name" in frame.columns else [None] * len(frame)
    table = frame[filled].itertuples(index=False, name=None)
    for feature, name, row in zip(frame["feature"], names, table, strict=True):
        told = {column: _cell(value) for column, value in zip(filled, row, strict=True)}
        yield {"feature": int(feature), "state": "loaded", "name": None if name is None else str(name), "cells": told}


def _cell(value: Any) -> str | int | float | bool | None:
    """One value as a table shows it."""
    plain = _plain(value)
    long = isinstance(plain, str) and len(plain) > LONGEST_CELL
    return f"{plain[: LONGEST_CELL - 1]}…" if isinstance(plain, str) and long else plain


def _plain(value: Any) -> str | int | float | bool | None:
    if isinstance(value, list | tuple | dict):
        return orjson.dumps(value, default=str).decode() if len(value) else None
    if value is None or pd.isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool | int | float):
        return value
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
