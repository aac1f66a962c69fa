"""What a file keeps is what is read, where a library on the way would make something else of it."""

import sqlite3
import struct
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gis_layers.exchange import ReadingOptions, read_facilities, read_forces, read_hidden_dangers
from tests.exchange.deliveries import told, write_geojson
from tests.saying import tells

FIELDS = (
    ("name", "C", 20, 0),
    ("contact_na", "N", 20, 0),
    ("capacity", "N", 5, 0),
    ("last_verif", "D", 8, 0),
    ("contact_ph", "N", 16, 2),
)


def points(count: int, **columns: Any) -> gpd.GeoDataFrame:
    places = [shapely.Point(99.8 + number / 100, 39.3) for number in range(count)]
    return gpd.GeoDataFrame(columns or {"a": range(count)}, geometry=places, crs="EPSG:4490")


def write_table(path: Path, rows: Sequence[Sequence[str]]) -> None:
    width = 1 + sum(field[2] for field in FIELDS)
    head = struct.pack("<BBBBIHH17xB2x", 3, 126, 11, 26, len(rows), 32 * len(FIELDS) + 33, width, 0x4D)
    head += b"".join(
        name.encode().ljust(11, b"\0") + kind.encode() + bytes((0, 0, 0, 0, size, digits)) + bytes(14)
        for name, kind, size, digits in FIELDS
    )
    records = (
        b"".join(cell.encode("gbk").ljust(field[2]) for cell, field in zip(row, FIELDS, strict=True)) for row in rows
    )
    path.write_bytes(head + b"\x0d" + b"".join(b" " + record for record in records) + b"\x1a")


def test_digits_in_a_dbase_table_are_those_that_are_written(tmp_path: Path):
    points(4).to_file(tmp_path / "d.shp")
    rows = [("甲", "12345678901234567", "12", "20240501", "13800000000.00"), ("乙", "12345678901234569", "*****", "20241301", "936.00"),
            ("丙", "", "12abc", "", ""), ("丁", "********************", "1 2", "20240305", "0.50")]  # fmt: skip
    write_table(tmp_path / "d.dbf", rows)
    delivery = read_facilities(tmp_path / "d.shp", ReadingOptions())
    frame = delivery.frame
    assert frame["contact_name"].tolist() == ["12345678901234567", "12345678901234569", None, None]
    assert frame["capacity"].tolist() == [12, None, None, None]
    assert frame["last_verified"].tolist() == [date(2024, 5, 1), None, None, date(2024, 3, 5)]
    assert frame["contact_phone"].tolist() == ["13800000000", "936", None, "0.5"]
    assert all(word in told(delivery, 1) for word in ("*****", "20241301"))
    assert "12abc" in told(delivery, 2)
    assert "1 2" in told(delivery, 3)
    assert tells(told(delivery, 3), "是「{value}」：没有填写，或数字在字段里放不下")


def test_text_in_a_column_of_numbers_of_a_geopackage_is_no_number(tmp_path: Path):
    path = tmp_path / "g.gpkg"
    names = ["甲", "乙", "丙"]
    points(3, name=names, capacity=[1, 2, 3], effective_area_m2=[1.0, 2.0, 3.0]).to_file(
        path, layer='点 "a"', driver="GPKG"
    )
    with closing(sqlite3.connect(path)) as database:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(name, 1, lambda _: 0)
        for cell, name in (("约100", "甲"), ("12人", "乙"), (2.7, "丙")):
            database.execute(
                'UPDATE "点 ""a""" SET capacity = ?, effective_area_m2 = ? WHERE name = ?', (cell, "3亩", name)
            )
        database.commit()
    delivery = read_facilities(path, ReadingOptions())
    assert delivery.frame["capacity"].tolist() == [None, 12, None]
    assert delivery.frame["effective_area_m2"].tolist() == [2000, 2000, 2000]
    assert "约100" in told(delivery, 0)
    assert "2.7" in told(delivery, 2)


def test_seventeen_digits_survive_a_missing_neighbour(tmp_path: Path):
    codes = [62072400000000123, None, 62072400000000125]
    rows = [
        {"type": "Feature", "properties": {"隐患编号": code, "状态": "登记", "发现日期": "2024/05/01"}, "geometry": {"type": "Point", "coordinates": [99.8, 39.3]}}
        for code in codes
    ]  # fmt: skip
    assert read_hidden_dangers(write_geojson(tmp_path / "h.geojson", rows), ReadingOptions()).frame["code"].tolist() == [
        "62072400000000123", "62072400000000125",
    ]  # fmt: skip


def test_text_that_looks_like_a_day_or_a_list_stays_text(tmp_path: Path):
    place = {"type": "Point", "coordinates": [99.8, 39.3]}
    rows = [
        {"type": "Feature", "properties": {"name": name, "capabilities": able}, "geometry": place}
        for name, able in (("2024/05/01", ["消防车", "救援"]), ("2024-5-1T8:00:00Z", None))
    ]
    frame = read_forces(write_geojson(tmp_path / "f.geojson", rows), ReadingOptions()).frame
    assert frame["name"].tolist() == ["2024/05/01", "2024-5-1T8:00:00Z"]
    assert frame["capabilities"].tolist() == [["fire_engine", "rescue"], []]


def test_lists_and_exact_decimals_of_parquet_are_read(tmp_path: Path):
    frame = points(
        2, name=["甲", "乙"], capabilities=[["消防车", "救援"], None], crew=pd.array([3, None], dtype="Int64")
    )
    frame.to_parquet(tmp_path / "f.parquet")
    read = read_forces(tmp_path / "f.parquet", ReadingOptions()).frame
    assert read["capabilities"].tolist() == [["fire_engine", "rescue"], []]
    assert read["crew"].tolist() == [3, None]
