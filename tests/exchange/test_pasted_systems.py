"""What a pasted text says of its own system is heeded or told; the numbers alone decide only where it says nothing."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.crs import STORAGE_CRS, GaussKrueger, transform_points
from gis_layers.exchange import ReadingOptions, read_sites
from gis_layers.exchange.checks.coordinates import CoordinateHints, Outline, read_outline
from tests.saying import tells

TOWN = ReadingOptions(boundary=shapely.box(99.60, 39.20, 99.95, 39.45))
RING = "4355445.3 568978.5\n4355445.3 569378.5\n4355845.3 569378.5"
NAME = '{{"type": "name", "properties": {{"name": "{}"}}}}'


def read(text: str, **asked: str) -> Outline:
    return read_outline(text, CoordinateHints(**asked), TOWN)  # type: ignore[arg-type]


def said(outline: Outline) -> str:
    return " ".join(str(problem.said) for problem in outline.problems)


def point(crs: str) -> str:
    return f'{{"type": "Point", "coordinates": [99.8, 39.33], "crs": {crs}}}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (point("null"), "不认识这个坐标系"), (point('{"type": "link"}'), "不认识这个坐标系"), (point(NAME.format("GCJ02")), "GCJ02"),
        (point(NAME.format("EPSG:4610")), "基准不同"), ("SRID=4610;POINT(99.8 39.33)", "基准不同"),
        ("SRID=99999;POINT(99.8 39.33)", "SRID=99999"), (f"坐标系=80国家大地坐标系\n几度分带=3\n带号=33\n{RING}", "基准不同"),
        (f"北京54坐标\n{RING}", "北京54"), (f"坐标系：高台独立坐标系\n{RING}", "不认识"), ("GCJ-02: 99.8,39.33", "GCJ-02"),
        ("高德坐标\n99.8,39.33", "高德坐标"), ("99.8,39.33\n坐标系=BD-09", "BD-09"), ("J1 99.8 39.33 火星坐标", "火星坐标"),
    ],
)  # fmt: skip
def test_another_ground_is_refused_by_the_name_it_is_given(text, words):
    outline = read(text)
    assert outline.geometry is None
    assert outline.alternatives == ()
    assert words in said(outline)


def test_the_line_that_says_so_is_named():
    assert read(f"[属性描述]\n坐标系=80国家大地坐标系\n{RING}").problems[0].line == 2


@pytest.mark.parametrize("text", [point("null"), f"坐标系：高台独立坐标系\n{RING}"])
def test_what_nobody_understands_gives_way_to_the_system_a_person_chose(text):
    crs = "EPSG:4490" if "Point" in text else "EPSG:4542"
    assert read(text, crs=crs).geometry is not None


@pytest.mark.parametrize(
    "text", ["SRID=4490;POINT(99.8 39.33)", point(NAME.format("EPSG:4490")), f"坐标系：EPSG:4543\n{RING}"]
)
def test_a_system_that_is_stated_is_not_replaced_by_the_one_chosen(text):
    outline = read(text, crs="EPSG:4542")
    assert outline.geometry is None
    assert tells(said(outline), "文字写明的坐标系 {stated} 与 {asked} 不是同一个；请核实。")


@settings(deadline=None, max_examples=40)
@given(
    lon=st.floats(99.61, 99.94), lat=st.floats(39.21, 39.44), prefixed=st.booleans(), zone=st.sampled_from([33, 17]),
    how=st.sampled_from(["srid", "member", "setting", "zone", "meridian"]),
)  # fmt: skip
def test_a_stated_system_is_the_one_that_is_read(lon, lat, prefixed, zone, how):
    system = GaussKrueger(zone, 3 if zone == 33 else 6, prefixed=prefixed)
    code = system.code
    assert code
    east, north = transform_points(np.array([[lon, lat]]), STORAGE_CRS, code)[0]
    pasted = {
        "srid": f"SRID={code[5:]};POINT({east:.5f} {north:.5f})",
        "member": json.dumps({
            "type": "Point", "coordinates": [round(east, 5), round(north, 5)],
            "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code[5:]}"}},
        }),
        "setting": f"坐标系：{code}\n{north:.5f},{east:.5f}",
        "zone": f"坐标系=2000国家大地坐标系\n几度分带={system.width_deg}\n带号={zone}\n{north:.5f},{east:.5f}",
        "meridian": f"中央子午线：99\n{north:.5f},{east:.5f}",
    }[how]  # fmt: skip
    outline = read(pasted)
    assert outline.geometry is not None, said(outline)
    back = shapely.get_coordinates(outline.geometry)[0] - (lon, lat)
    assert np.hypot(*back * 111_320) < 0.001


def test_another_meridian_than_the_towns_is_followed_and_told_not_replaced():
    for text in (f"带号=34\n{RING}", f"中央经线102°\n{RING}", "SRID=4543;POINT(568978.5 4355445.3)"):
        outline = read(text)
        assert outline.understood is not None
        assert outline.understood.crs == "EPSG:4543"
        assert tells(said(outline), "这个位置不在本辖区附近，请核对坐标和坐标系。")
    assert tells(said(read(f"带号=34\n中央经线=99\n{RING}")), "文字里写着几条中央经线：{meridians}；请只保留一条。")


def test_names_of_places_are_no_names_of_systems():
    for text in (
        f"西安路地块\n{RING}",
        "北京路加油站 99.8 39.33",
        "高德村 99.8 39.33",
        "坐标系统：CGCS2000\n99.8,39.33",
    ):
        assert read(text).geometry is not None, said(read(text))


@settings(deadline=None, max_examples=30)
@given(
    label=st.sampled_from(["甲", "北京路加油站", "J1", "J12", "界址点 3", "点#4", "J1-2", "甲："]), between=st.sampled_from([" ", ",", ", "]),
    metres=st.booleans(), lon=st.floats(99.61, 99.94), lat=st.floats(39.21, 39.44),
)  # fmt: skip
def test_a_name_before_a_point_takes_nothing_of_its_numbers(label, between, metres, lon, lat):
    x, y = transform_points(np.array([[lon, lat]]), STORAGE_CRS, "EPSG:4542")[0] if metres else (lon, lat)
    outline = read(f"{label} {x:.6f}{between}{y:.6f}")
    assert outline.geometry is not None, said(outline)
    back = shapely.get_coordinates(outline.geometry)[0] - (lon, lat)
    assert np.hypot(*back * 111_320) < (0.001 if metres else 0.12)


@pytest.mark.parametrize(
    ("heading", "words"),
    [("坐标系=2000国家大地坐标系\n中央子午线：102", "中央经线102"), ("火星坐标", "火星坐标"), ("坐标系：高台独立坐标系", "高台独立")],
)  # fmt: skip
def test_a_list_of_boundary_points_is_held_to_its_headings(tmp_path: Path, heading: str, words: str) -> None:
    points = "\n".join(f"J{n},1,{line.replace(' ', ',')}" for n, line in enumerate(RING.splitlines(), start=1))
    path = tmp_path / "plots.txt"
    path.write_text(f"{heading}\n3,1.2,1,甲地块,面,,@\n{points}\n", encoding="utf-8")
    for crs in (None, "EPSG:4542"):
        report = read_sites(path, replace(TOWN, crs=crs)).report
        assert report.features_loaded == 0
    assert words in str(report.whole_file_error)
