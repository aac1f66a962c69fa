"""Attributes of the features that came through the gate, with every value that could not be read named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gis_layers.crs import STORAGE_CRS, crs_name
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Delivery, ImportReport, Journal, Problem
from gis_layers.exchange.text.column_reading import Reading, ReadValue
from gis_layers.exchange.text.days import read_day, read_day_of_workbook
from gis_layers.exchange.text.quantities import Quantity
from gis_layers.exchange.text.written import is_blank, is_nothing
from gis_layers.plain_text import has_unstorable
from risk_model.message import msg
from risk_model.vocabulary import Geometries


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of ours that a raw layer has, read value by value."""

    raw: RawLayer
    found: dict[str, str]
    journal: Journal

    def cells(self, ours: str) -> list[Any]:
        """Content of each cell; None where there is nothing, or, with a problem noted, no value. Reads none of it."""
        return Reading(self.found.get(ours, ours), self.journal).read(self.unread(ours), lambda cell: cell)

    def read(self, ours: str, read_value: ReadValue, *, several: bool = False) -> list[Any]:
        """One value a feature; None where the column or value is missing or, with a problem noted, unreadable.

        What was read otherwise than it was written is noted, and which words were taken for none. ``several`` tells that
        a cell may hold a list.
        """
        reading = Reading(self.found.get(ours, ours), self.journal, several)
        cells = self.unread(ours)
        if isinstance(read_value, Quantity):
            read_value = self.measured(ours, read_value)
        if read_value is read_day and self.raw.epoch is not None:
            read_value = partial(read_day_of_workbook, epoch=self.raw.epoch)
        read = reading.read([None if is_nothing(cell) else cell for cell in cells], read_value)
        reading.tell_words([cell for feature, cell in enumerate(cells) if feature not in self.journal.refused])
        return read

    def read_decisive(self, ours: str, read_value: ReadValue) -> list[Any]:
        """One value a feature, None only where its cell is blank: what nobody understands is refused, 不详 too."""
        reading = Reading(self.found.get(ours, ours), self.journal, decisive=True)
        cells = self.unread(ours)
        reading.tell_words(
            [cell for feature, cell in enumerate(cells) if is_blank(cell) and feature not in self.journal.refused]
        )
        return reading.read([None if is_blank(cell) else cell for cell in cells], read_value)

    def measured(self, ours: str, quantity: Quantity) -> Quantity:
        """The quantity of a column, in the unit its heading names, which is noted."""
        column = self.found.get(ours)
        if column is None:
            return quantity
        try:
            headed = quantity.headed(column)
        except ValueError:
            trouble = msg(
                "「{column}」的列名写着别的单位，不是{unit}；没有写单位的值不可信", column=column, unit=quantity.unit
            )
            self.journal.note(None, trouble, advice=msg("把这一列换算好，或用 --field 指明另一列后重新导入"))
            return replace(quantity, times=None)
        if headed.times != quantity.times:
            how = msg("「{column}」按列名里的单位换算成{unit}", column=column, unit=quantity.unit)
            self.journal.note(None, how, advice=msg("核对；不对则在源数据中改正后重新导入"))
        return headed

    def unread(self, ours: str) -> list[Any]:
        """Content of each cell, whatever it is; None where the column is missing."""
        column = self.found.get(ours)
        return [None] * len(self.raw.geometries) if column is None else self.raw.attributes[column].tolist()


def storable(raw: RawLayer, journal: Journal) -> RawLayer:
    """The layer without text that nothing can keep (NUL, half characters), each cell and heading of it noted."""
    table = raw.attributes
    bad = [name for name in table.columns if has_unstorable(str(name))]
    if bad:
        journal.note(None, msg("有 {n} 列的列名含不能保存的字符，没有读取", n=len(bad)), advice=_ADVICE)
        table = table.drop(columns=bad)
    for column in table.select_dtypes(exclude="number").columns:
        unstorable = [isinstance(cell, str) and has_unstorable(cell) for cell in table[column]]
        if any(unstorable):
            table = table.assign(**{column: table[column].where(~np.array(unstorable), None)})
            for feature in np.flatnonzero(unstorable):
                trouble = msg("「{column}」含不能保存的字符（空字符或半个字符）；此值按缺失处理", column=column)
                journal.note(int(feature), trouble, advice=_ADVICE)
    return raw if table is raw.attributes else replace(raw, attributes=table)


_ADVICE = "在源数据中改正该值后重新导入"


def text_of(raw: RawLayer, column: str | None) -> list[str | None]:
    """A column as text, None where empty; used to name features before they are judged."""
    if column is None:
        return []
    return [None if is_nothing(cell) else str(cell).strip() for cell in raw.attributes[column]]


def deliver(
    columns: dict[str, list[Any]],
    geometries: Geometries,
    *,
    raw: RawLayer,
    journal: Journal,
    layer: tuple[str, CRS | None],
) -> Delivery:
    """Put what came through together: ``columns`` of n values a feature, those refused left out; and the report."""
    name, crs = layer
    loaded = ~shapely.is_missing(geometries)
    loaded[list(journal.refused)] = False
    numbers = np.flatnonzero(loaded)
    table = pd.DataFrame({"feature": numbers.astype(np.int64)})
    for column, values in columns.items():
        table[column] = pd.Series([values[number] for number in numbers], dtype=object)
    frame = gpd.GeoDataFrame(table, geometry=list(geometries[loaded]), crs=STORAGE_CRS)
    report = _report(name, crs, raw=raw, journal=journal, loaded=len(frame))
    return Delivery(frame, report, tuple(journal.proposals))


def _report(layer: str, crs: CRS | None, *, raw: RawLayer, journal: Journal, loaded: int) -> ImportReport:
    trusted = journal.whole_file_error is None
    placed = [_placed(problem, journal) for problem in journal.problems]
    order = sorted(placed, key=lambda problem: -1 if problem.feature is None else problem.feature)
    return ImportReport(
        layer=layer,
        format=raw.format,
        encoding=raw.encoding,
        crs=None if crs is None else crs_name(crs),
        features_read=journal.read,
        features_loaded=loaded,
        features_refused=journal.read - loaded,
        repairs=tuple(repair for repair in journal.repairs if repair.feature not in journal.refused),
        problems=tuple(order),
        trusted=trusted,
        whole_file_error=journal.whole_file_error,
    )


def _placed(problem: Problem, journal: Journal) -> Problem:
    """A problem noted before the features had places, with its place."""
    if problem.feature is None or problem.location is not None:
        return problem
    return replace(problem, location=journal.places.get(problem.feature))
