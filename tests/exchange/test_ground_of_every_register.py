"""Every way into the service heeds what rows, declarations and officers say of the coordinate system: one answer for all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from gis_layers import exchange
from gis_layers.errors import UnreadableFile
from gis_layers.exchange import (
    Delivery,
    ReadingOptions,
    read_boundary,
    read_constraints,
    read_enterprises,
    read_extent,
    read_facilities,
    read_forces,
    read_geohazard_sites,
    read_hidden_dangers,
    read_projects,
    read_regional_assessments,
    read_roads,
    read_sites,
    read_stations,
    read_units,
    read_villages,
)
from tests.exchange.deliveries import feature, polygon, read, square, told, write_geojson
from tests.saying import refusing, tells

TOWN = ReadingOptions(boundary=shapely.box(99.60, 39.20, 99.95, 39.45))
READERS: dict[str, Callable[..., Delivery]] = {
    "zones": read, "boundary": read_boundary, "constraints": lambda *asked: read_constraints(*asked, kind="ecology"),
    "enterprises": read_enterprises, "facilities": read_facilities, "forces": read_forces, "hidden-dangers": read_hidden_dangers,
    "projects": read_projects, "sites": read_sites, "stations": read_stations, "units": read_units, "villages": read_villages,
    "geohazard-sites": read_geohazard_sites, "regional-assessments": read_regional_assessments, "roads": read_roads,
}  # fmt: skip
POINTS = ("forces", "geohazard-sites", "hidden-dangers", "stations")


def rows(reader: str, *systems: str | None) -> list[dict[str, Any]]:
    told_of_all = {
        "项目类别": "K4",
        "类型": "消防",
        "隐患编号": "Y",
        "状态": "登记",
        "发现日期": "2026-01-01",
        "评估事项": "地灾评估",
        "生效日期": "2025-01-01",
        "有效期止": "2029-12-31",
    }
    made = []
    for number, words in enumerate(systems):
        ring = square(99.70 + 0.02 * number)
        shape = {"type": "Point", "coordinates": list(ring[0])} if reader in POINTS else polygon(ring)
        if reader == "roads":
            shape = {"type": "LineString", "coordinates": [list(corner) for corner in ring[:2]]}
        own = {**told_of_all, "名称": f"地{number}", "隐患编号": f"Y{number}", "文号": f"评{number}号"} | (
            {"坐标系": words} if words else {}
        )
        if reader == "geohazard-sites":
            own |= {"隐患点编号": f"D{number}", "类型": "滑坡", "状态": "已认定"}
        made.append(feature(shape, **own))
    return made


def test_every_reader_is_tried_here() -> None:
    readers = {name.removeprefix("read_").replace("_", "-") for name in exchange.__all__ if name.startswith("read_")}
    assert readers - {"extent"} == set(READERS)


@pytest.mark.parametrize("reader", READERS)
def test_a_row_of_another_ground_is_refused_in_every_register(tmp_path: Path, reader: str) -> None:
    path = write_geojson(tmp_path / "z.geojson", rows(reader, "GCJ-02", "CGCS2000", "BD-09", None, "西安80"))
    delivery = READERS[reader](path, TOWN)
    assert list(delivery.frame["feature"]) == [1, 3]
    for number, words in ((0, "GCJ-02"), (2, "BD-09"), (4, "西安80")):
        assert f"「{words}」" in told(delivery, number)


@pytest.mark.parametrize("reader", READERS)
def test_a_declaration_nobody_understands_is_asked_about_in_every_register(tmp_path: Path, reader: str) -> None:
    path = write_geojson(tmp_path / "z.geojson", rows(reader, None, None), crs=None)
    assert tells(str(READERS[reader](path, TOWN).report.whole_file_error), "文件声明的坐标系「{words}」读不懂")
    asked = ReadingOptions(crs="GCJ-02", boundary=TOWN.boundary)
    assert "GCJ-02" in str(READERS[reader](path, asked).report.whole_file_error)


def test_a_survey_extent_of_another_ground_is_no_ground(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "extent.geojson", rows("boundary", "GCJ-02", "CGCS2000"))
    with refusing(UnreadableFile, match="GCJ-02"):
        read_extent(path, TOWN)
