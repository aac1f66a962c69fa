"""What the rows of a delivery say of their own coordinates: a row that was measured elsewhere is not read as it stands."""

from __future__ import annotations

from pyproj import CRS

from gis_layers.exchange.attributes import Columns
from gis_layers.exchange.stated_systems import Kind, read_system
from gis_layers.exchange.tabular import plain
from gis_layers.exchange.written import is_nothing
from risk_model.said import Said

COORDINATE_SYSTEM = "coordinate_system"
"""Our name of the column, whatever it is called in the file."""


def refuse_other_ground(columns: Columns, crs: CRS) -> None:
    """Refuse each feature whose column says that its coordinates are not what the file was read in (``crs``).

    Where all say the same, the file is refused once and not row by row.
    """
    column, journal = columns.found.get(COORDINATE_SYSTEM), columns.journal
    if column is None or journal.whole_file_error is not None:
        return
    cells = columns.raw.attributes[column].tolist()
    troubles: dict[int, tuple[Said, Said]] = {}
    for feature, cell in enumerate(cells):
        if is_nothing(cell):
            continue
        system = read_system(plain(cell))
        trouble = system.trouble_with(crs)
        if trouble is not None:
            troubles[feature] = trouble, system.advice
    if len(troubles) == len(cells) > 1 and len(set(troubles.values())) == 1:
        journal.refuse_file(*troubles[0])
        return
    for feature, (trouble, advice) in troubles.items():
        if feature not in journal.refused:
            journal.refuse(feature, trouble, advice=advice)


def heading_states(heading: str) -> tuple[str, ...]:
    """What the heading of a column of coordinates says of their system, such as 经度(GCJ-02); nothing for most."""
    kind = read_system(heading).kind
    return (heading,) if kind in (Kind.SHIFTED, Kind.OLD) else ()
