"""Any value in any format: it comes back as it was written, or the report names it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gis_layers.exchange import Delivery, ReadingOptions, read_facilities
from tests.exchange.deliveries import write_geojson

HEADING = ("name", "contact_name", "contact_phone", "capacity")
BARE = " \t\r\n"
Rows = Sequence[tuple[str, str | None, int | None, int | None]]

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=20
) | st.sampled_from(
    [
        "1.50",
        "007",
        "1E+05",
        "是",
        "无",
        "-",
        "#N/A",
        "TRUE",
        "2024/05/01",
        "[1]",
        "高\u200b",
        "\u3000甲",
        "e\u0301",
        "=1",
        "5%",
    ]
)
WHOLE = st.integers(0, 10**20) | st.integers(2**53 - 2, 2**53 + 2) | st.sampled_from([62072400000000123, 13800000000])
ROWS = st.lists(
    st.tuples(TEXTS | st.none(), WHOLE | st.none(), st.integers(0, 10**6) | st.none()), min_size=1, max_size=40
)


def as_csv(path: Path, rows: Rows) -> Path:
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([(*HEADING, "lon", "lat"), *((*row, "99.8", "39.3") for row in rows)])
    return path.with_suffix(".csv")


def as_workbook(path: Path, rows: Rows) -> Path:
    book = Workbook()
    sheet: Any = book.active
    sheet.append([*HEADING, "lon", "lat"])
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate((*row, 99.8, 39.3), start=1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def as_geojson(path: Path, rows: Rows) -> Path:
    point = {"type": "Point", "coordinates": [99.8, 39.3]}
    return write_geojson(
        path.with_suffix(".geojson"),
        [{"type": "Feature", "properties": dict(zip(HEADING, row, strict=True)), "geometry": point} for row in rows],
    )


def by_geopandas(suffix: str, **how: Any) -> Callable[[Path, Rows], Path]:
    def write(path: Path, rows: Rows) -> Path:
        kinds = ("string", "string", "Int64", "Int64")
        columns = {
            name: pd.array([row[number] for row in rows], dtype=kind)
            for number, (name, kind) in enumerate(zip(HEADING, kinds, strict=True))
        }
        frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(99.8, 39.3)] * len(rows), crs="EPSG:4490")
        target = path.with_suffix(suffix)
        if suffix == ".parquet":
            frame.to_parquet(target)
        else:
            cut = {name: name[:10] for name in HEADING} if suffix == ".shp" else {}
            frame.rename(columns=cut).to_file(target, engine="pyogrio", **how)
        return target

    return write


ROOM = {"xlsx": 10**20, "csv": 10**20, "geojson": 10**20, "shp": 10**17}
"""Whole numbers from here on find no room in a format that is not named here beyond 64 bits."""
WRITERS: dict[str, Callable[[Path, Rows], Path]] = {
    "csv": as_csv,
    "xlsx": as_workbook,
    "geojson": as_geojson,
    "gpkg": by_geopandas(".gpkg", driver="GPKG"),
    "parquet": by_geopandas(".parquet"),
    "shp": by_geopandas(".shp", driver="ESRI Shapefile", encoding="utf-8"),
}


@pytest.mark.parametrize("suffix", WRITERS)
@given(ROWS)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_text_and_whole_numbers_come_back_or_are_named(
    suffix: str, rows: list[tuple[str | None, int | None, int | None]]
):
    room = ROOM.get(suffix, 2**63)
    table = [
        (f"甲{number}号", text, None if code is None or code >= room else code, count)
        for number, (text, code, count) in enumerate(rows)
    ]
    with tempfile.TemporaryDirectory() as folder:
        delivery = read_facilities(WRITERS[suffix](Path(folder) / "t", table), ReadingOptions(crs="EPSG:4490"))
    assert delivery.report.features_loaded == len(rows)
    for number, row in enumerate(delivery.frame.to_dict("records")):
        told = named(delivery, number)
        _, text, code, count = table[number]
        for column, read, written in (
            ("contact_name", row["contact_name"], text and (text.strip(BARE) or None)),
            ("contact_phone", row["contact_phone"], None if code is None else str(code)),
            ("capacity", row["capacity"], count),
        ):
            assert read == written or column[:10] in told, (suffix, column, written, read)


def named(delivery: Delivery, number: int) -> str:
    """What the report says of a feature and of the whole file."""
    return " ".join(problem.problem for problem in delivery.report.problems if problem.feature in (None, number))
