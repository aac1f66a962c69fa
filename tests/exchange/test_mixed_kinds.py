"""A column of GeoJSON or TopoJSON may hold values of any kinds: each is read as it is written, or named."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_layers.exchange import Delivery, ReadingOptions, read_facilities, read_zones
from gis_layers.plain_text import LARGEST_WHOLE, LAST_DIGIT
from tests.exchange.deliveries import GEO4_WORDS, feature, polygon, square, told, write_geojson
from tests.saying import tells

PLACE = {"type": "Point", "coordinates": [99.8, 39.3]}
words = st.text("甲乙丙ab1.07", min_size=1, max_size=6)
scalars = (
    st.none() | st.booleans() | st.integers(-3, 10**18) | st.integers(0, 3) | st.sampled_from([1.0, 0.5, 7.0]) | words
)
values = scalars | st.lists(words, max_size=3) | st.dictionaries(words, scalars, max_size=2) | st.just([[1]])


def as_collection(path: Path, column: str, cells: list[Any]) -> Path:
    rows = [
        {"type": "Feature", "properties": {"name": f"{number}号", column: cell}, "geometry": PLACE}
        for number, cell in enumerate(cells)
    ]
    return write_geojson(path / "f.geojson", rows)


def as_topology(path: Path, column: str, cells: list[Any]) -> Path:
    parts = [{**PLACE, "properties": {"name": f"{number}号", column: cell}} for number, cell in enumerate(cells)]
    document = {"type": "Topology", "arcs": [], "objects": {"f": {"type": "GeometryCollection", "geometries": parts}}}
    (path / "f.json").write_text(json.dumps(document), encoding="utf-8")
    return path / "f.json"


def read(write: Any, column: str, cells: list[Any]) -> Delivery:
    with tempfile.TemporaryDirectory() as folder:
        delivery = read_facilities(write(Path(folder), column, cells), ReadingOptions(crs="EPSG:4490"))
    assert delivery.report.features_loaded == len(cells)
    return delivery


def text_meant(cell: Any) -> str | None:
    """The text a person reads in a cell whose kind leaves no doubt."""
    match cell:
        case str():
            return cell
        case bool() | list() | dict() | None:
            return None
        case int():
            return str(cell)
        case _:
            return str(int(cell)) if cell.is_integer() else str(cell)


def number_meant(cell: Any) -> float | None:
    """The whole number in a cell, None where there is none that can be sure."""
    if isinstance(cell, str):
        cell = float(cell) if re.fullmatch(r"\d+\.?\d*|\.\d+", cell) else None
    sure = not isinstance(cell, bool) and isinstance(cell, int | float) and cell % 1 == 0
    return cell if sure and 0 <= cell <= LARGEST_WHOLE else None


@pytest.mark.parametrize("write", [as_collection, as_topology])
@given(cells=st.lists(values, min_size=1, max_size=30))
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_value_is_read_as_its_own_kind_or_named(write: Any, cells: list[Any]):
    for column, meant in (("contact_name", text_meant), ("capacity", number_meant)):
        delivery = read(write, column, cells)
        for number, (cell, found) in enumerate(zip(cells, delivery.frame[column], strict=True)):
            named = column in told(delivery, number)
            if meant(cell) is None:
                assert named or (found is None and cell in (None, [])), (cell, found)
            else:
                assert found == meant(cell) or named, (cell, found)


@pytest.mark.parametrize("write", [as_collection, as_topology])
def test_a_truth_value_among_numbers_is_no_number(write: Any):
    delivery = read(write, "capacity", [True, 30, False, None, 40])
    assert delivery.frame["capacity"].tolist() == [None, 30, None, None, 40]
    assert [tells(told(delivery, number), "读不成数字：{value}") for number in range(5)] == [
        True,
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("write", [as_collection, as_topology])
def test_neighbours_of_another_kind_change_no_value(write: Any):
    cells = [1, 0.5, LAST_DIGIT * 10 + 1, "007", None, "1.0", ["甲", "乙"], {"a": 1}]
    delivery = read(write, "contact_name", cells)
    assert delivery.frame["contact_name"].tolist() == [
        "1",
        "0.5",
        "10000000000000001",
        "007",
        None,
        "1.0",
        "甲;乙",
        None,
    ]
    assert tells(told(delivery, 6), "在文件里是一个列表，读作「{read}」")
    assert tells(told(delivery, 7), "里面是一组值，不是一个值：{value}")
    assert not any("contact_name" in told(delivery, number) for number in range(6))


def test_shapes_keep_the_name_or_number_they_have_in_the_file(tmp_path: Path):
    objects = {"东": {**PLACE, "properties": {"crew": 1}}, "西": {**PLACE, "id": 7}}
    topology = tmp_path / "t.json"
    topology.write_text(json.dumps({"type": "Topology", "arcs": [], "objects": objects}), encoding="utf-8")
    rows = [{"type": "Feature", "id": number, "geometry": PLACE, "properties": {}} for number in (7, "七")]
    beside = [{"type": "Feature", "geometry": PLACE, "id": "八"}, {"type": "Feature", "geometry": PLACE, "name": "九"}]
    options = ReadingOptions(crs="EPSG:4490", fields={"name": "id"})
    assert read_facilities(topology, options).frame["name"].tolist() == ["东", "7"]
    assert read_facilities(write_geojson(tmp_path / "f.geojson", rows), options).frame["name"].tolist() == ["7", "七"]
    old = write_geojson(tmp_path / "old.geojson", beside)
    assert read_facilities(old, ReadingOptions()).frame["name"].tolist() == ["九"]


def test_true_is_no_grade_and_the_other_values_of_the_column_keep_theirs(tmp_path: Path):
    words = {**GEO4_WORDS, "1": GEO4_WORDS["高"]}
    rows = [feature(polygon(square(99.70 + 0.02 * n)), 危险性等级=grade) for n, grade in enumerate((True, 1, "1"))]
    delivery = read_zones(
        write_geojson(tmp_path / "z.geojson", rows),
        ReadingOptions(),
        hazard="geological",
        product="hazard",
        grade_words=words,
        grade_required=True,
    )
    assert delivery.frame["feature"].tolist() == [1, 2]
    assert tells(told(delivery, 0), "等级「{word}」不在所选分级方案里", word="True")


def test_groups_of_values_in_a_column_of_parquet_are_named(tmp_path: Path):
    cells = {"name": ["甲", "乙"], "contact_name": [["张", "李"], None], "address": [{"a": 1}, None]}
    places = [shapely.Point(99.8, 39.3)] * 2
    gpd.GeoDataFrame(cells, geometry=places, crs="EPSG:4490").to_parquet(tmp_path / "f.parquet")
    delivery = read_facilities(tmp_path / "f.parquet", ReadingOptions(fields={"contact_phone": "address"}))
    assert delivery.frame["contact_name"].tolist() == ["张;李", None]
    assert delivery.frame["contact_phone"].tolist() == [None, None]
    assert tells(told(delivery, 0), "在文件里是一个列表，读作「{read}」")
    assert tells(told(delivery, 0), "里面是一组值，不是一个值：{value}")
    assert not told(delivery, 1)
