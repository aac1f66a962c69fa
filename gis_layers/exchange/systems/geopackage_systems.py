"""The system a GeoPackage declares for a layer, in the four places where it does so, and whether they agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pyproj import CRS

from gis_layers.crs import parse_crs, same_place
from gis_layers.errors import UnknownCrs
from gis_layers.exchange.systems.stated_systems import Kind, read_system

_UNDEFINED = (0, -1)
_LITTLE_ENDIAN = 1


def contradictions(path: Path, layer: str, declared: CRS | None) -> tuple[str, ...]:
    """Statements of the file on the system of a layer that differ from what is read of it (``declared``).

    It says so in its list of contents, its list of geometry columns, the definition of the system and each shape.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.text_factory = lambda content: content.decode(errors="replace")
        said = list(dict.fromkeys(_systems(database, layer)))
    return tuple(words for words, crs in said if crs is None or declared is None or not same_place(crs, declared))


def _systems(database: sqlite3.Connection, layer: str) -> Iterator[tuple[str, CRS | None]]:
    columns = database.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)", (layer,)
    ).fetchall()
    contents = database.execute("SELECT srs_id FROM gpkg_contents WHERE lower(table_name) = lower(?)", (layer,))
    numbers = [row[0] for row in (*contents.fetchall(), *[(srs,) for _, srs in columns])]
    for column, _ in columns:
        numbers.extend(_in_the_shapes(database, layer, str(column)))
    for number in dict.fromkeys(numbers):
        yield from _of_number(database, number)


def _in_the_shapes(database: sqlite3.Connection, layer: str, column: str) -> Iterator[int]:
    """The numbers in the heads of the shapes: ``GP``, version, flags, then the number in the order the flags say."""
    table, geometry = (f'"{name.replace(chr(34), chr(34) * 2)}"' for name in (layer, column))
    heads = database.execute(f"SELECT DISTINCT substr({geometry}, 1, 8) FROM {table} LIMIT 9")  # noqa: S608 - quoted
    for (head,) in heads.fetchall():
        if isinstance(head, bytes) and len(head) == len("GP") + 6 and head[:2] == b"GP":
            yield int.from_bytes(head[4:], "little" if head[3] & _LITTLE_ENDIAN else "big", signed=True)


def _of_number(database: sqlite3.Connection, number: object) -> Iterator[tuple[str, CRS | None]]:
    rows = database.execute(
        "SELECT srs_name, organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (number,),
    ).fetchall()
    for name, organization, code, definition in rows:
        if number not in _UNDEFINED:
            yield from _known(f"{organization}:{code}")
        yield from _known(str(definition), by_name=True)
        if read_system(str(name)).kind in (Kind.SHIFTED, Kind.OLD):
            yield str(name), None


def _known(text: str, *, by_name: bool = False) -> Iterator[tuple[str, CRS | None]]:
    """The system a text defines; nothing where it says that there is none, or what nobody understands."""
    try:
        crs = parse_crs(text)
    except UnknownCrs:
        return
    if not crs.name.lower().startswith(("undefined", "unknown engineering")):
        yield crs.name if by_name else text, crs
