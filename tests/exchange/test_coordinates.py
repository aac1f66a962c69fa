"""Coordinates as people have them: read by one parser, named back, asked about where they could mean two things."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.crs import STORAGE_CRS, GaussKrueger, transform_points
from gis_layers.errors import UnknownCrs, UnsafeDatum
from gis_layers.exchange import ReadingOptions
from gis_layers.exchange.checks.coordinates import CoordinateHints, Outline, read_outline
from tests.saying import tells

TOWN = ReadingOptions(boundary=shapely.box(99.60, 39.20, 99.95, 39.45))
ANYWHERE = ReadingOptions()
LON, LAT = st.floats(99.61, 99.94), st.floats(39.21, 39.44)
ZONES = (GaussKrueger(33, 3, prefixed=False), GaussKrueger(33, 3, prefixed=True), GaussKrueger(17, 6, prefixed=True))


def read(text: str, options: ReadingOptions = TOWN, **asked) -> Outline:
    return read_outline(text, CoordinateHints(**asked), options)


def place(outline: Outline) -> tuple[float, float]:
    assert outline.geometry is not None, [str(problem.said) for problem in outline.problems]
    lon, lat = shapely.get_coordinates(outline.geometry)[0]
    return float(lon), float(lat)


def said(outline: Outline) -> str:
    return " ".join(str(problem.said) for problem in outline.problems)


def sexagesimal(degrees: float, marks: str = "°′″") -> str:
    """Degrees, minutes and seconds with nine decimals of a second."""
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = (degrees - whole - minutes / 60) * 3600
    return f"{whole}{marks[0]}{minutes}{marks[1]}{max(seconds, 0.0):.9f}{marks[2]}"


@given(LON, LAT, st.sampled_from([",", " ", "\t", "，", "、", ", "]), st.booleans())
def test_decimal_degrees_come_back_as_they_were_written(lon, lat, between, latitude_first):
    numbers = (f"{lat:.12f}", f"{lon:.12f}") if latitude_first else (f"{lon:.12f}", f"{lat:.12f}")
    outline = read(between.join(numbers))
    assert place(outline) == pytest.approx((lon, lat), abs=1e-9)
    assert outline.understood.notation == "decimal_degrees"
    assert outline.understood.axes == ("lat,lon" if latitude_first else "lon,lat")


@given(LON, LAT, st.sampled_from(["°′″", "°'\"", "度分秒", "::\x20", "°’”"]), st.booleans())
def test_degrees_minutes_and_seconds_come_back(lon, lat, marks, hemispheres):
    east, north = sexagesimal(lon, marks), sexagesimal(lat, marks)
    text = f"东经{east} 北纬{north}" if hemispheres else f"{east}  {north}"
    outline = read(text)
    assert place(outline) == pytest.approx((lon, lat), abs=1e-9)
    assert outline.understood.notation == "dms"


@given(LON, LAT, st.sampled_from(ZONES), st.booleans())
def test_gauss_krueger_comes_back_with_and_without_zone_number_in_either_order(lon, lat, zone, chinese_order):
    east, north = transform_points(np.array([[lon, lat]]), STORAGE_CRS, zone.code)[0]
    written = f"{north:.4f} {east:.4f}" if chinese_order else f"{east:.4f} {north:.4f}"
    outline = read(written)
    assert outline.understood.notation == "gauss_krueger"
    assert outline.understood.axes == ("north,east" if chinese_order else "east,north")
    back = transform_points(np.array([place(outline)]), STORAGE_CRS, zone.code)[0]
    assert back == pytest.approx((east, north), abs=1e-4)


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("N39°19'48\" E99°48'00\"", "lat,lon"),
        ("99°48′E, 39°19.8′N", "lon,lat"),
        ("99 48 00 39 19 48", "lon,lat"),
        ("1 99 48 00 39 19 48", "lon,lat"),
        ("99.8E 39.33N", "lon,lat"),
        ("99.8°，39.33°", "lon,lat"),
        ("９９．８，３９．３３", "lon,lat"),
        ("经度：99.8 纬度：39.33", "lon,lat"),
        ("lat=39.33, lon=99.8", "lat,lon"),
        ("(99.8, 39.33)", "lon,lat"),
        ("1, 99.8, 39.33", "lon,lat"),
        ("界址点1 99.8 39.33", "lon,lat"),
        ("99.8 39.33 1480.5", "lon,lat"),
        ("点号 经度 纬度\nJ1 99.8 39.33", "lon,lat"),
        ("POINT(99.8 39.33)", "lon,lat"),
        ("SRID=4490;POINT (99.8 39.33)", "lon,lat"),
        ('{"type": "Point", "coordinates": [99.8, 39.33, 1480]}', "lon,lat"),
        (
            '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [99.8, 39.33]}}',
            "lon,lat",
        ),
    ],
)
def test_ways_people_write_one_point(text, axes):
    outline = read(text)
    assert place(outline) == pytest.approx((99.8, 39.33), abs=1e-9)
    assert outline.understood.axes == axes
    assert outline.problems == ()


def test_the_way_it_was_read_is_named_back():
    sentence = read("J1 4355445.3 33568978.5").understood.sentence
    for words in ("高斯-克吕格", "先 X（北坐标），后 Y（东坐标）", "第 33 带", "中央经线 99°", "EPSG:4521"):
        assert words in sentence


def test_an_easting_without_zone_is_asked_about_where_no_town_settles_it():
    outline = read("4355445.3 568978.5", ANYWHERE)
    assert outline.geometry is None
    assert outline.understood is None
    assert {meaning.crs for meaning in outline.alternatives} >= {"EPSG:4541", "EPSG:4542", "EPSG:4543"}
    chosen = outline.alternatives[0]
    settled = read("4355445.3 568978.5", ANYWHERE, crs=chosen.crs, order="yx" if chosen.swapped else "xy")
    assert settled.understood == chosen
    assert settled.geometry is not None


def test_degrees_that_fit_both_ways_are_asked_about():
    diagonal = ReadingOptions(metric_crs="EPSG:32631", boundary=shapely.box(2.0, 2.0, 3.0, 3.0))
    outline = read("2.2, 2.8", diagonal)
    assert outline.geometry is None
    assert {meaning.axes for meaning in outline.alternatives} == {"lon,lat", "lat,lon"}
    assert place(read("2.2, 2.8", diagonal, order="yx")) == (2.8, 2.2)


def test_three_lines_are_an_area_two_a_line_one_a_point_unless_said_otherwise():
    lines = ["99.80,39.33", "99.81,39.33", "99.81,39.34"]
    kinds = [read("\n".join(lines[:count])).geometry.geom_type for count in (1, 2, 3)]
    assert kinds == ["Point", "LineString", "Polygon"]
    assert read("\n".join(lines), shape="LineString").geometry.geom_type == "LineString"
    assert read(";".join(lines)).geometry.equals(read("\n".join(lines)).geometry)
    assert read(" ".join(lines)).geometry.equals(read("\n".join(lines)).geometry)


def test_an_empty_line_parts_two_plots():
    one, other = "99.80,39.33\n99.81,39.33\n99.81,39.34", "99.82,39.33\n99.83,39.33\n99.83,39.34"
    assert len(read(f"{one}\n\n{other}").geometry.geoms) == 2


def test_a_survey_list_with_ring_numbers_keeps_its_hole():
    outer = [(4355445.3, 568978.5), (4355445.3, 569378.5), (4355845.3, 569378.5), (4355845.3, 568978.5)]
    inner = [(4355545.3, 569078.5), (4355545.3, 569178.5), (4355645.3, 569178.5)]
    rows = [f"J{i},1,{x},{y}" for i, (x, y) in enumerate(outer)] + [f"J{i},2,{x},{y}" for i, (x, y) in enumerate(inner)]
    outline = read("[地块坐标]\n带号=33\n4,1.2,1,甲地块,面,,@\n" + "\n".join(rows))
    assert len(outline.geometry.interiors) == 1


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "请绘制拟选址范围", None),
        ("99.80,39.33\n99.81,三十九度\n99.81,39.34", "第 2 行", 2),
        ("99.80", "第 1 行有 1 个数", 1),
        ("99°61′ 39°19′", "第 1 行读不懂", 1),
        ("99.80,39.33\n99.81,39.33", "至少要 3 个不同的点，现在只有 2 个", 1),
        ("2.35, 48.85", "都不在本系统服务的范围内", None),
        ("E99.8 E39.3", "都标成了经度", 1),
        ("E99.8 N39.3\nN39.3 E99.9\nE99.8 N39.4", "有的行先经度", None),
        ("没有数字", "没有找到坐标", None),
        ('{"type": "Point", "coordinates": [99.8', "GeoJSON", None),
        ('{"type": "FeatureCollection", "features": []}', "0 个图形", None),
        ('{"type": "Polygon", "coordinates": [[[99.8, 39.3]]]}', "GeoJSON", None),
        ("POLYGON ((99.8 39.3, 99.81", "WKT", None),
        ("POLYGON EMPTY", "为空", None),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text, words, line):
    outline = read(text, shape="Polygon" if text.count("\n") == 1 else None)
    assert outline.geometry is None
    assert words in said(outline)
    assert outline.problems[0].line == line


def test_two_plots_cannot_be_one_line():
    outline = read("99.80,39.33\n99.81,39.33\n\n99.82,39.33\n99.83,39.33", shape="LineString")
    assert tells(said(outline), "点或线只能有一组坐标，请去掉空行。")
    assert outline.problems[0].line == 4


def test_a_stated_system_that_the_numbers_contradict_is_not_followed():
    assert tells(said(read("99.8,39.33", crs="EPSG:4542")), "坐标值是经纬度，与所选坐标系 {crs} 不符。")
    assert tells(said(read("4355445 568978", crs=STORAGE_CRS)), "坐标值是米，与所选坐标系 {crs} 不符。")
    assert tells(said(read("39.33,99.80", order="xy")), "按所选的坐标系和坐标顺序读取，位置不在本系统服务的范围内。")


def test_a_system_that_needs_local_parameters_is_refused():
    with pytest.raises(UnsafeDatum):
        read("4355445 568978", crs="EPSG:2357")
    with pytest.raises(UnknownCrs):
        read("99.8,39.33", crs="EPSG:99999")


def test_a_place_beyond_the_town_is_read_and_said_to_be_elsewhere():
    outline = read("99.80,38.20")
    assert place(outline) == (99.80, 38.20)
    assert tells(said(outline), "这个位置不在本辖区附近，请核对坐标和坐标系。")


def test_metres_outside_china_are_read_in_the_measuring_system():
    outline = read("500000 5411000", ReadingOptions(metric_crs="EPSG:32631"))
    assert outline.understood.notation == "projected"
    assert place(outline)[0] == pytest.approx(3.0)


def test_shifted_coordinates_are_read_as_they_stand():
    """A GCJ-02 position looks like any other; nothing moves it."""
    assert place(read("99.801455870,39.330675691")) == (99.801455870, 39.330675691)


@given(st.text(max_size=200))
def test_no_text_breaks_the_parser(text):
    outline = read(text)
    assert (outline.geometry is None) == (outline.understood is None)
    assert outline.geometry is not None or outline.problems or outline.alternatives
