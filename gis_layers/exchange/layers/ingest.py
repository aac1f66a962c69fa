"""The common road of every layer: open, find columns, pass the gate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyproj import CRS

from gis_layers.exchange.checks.inspection import AREA, Gate, pass_gate
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Journal, UntrustedFile
from gis_layers.exchange.formats.confined_reading import apart
from gis_layers.exchange.formats.layer_choice import open_layer
from gis_layers.exchange.layers.attributes import Columns, storable, text_of
from gis_layers.exchange.layers.fields import find_columns
from gis_layers.exchange.layers.stated_ground import COORDINATE_SYSTEM, refuse_other_ground, with_headings
from risk_model.message import msg
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries


@dataclass(frozen=True, slots=True)
class Received:
    """A layer past the gate: geometries in the storage CRS (None where refused) and its readable columns."""

    raw: RawLayer
    geometries: Geometries
    crs: CRS | None
    columns: Columns
    journal: Journal


def ingest(
    path: Path, options: ReadingOptions, ours: Iterable[str], *, dimensions: frozenset[int] = frozenset({AREA})
) -> Received:
    """Open a file, find ``ours`` among its columns and let its features through the gate.

    Raises UnreadableFile, AmbiguousLayer and UnknownCrs; everything else that is wrong stands in the journal.
    """
    raw = open_layer(path, options)
    journal = Journal(read=len(raw.geometries), problems=list(raw.problems))
    raw = storable(raw, journal)
    try:
        _refuse_nothing(raw)
        found = (
            {}
            if raw.undecidable
            else find_columns(
                [*ours, COORDINATE_SYSTEM],
                [str(name) for name in raw.attributes.columns],
                options.fields,
                cut=raw.format == "shapefile",
            )
        )
    except UntrustedFile as trouble:
        journal.refuse_file(trouble.problem, trouble.advice)
        empty = as_array([None] * len(raw.geometries))
        return Received(raw, empty, raw.declared, Columns(raw, {}, journal), journal)
    raw = with_headings(raw, options)
    journal.names = text_of(raw, found.get("name"))
    geometries, crs = pass_gate(raw, Gate(options, journal, dimensions))
    columns = Columns(raw, found, journal)
    if crs is not None:
        refuse_other_ground(columns, crs)
    return Received(raw, geometries, crs, columns, journal)


receive_apart = apart(ingest)
"""``ingest`` for readers that ask their caller about what they read: what he says is said here and not there."""


def _refuse_nothing(raw: RawLayer) -> None:
    if len(raw.geometries) == 0:
        raise UntrustedFile(msg("文件里一个要素也没有"), msg("检查图层是否选对，或在源软件中重新导出"))
