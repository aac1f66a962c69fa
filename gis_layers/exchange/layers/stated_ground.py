"""Coordinate systems stated in the rows of a delivery: a row measured elsewhere is not read as it stands."""

from __future__ import annotations

from dataclasses import replace

from pyproj import CRS

from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.formats.tabular import coordinate_columns
from gis_layers.exchange.layers.attributes import Columns
from gis_layers.exchange.systems.stated_systems import Kind, read_system
from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.written import is_nothing
from risk_model.message import Message

COORDINATE_SYSTEM = "coordinate_system"
"""Our name of the column, whatever it is called in the file."""

_VAGUE = frozenset({"坐标类型", "坐标系类型", "coordinate_type", "coord_type", "coordtype", "datum"})
"""Headings under which other things than systems stand as well; what nobody knows there is no word about one."""

_TABLES = frozenset({"csv", "excel"})


def refuse_other_ground(columns: Columns, crs: CRS) -> None:
    """Refuse each feature whose column says that its coordinates are not what the file was read in (``crs``).

    Where all say the same, the file is refused once and not row by row.
    """
    column, journal = columns.found.get(COORDINATE_SYSTEM), columns.journal
    if column is None or journal.whole_file_error is not None:
        return
    cells = columns.raw.attributes[column].tolist()
    troubles: dict[int, tuple[Message, Message]] = {}
    for feature, cell in enumerate(cells):
        if is_nothing(cell):
            continue
        system = read_system(plain(cell))
        vague = system.kind is Kind.UNKNOWN and plain(column).lower() in _VAGUE
        trouble = None if vague else system.trouble_with(crs)
        if trouble is not None:
            troubles[feature] = trouble, system.advice
    if len(troubles) == len(cells) > 1 and len(set(troubles.values())) == 1:
        journal.refuse_file(*troubles[0])
        return
    for feature, (trouble, advice) in troubles.items():
        if feature not in journal.refused:
            journal.refuse(feature, trouble, advice=advice)


def with_headings(raw: RawLayer, options: ReadingOptions) -> RawLayer:
    """The layer, with what the headings of its columns of coordinates say of their system, such as 经度(GCJ-02)."""
    if raw.format not in _TABLES or raw.untrusted:
        return raw
    fields = {ours: plain(theirs) for ours, theirs in options.fields.items()}
    columns = coordinate_columns([str(name) for name in raw.attributes.columns], fields)
    foreign = [name for name in columns if name and read_system(name).kind in (Kind.SHIFTED, Kind.OLD)]
    return replace(raw, stated=(*raw.stated, *foreign))
