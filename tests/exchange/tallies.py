"""How many features a file holds, told by plain means and by nobody who imports it; None where that is not plain."""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from pyarrow import parquet


def tally(path: Path) -> int | None:
    """The number of features a file says it has, where it is whole enough to say so."""
    count = {".geojson": _members, ".json": _members, ".shp": _shapes, ".gpkg": _rows, ".parquet": _groups}
    with suppress(ValueError, OSError, struct.error, sqlite3.Error, KeyError, RecursionError):
        return count[path.suffix.lower()](path)
    return None


def _members(path: Path) -> int | None:
    document: Any = json.loads(path.read_bytes().decode("utf-8-sig"))
    members = document.get("features") if isinstance(document, dict) else None
    return len(members) if isinstance(members, list) else None


def _shapes(path: Path) -> int | None:
    index = next(beside for beside in path.parent.iterdir() if beside.name.lower() == f"{path.stem}.shx".lower())
    table = next((one for one in path.parent.iterdir() if one.name.lower() == f"{path.stem}.dbf".lower()), None)
    content = table.read_bytes() if table else bytes(32)
    rows, head, width = struct.unpack_from("<IHH", content, 4)
    deleted = content[head :: max(width, 1)][:rows].count(b"*") if width else 0
    return (index.stat().st_size - 100) // 8 - deleted


def _rows(path: Path) -> int | None:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        tables = database.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchall()
        if len(tables) != 1:
            return None
        name = str(tables[0][0]).replace('"', '""')
        return int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])


def _groups(path: Path) -> int | None:
    return int(parquet.read_metadata(path).num_rows)
