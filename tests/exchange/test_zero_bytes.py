"""U+0000 and half characters, wherever a file holds them: told of the cell, never cut off in silence, never a traceback."""

import json
import sqlite3
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.exchange import Delivery, ReadingOptions, read_stations, read_zones
from tests.exchange.deliveries import GEO4_WORDS, feature, polygon, square, told, write_geojson
from tests.saying import tells

TOWN = ReadingOptions(boundary=shapely.box(99.60, 39.20, 99.95, 39.45))
NAMES = ["甲\0乙", "\0", "丙", "丁\0"]
SHAPES = [shapely.Polygon(square(99.70 + 0.02 * n)) for n in range(len(NAMES))]


def read(path: Path) -> Delivery:
    return read_zones(path, TOWN, hazard="geological", product="hazard", grade_words=GEO4_WORDS, grade_required=True)


def as_geojson(folder: Path) -> Path:
    rows = [feature(polygon(square(99.70 + 0.02 * n)), 名称=name) for n, name in enumerate(NAMES)]
    path = write_geojson(folder / "z.geojson", rows)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))))
    return path


def as_geopackage(folder: Path) -> Path:
    frame = gpd.GeoDataFrame({"危险性等级": "高", "名称": list("甲乙丙丁")}, geometry=SHAPES, crs=4490)
    frame.to_file(folder / "z.gpkg", layer="zones")
    with sqlite3.connect(folder / "z.gpkg") as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        for number, name in enumerate(NAMES, start=1):
            database.execute("UPDATE zones SET 名称 = ? WHERE fid = ?", (name, number))
    return folder / "z.gpkg"


def as_parquet(folder: Path) -> Path:
    gpd.GeoDataFrame({"危险性等级": "高", "名称": NAMES}, geometry=SHAPES, crs=4490).to_parquet(folder / "z.parquet")
    return folder / "z.parquet"


def as_table(folder: Path) -> Path:
    rows = "".join(f'{name},高,"{shape.wkt}"\n' for name, shape in zip(NAMES, SHAPES, strict=True))
    (folder / "z.csv").write_bytes(f"名称,危险性等级,WKT\n{rows}".encode())
    return folder / "z.csv"


@pytest.mark.parametrize("write", [as_geojson, as_geopackage, as_parquet, as_table])
def test_a_zero_byte_in_a_name_is_told_and_no_other_name_changes(tmp_path: Path, write) -> None:
    delivery = read(write(tmp_path))
    assert list(delivery.frame["name"]) == [None, None, "丙", None]
    for number, name in enumerate(NAMES):
        assert tells(told(delivery, number), "「{column}」含不能保存的字符（空字符或半个字符）；此值按缺失处理") == (
            "\0" in name
        )


def test_a_zero_byte_in_the_name_of_a_column_leaves_it_out(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(polygon(square()), **{"名\0称": "甲"})])
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))))
    assert tells(told(read(path), None), "有 {n} 列的列名含不能保存的字符，没有读取")


@pytest.mark.parametrize("name", ["甲\ud800", "\udc00乙", "\ude00\ud83d"])
def test_half_a_character_is_told_and_a_whole_one_is_kept(tmp_path: Path, name: str) -> None:
    rows = [feature(polygon(square()), 名称=name), feature(polygon(square(99.85)), 名称="😀")]
    path = tmp_path / "z.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    delivery = read(path)
    assert list(delivery.frame["name"]) == [None, "😀"]
    assert tells(told(delivery, 0), "「{column}」含不能保存的字符（空字符或半个字符）；此值按缺失处理")


@settings(deadline=None, max_examples=5)
@given(st.sampled_from(["经度", "名称", "坐标系"]), st.sampled_from(["\0", "99.8\0", "GCJ-02\0", "a\0b"]))
def test_a_zero_byte_in_any_cell_of_a_table_is_a_report(tmp_path_factory, column: str, cell: str) -> None:
    row = {"名称": "甲", "经度": "99.8", "纬度": "39.33", "坐标系": "CGCS2000"} | {column: cell}
    path = tmp_path_factory.mktemp("zero") / "s.csv"
    path.write_bytes(f"{','.join(row)}\n{','.join(row.values())}\n乙,99.81,39.33,\n丙,99.82,39.33,\n".encode())
    delivery = read_stations(path, TOWN)
    assert {1, 2} <= set(delivery.frame["feature"])
    assert told(delivery, 0)
