"""The system a file declares is the one it is read in, or it is refused by name: never another one in silence."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from gis_layers.crs import parse_crs
from gis_layers.errors import CountsDiffer
from gis_layers.exchange import ReadingOptions
from gis_layers.exchange.checks.inspection import POINT, Gate, pass_gate
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Journal
from gis_layers.exchange.systems.stated_systems import Kind, read_system
from risk_model.shapes import as_array
from tests.exchange.deliveries import feature, polygon, read, rows_of_squares, square, told, write_geojson
from tests.saying import refusing, says, tells

TOWN = ReadingOptions(boundary=shapely.box(99.60, 39.20, 99.95, 39.45))
SAFE = (
    "EPSG:4490", "EPSG:4326", "OGC:CRS84", "EPSG:4521", "EPSG:4542", "EPSG:4541", "EPSG:4543", "EPSG:4507", "EPSG:4497",
    "EPSG:32647", "EPSG:32648", "EPSG:3857",
)  # fmt: skip
NO_WAY = "{crs} 与 CGCS2000 基准不同，没有当地参数无法可靠转换，直接转换会偏移数十至上百米"
STATED_NO_WAY = "坐标系写的是「{cell}」，与 CGCS2000 基准不同，没有当地参数无法可靠转换，直接转换会偏移数十至上百米"
OLD = ("EPSG:4610", "EPSG:4214", "EPSG:2357", "EPSG:2382", "EPSG:2409", "EPSG:2433", "EPSG:4555")
FORMS = ("WKT1_GDAL", "WKT1_ESRI", "WKT2_2015", "WKT2_2019", "WKT2_2019_SIMPLIFIED", "PROJ", "JSON", "code", "URN")


def written(code: str, form: str) -> str:
    """A system as a file may write it; WKT of the old kind where that form does not know it."""
    crs, (authority, number) = CRS(code), code.split(":")
    match form:
        case "PROJ":
            return crs.to_proj4()
        case "JSON":
            return crs.to_json()
        case "code":
            return code
        case "URN":
            return f"urn:ogc:def:crs:{authority}:{'1.3' if authority == 'OGC' else ''}:{number}"
    return crs.to_wkt(form) or crs.to_wkt("WKT2_2019")


def gate(points: list[tuple[float, float]], declared: str | None, *stated: str, **said: Any) -> tuple[Any, Journal]:
    journal = Journal(read=len(points))
    raw = RawLayer(
        "made", "made", as_array([shapely.Point(point) for point in points]), pd.DataFrame(index=range(len(points))),
        declared=parse_crs(declared) if declared else None, stated=stated,
    )  # fmt: skip
    options = ReadingOptions(boundary=TOWN.boundary, **said)
    return pass_gate(raw, Gate(options, journal, frozenset({POINT})))[0], journal


@pytest.mark.filterwarnings("ignore:You will likely lose important projection information")
@settings(deadline=None, max_examples=25)
@given(
    code=st.sampled_from((*SAFE, *OLD)),
    form=st.sampled_from(FORMS),
    lon=st.floats(99.61, 99.94),
    lat=st.floats(39.21, 39.44),
)
def test_a_point_comes_back_within_a_millimetre_or_its_system_is_refused_by_name(code, form, lon, lat):
    x, y = Transformer.from_crs("EPSG:4326", CRS(code), always_xy=True).transform(lon, lat)
    found, journal = gate([(x, y)], written(code, form))
    if journal.whole_file_error is None:
        assert code in SAFE
        assert journal.refused == set()
        back = shapely.get_coordinates(found)[0] - (lon, lat)
        assert np.hypot(*back * 111_320) < 0.001
    else:
        assert code in OLD or form == "PROJ", journal.whole_file_error
        assert says(journal.whole_file_error, NO_WAY) or says(journal.whole_file_error, STATED_NO_WAY)


@pytest.mark.parametrize(
    "words", ["西安80", "1980西安坐标系", "北京54", "Xian 1980", "Beijing_1954", "80国家大地坐标系", "EPSG:4610"]
)
@pytest.mark.parametrize("asked", [None, "EPSG:4490"])
def test_an_old_datum_is_refused_whatever_else_is_said(words, asked):
    _, journal = gate([(99.8, 39.33)], "EPSG:4490", words, crs=asked)
    assert journal.refused == {0}
    assert words in journal.whole_file_error
    assert tells(
        journal.whole_file_error,
        STATED_NO_WAY,
    )


@pytest.mark.parametrize("words", ["GCJ-02", "gcj02", "BD-09", "bd09ll", "火星坐标系", "高德坐标", "百度坐标"])
def test_coordinates_moved_on_purpose_are_refused_whoever_says_so(words):
    assert read_system(words).kind is Kind.SHIFTED
    for said in (
        {"declared": "EPSG:4490", "crs": None},
        {"declared": None, "crs": "EPSG:4490"},
        {"declared": None, "crs": words},
    ):
        stated = () if said["crs"] == words else (words,)
        _, journal = gate([(99.8, 39.33)], said["declared"], *stated, crs=said["crs"])
        assert words in journal.whole_file_error


def test_a_system_named_for_the_shift_is_not_taken_for_the_datum_it_is_written_with():
    moved = (
        CRS("EPSG:4326")
        .to_wkt("WKT1_GDAL")
        .replace('GEOGCS["WGS 84"', 'GEOGCS["GCJ-02"')
        .replace(',AUTHORITY["EPSG","4326"]', "")
    )
    _, journal = gate([(99.8, 39.33)], moved)
    assert "GCJ-02" in journal.whole_file_error


def test_seven_zeros_are_no_parameters_and_seven_parameters_are_told():
    old = "+proj=longlat +ellps=krass +towgs84={} +no_defs"
    _, journal = gate([(99.8, 39.33)], old.format("0,0,0,0,0,0,0"))
    assert tells(journal.whole_file_error, NO_WAY)
    found, journal = gate([(99.8, 39.33)], old.format("15.8,-154.4,-82.3,0,0,0,0"))
    assert tells(journal.problems[0].problem, "按坐标系自带的参数由 {crs} 转换到 CGCS2000，精度取决于这组参数")
    assert np.hypot(*(shapely.get_coordinates(found)[0] - (99.8, 39.33)) * 111_320) > 10


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("1985国家高程基准", Kind.NOTHING), ("0", Kind.NOTHING), ("-1", Kind.NOTHING), ("CGCS2000/1985国家高程基准", Kind.DATUM),
        ("CGCS2000", Kind.DATUM), ("国家2000", Kind.DATUM), ("2000国家大地坐标系", Kind.DATUM), ("WGS_1984", Kind.DATUM),
        ("EPSG:4490", Kind.SYSTEM), ("4490", Kind.SYSTEM), (4490.0, Kind.SYSTEM), ("CGCS2000_3_Degree_GK_CM_99E", Kind.SYSTEM),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", Kind.SYSTEM), ("2000", Kind.DATUM), ("80", Kind.OLD), ("54", Kind.OLD),
        ("经纬度", Kind.NOTHING), ("高台独立坐标系", Kind.UNKNOWN), ("urn:ogc:def:crs:EPSG::404000", Kind.UNKNOWN),
        ("EPSG:4490\0", Kind.UNKNOWN),
    ],
)  # fmt: skip
def test_the_usual_words_for_systems(words, kind):
    assert read_system(str(words)).kind is kind


def test_the_zone_that_is_said_with_a_datum_has_to_be_the_one_that_is_read():
    read_in = CRS("EPSG:4542")
    assert read_system("CGCS2000 3度带 中央经线99").trouble_with(read_in) is None
    assert "EPSG:4542" in str(read_system("CGCS2000 3度带 中央经线102").trouble_with(read_in))
    assert "EPSG:4542" in str(read_system("国家2000 第34带").trouble_with(read_in))
    assert read_system("国家2000 33带").trouble_with(read_in) is None


def named(words: str) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": words}}


@pytest.mark.parametrize("code", ["EPSG:4490", "EPSG:4326", "OGC:CRS84"])
@pytest.mark.parametrize("form", ["code", "URN"])
def test_geojson_names_its_system_by_code_and_by_urn(tmp_path: Path, code: str, form: str) -> None:
    path = write_geojson(tmp_path / "z.geojson", rows_of_squares(2), crs=named(written(code, form)))
    assert read(path, TOWN).report.features_loaded == 2


@pytest.mark.parametrize(
    "member",
    [
        None,
        [],
        7,
        "高台独立坐标系",
        named(""),
        {"type": "name"},
        {"type": "link", "properties": {"href": "x"}},
        {"type": "EPSG"},
    ],
)
def test_a_crs_member_that_is_not_understood_is_no_wgs_84(tmp_path: Path, member: Any) -> None:
    path = write_geojson(tmp_path / "z.geojson", rows_of_squares(2), crs=member)
    report = read(path, TOWN).report
    assert report.features_loaded == 0
    assert tells(report.whole_file_error, "文件声明的坐标系「{words}」读不懂")
    told_so = read(path, ReadingOptions(crs="EPSG:4490", boundary=TOWN.boundary))
    assert told_so.report.features_loaded == 2
    assert tells(told(told_so, None), "文件声明的坐标系「{words}」读不懂，按 --crs 指明的 {crs} 读取")


def test_a_member_that_is_there_twice_or_deep_inside_is_heeded_too(tmp_path: Path) -> None:
    path = tmp_path / "z.geojson"
    body = json.dumps(rows_of_squares(1))
    both = ", ".join(f'"crs": {json.dumps(named(code))}' for code in ("EPSG:4490", "EPSG:4326"))
    path.write_text(f'{{"type": "FeatureCollection", {both}, "features": {body}}}')
    with refusing(CountsDiffer, match="crs"):
        read(path, TOWN)
    inner = {**feature(polygon(square())), "crs": named("EPSG:4610")}
    assert tells(
        read(write_geojson(path, [feature(polygon(square())), inner]), TOWN).report.whole_file_error,
        STATED_NO_WAY,
    )
    escaped = json.dumps({"type": "FeatureCollection", "crs": None, "features": rows_of_squares(1)}).replace(
        '"crs"', '"\\u0063rs"'
    )
    path.write_text(escaped)
    assert read(path, TOWN).report.features_loaded == 0


def test_an_attribute_called_crs_is_what_its_row_says_of_itself(tmp_path: Path) -> None:
    rows = [
        feature(polygon(square(99.70 + 0.02 * n)), crs=words)
        for n, words in enumerate(("GCJ-02", "CGCS2000", "EPSG:4542"))
    ]
    delivery = read(write_geojson(tmp_path / "z.geojson", rows), TOWN)
    assert list(delivery.frame["feature"]) == [1]
    assert "GCJ-02" in told(delivery, 0)
    assert tells(told(delivery, 2), "坐标系写的是「{cell}」，文件却按 {crs} 读取")
