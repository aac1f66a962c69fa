"""The one bridge between SQL and frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Select, Table
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID
from risk_model.vocabulary import Geometries

WHOLE_NUMBERS = ("scale", "grade_rank", "population", "version", "base_version", "zone_id", "layer_id", "draft_id")

ROWS_AT_ONCE = 500


def read_frame(session: Session, statement: Select[Any], geometry: str = "geom") -> gpd.GeoDataFrame:
    """The rows of ``statement`` as a GeoDataFrame in the storage CRS; its column ``geometry`` from ``geom``."""
    result = session.execute(statement)
    frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
    shapes = geometries_of(frame.pop(geometry))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=STORAGE_SRID)


def geometries_of(elements: Any) -> Geometries:
    """Shapely geometries of WKB elements or bytes as the driver returned them, in order; None stays None."""
    raw = [None if element is None else _wkb(getattr(element, "data", element)) for element in elements]
    shapes: Geometries = np.asarray(shapely.from_wkb(np.asarray(raw, dtype=object)), dtype=object)
    return shapes


def _wkb(value: str | bytes | memoryview) -> str | bytes:
    return bytes(value) if isinstance(value, memoryview) else value


def append_frame(session: Session, table: Table, frame: gpd.GeoDataFrame) -> None:
    """Append ``frame`` (storage CRS; column ``geometry`` goes to ``geom``) to ``table``, inside the transaction.

    Columns the table does not have are refused by the database, never dropped. Values go as the text the database reads
    them from, and no text is NULL. COPY would be little faster, and is waited for inside libpq, where no deadline reaches.
    """
    if frame.empty:
        return
    ready = frame.rename_geometry("geom") if frame.active_geometry_name != "geom" else frame.copy()
    for column in WHOLE_NUMBERS:
        if column in ready.columns:
            ready[column] = pd.array(ready[column].to_numpy(), dtype="Int64")
    plain = pd.DataFrame(ready).assign(geom=ewkb_of(ready.geometry.to_numpy()))
    append_rows(
        session, table, list(plain.columns), plain.astype(object).where(plain.notna(), None).to_numpy().tolist()
    )


def append_rows(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Append rows of plain values, None where there is none, to ``table``; geometries as ``ewkb_of`` tells them."""
    connection = session.connection()
    quoted = connection.dialect.identifier_preparer.quote
    names = ", ".join(quoted(name).replace("%", "%%") for name in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[begin : begin + ROWS_AT_ONCE]
        statement = f"INSERT INTO {quoted(table.name)} ({names}) VALUES {', '.join([row] * len(some))}"
        connection.exec_driver_sql(statement, tuple(_as_text(value) for one in some for value in one))


def ewkb_of(shapes: Geometries) -> list[str]:
    """Geometries of the storage CRS as the text the database reads them from."""
    told: list[str] = shapely.to_wkb(shapely.set_srid(shapes, STORAGE_SRID), hex=True, include_srid=True).tolist()
    return told


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value) or None


def plain_value(value: Any, *, whole: bool) -> Any:
    """A cell of a frame as JSON holds it: None where it is missing, an int where the column is ``whole``."""
    if isinstance(value, list | dict):
        return value
    if pd.isna(value):
        return None
    return int(value) if whole else value
