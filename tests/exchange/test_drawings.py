"""Whatever outline a drawing, a KML, a list of boundary points or marked text holds comes back within a millimetre."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import ezdxf
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_layers.crs import STORAGE_CRS, transform
from gis_layers.errors import AmbiguousLayer, UnreadableFile
from gis_layers.exchange import ReadingOptions, read_facilities, read_sites, read_zones
from gis_layers.exchange.formats.drawings.shapes import shapes_of
from tests.exchange.deliveries import GEO4_WORDS
from tests.saying import tells

METRIC = "EPSG:4542"
PREFIXED = "EPSG:4521"
EAST, NORTH = 568_978.505, 4_355_445.351
IN_METRES = ReadingOptions(crs=METRIC)
LAW = settings(max_examples=40, deadline=None)


@st.composite
def outlines(draw: st.DrawFn) -> list[tuple[float, float]]:
    """A ring around a middle, its corners at growing angles: valid whatever is drawn."""
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(20, 400), min_size=count, max_size=count))
    turns = [math.tau * number / count for number in range(count)]
    corners = zip(radii, turns, strict=True)
    return [(round(EAST + r * math.cos(a), 4), round(NORTH + r * math.sin(a), 4)) for r, a in corners]


def degrees(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    moved = transform(np.array([shapely.Point(one) for one in ring], dtype=object), METRIC, STORAGE_CRS)
    return [(one.x, one.y) for one in moved]


def drawing(
    *rings: list[tuple[float, float]], layer: str = "拟选址范围", version: str = "R2010"
) -> ezdxf.document.Drawing:
    made = ezdxf.new(version)
    for ring in rings:
        made.modelspace().add_lwpolyline(ring, close=True, dxfattribs={"layer": layer})
    return made


def as_dxf(made: Any) -> bytes:
    text = io.StringIO()
    made.write(text)
    return text.getvalue().encode(made.output_encoding)


Ring = list[tuple[float, float]]


def dxf(rings: list[Ring]) -> bytes:
    return as_dxf(drawing(*rings))


def binary_dxf(rings: list[Ring]) -> bytes:
    made = io.BytesIO()
    drawing(*rings).write(made, fmt="bin")
    return made.getvalue()


def old_dxf(rings: list[Ring]) -> bytes:
    made = ezdxf.new("R12")
    for ring in rings:
        made.modelspace().add_polyline2d(ring, close=True, dxfattribs={"layer": "0"})
    return as_dxf(made)


def inserted_dxf(rings: list[Ring]) -> bytes:
    made = ezdxf.new("R2010")
    for number, ring in enumerate(rings):
        block = made.blocks.new(f"地块{number}")
        block.add_lwpolyline([(y - NORTH, EAST - x) for x, y in ring], close=True)
        made.modelspace().add_blockref(block.name, (EAST, NORTH), dxfattribs={"layer": "拟选址范围", "rotation": 90})
    return as_dxf(made)


def hatched_dxf(rings: list[Ring]) -> bytes:
    made = ezdxf.new("R2010")
    for ring in rings:
        made.modelspace().add_hatch().paths.add_polyline_path(ring)
    return as_dxf(made)


def kml_of(*marks: str, folder: str = "") -> bytes:
    body = "".join(marks)
    inside = f"<Folder><name>{folder}</name>{body}</Folder>" if folder else body
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2" '
        f'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>{inside}</Document></kml>'
    ).encode()


def area_of(ring: list[tuple[float, float]], *holes: list[tuple[float, float]]) -> str:
    def boundary(one: list[tuple[float, float]], side: str) -> str:
        points = " ".join(f"{lon!r},{lat!r},0" for lon, lat in [*one, one[0]])
        return f"<{side}><LinearRing><coordinates>{points}</coordinates></LinearRing></{side}>"

    inner = "".join(boundary(hole, "innerBoundaryIs") for hole in holes)
    return f"<Polygon>{boundary(ring, 'outerBoundaryIs')}{inner}</Polygon>"


def mark(shape: str, name: str = "甲", **data: str) -> str:
    told = "".join(f'<Data name="{key}"><value>{escape(value)}</value></Data>' for key, value in data.items())
    return f"<Placemark><name>{name}</name><ExtendedData>{told}</ExtendedData>{shape}</Placemark>"


def kml(rings: list[Ring]) -> bytes:
    return kml_of(*(mark(area_of(degrees(ring))) for ring in rings))


def kmz(rings: list[Ring]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("files/icon.png", b"\x89PNG")
        archive.writestr("doc.kml", kml(rings))
    return made.getvalue()


def boundary_list(rings: list[Ring]) -> bytes:
    lines = ["[属性描述]", "坐标系=2000国家大地坐标系", "几度分带=3", "计量单位=米", "带号=33", "[地块坐标]"]
    for ring in rings:
        lines.append(f"{len(ring)},,1,地块,面,,,,@")
        lines += [f"J{n},1,{y!r},{x + 33_000_000!r}" for n, (x, y) in enumerate([*ring, ring[0]], start=1)]
    return "\n".join(lines).encode("gbk")


def marked_text(rings: list[Ring]) -> bytes:
    rows = [f'甲,"SRID=4542;{shapely.Polygon(ring).wkt}"' for ring in rings]
    return "\n".join(["名称,wkt", *rows]).encode()


WRITERS = {
    "a.dxf": dxf, "binary.dxf": binary_dxf, "old.dxf": old_dxf, "block.dxf": inserted_dxf, "hatch.dxf": hatched_dxf,
    "a.kml": kml, "a.kmz": kmz, "界址点.txt": boundary_list, "a.csv": marked_text,
}  # fmt: skip
DECLARE_NOTHING = {"a.dxf", "binary.dxf", "old.dxf", "block.dxf", "hatch.dxf"}


@pytest.mark.parametrize("name", WRITERS)
@given(rings=st.lists(outlines(), min_size=5, max_size=10))
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_outlines_are_read_back_within_a_millimetre(name: str, rings: list[Ring], tmp_path: Path):
    path = tmp_path / name
    path.write_bytes(WRITERS[name](rings))
    delivery = read_sites(path, IN_METRES if name in DECLARE_NOTHING else ReadingOptions())
    assert (delivery.report.features_read, delivery.report.features_loaded) == (len(rings),) * 2, (
        delivery.report.problems
    )
    for found, ring in zip(delivery.frame.to_crs(METRIC).geometry, rings, strict=True):
        assert shapely.hausdorff_distance(found, shapely.Polygon(ring)) < 0.001


@given(bulges=st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4), side=st.floats(5, 3000))
@LAW
def test_arcs_are_within_a_millimetre_of_the_true_ones(bulges: list[float], side: float):
    corners = [(EAST, NORTH), (EAST + side, NORTH), (EAST + side, NORTH + side), (EAST, NORTH + side)]
    made = ezdxf.new("R2010")
    made.modelspace().add_lwpolyline(
        [(x, y, bulge) for (x, y), bulge in zip(corners, bulges, strict=True)], format="xyb", close=True
    )
    ((drawn,), _) = shapes_of(made, 10**6)
    points = shapely.get_coordinates(drawn.shape)
    for start, end, bulge in zip(corners, [*corners[1:], corners[0]], bulges, strict=True):
        if abs(bulge) * side < 0.002:
            continue
        chord = np.subtract(end, start)
        middle = np.add(start, end) / 2 + np.array([chord[1], -chord[0]]) / 2 * bulge
        assert shapely.Point(middle).distance(shapely.LineString(points)) < 0.001
        centre, *_, radius = ezdxf.math.bulge_to_arc(ezdxf.math.Vec2(start), ezdxf.math.Vec2(end), bulge)
        first = next(n for n, point in enumerate(points) if math.dist(point, start) < 1e-6)
        last = next(n for n in range(first + 1, len(points)) if math.dist(points[n], end) < 1e-6)
        chords = (points[first:last] + points[first + 1 : last + 1]) / 2
        assert np.abs(np.hypot(*(chords - [centre.x, centre.y]).T) - radius).max() < 0.001


def test_a_drawing_declares_no_system_and_is_asked_for_one(tmp_path: Path):
    path = tmp_path / "a.dxf"
    path.write_bytes(dxf([[(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 100)]]))
    report = read_sites(path, ReadingOptions()).report
    assert (report.features_read, report.features_loaded, report.crs) == (1, 0, None)
    assert any(tells(one.problem, "文件没有声明坐标系") and "--crs" in one.advice for one in report.problems)


def test_the_layers_of_a_drawing_are_listed_and_one_is_chosen(tmp_path: Path):
    made = drawing([(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 100)])
    made.modelspace().add_circle((EAST, NORTH), 50, dxfattribs={"layer": "地形"})
    made.modelspace().add_circle((EAST, NORTH), 9, dxfattribs={"layer": "旧"})
    made.layers.add("旧").freeze()
    made.modelspace().add_text("宗地", dxfattribs={"layer": "注记"})
    made.header["$INSUNITS"] = 4
    path = tmp_path / "a.dxf"
    path.write_bytes(as_dxf(made))
    with pytest.raises(AmbiguousLayer, match="地形, 拟选址范围") as asked:
        read_sites(path, IN_METRES)
    assert asked.value.layers == ("地形", "拟选址范围")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "图纸/总图.dxf")
    packed = read_sites(tmp_path / "a.zip", ReadingOptions(crs=METRIC, layer="地形")).report
    assert (packed.features_read, packed.features_loaded) == (1, 1)
    report = read_sites(path, ReadingOptions(crs=METRIC, layer="拟选址范围")).report
    assert (report.features_read, report.features_loaded) == (1, 1)
    told = " ".join(one.problem for one in report.problems)
    assert all(word in told for word in ("地形（1 个）", "旧（1 个）", "TEXT 1", "毫米"))


def test_what_is_not_closed_is_told_and_a_line_stays_a_line(tmp_path: Path):
    made = ezdxf.new("R2010")
    corners = [(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 100), (EAST, NORTH + 100)]
    for more in ([corners[0]], [(EAST, NORTH + 2.5)], []):
        made.modelspace().add_lwpolyline([*corners, *more])
    path = tmp_path / "a.dxf"
    path.write_bytes(as_dxf(made))
    delivery = read_sites(path, IN_METRES)
    assert (delivery.report.features_read, delivery.report.features_loaded) == (3, 2)
    assert list(delivery.frame.geom_type) == ["Polygon", "LineString"]
    assert tells(delivery.report.problems[-1].problem, "线没有闭合，首尾相距 {gap}", gap="2.500")
    zones = read_zones(
        path, IN_METRES, hazard="geological", product="hazard", grade_words=GEO4_WORDS, grade_required=True,
        fixed_grade=GEO4_WORDS["高"],
    )  # fmt: skip
    assert (zones.report.features_read, zones.report.features_loaded) == (3, 1)


def test_a_hatch_keeps_its_holes_and_mirrored_blocks_their_place(tmp_path: Path):
    made = ezdxf.new("R2010")
    hatch = made.modelspace().add_hatch()
    for low, high in ((0, 100), (20, 60)):
        hatch.paths.add_polyline_path(
            [(EAST + x, NORTH + y) for x, y in ((low, low), (high, low), (high, high), (low, high))]
        )
    edges = made.modelspace().add_hatch().paths.add_edge_path()
    edges.add_arc((EAST + 300, NORTH), 50, 0, 180)
    edges.add_line((EAST + 250, NORTH), (EAST + 350, NORTH))
    block = made.blocks.new("B")
    block.add_lwpolyline([(0, 0), (10, 0), (10, 20)], close=True)
    made.modelspace().add_blockref("B", (EAST, NORTH + 500), dxfattribs={"xscale": -1})
    (tmp_path / "a.dxf").write_bytes(as_dxf(made))
    delivery = read_sites(tmp_path / "a.dxf", IN_METRES)
    found = delivery.frame.to_crs(METRIC).geometry
    assert list(found.area) == pytest.approx([100**2 - 40**2, math.pi * 50**2 / 2, 100], abs=0.2)
    assert found.iloc[2].bounds == pytest.approx((EAST - 10, NORTH + 500, EAST, NORTH + 520), abs=0.001)


def test_a_placemark_brings_its_data_its_folder_and_its_holes(tmp_path: Path):
    square = [(99.80, 39.30), (99.81, 39.30), (99.81, 39.31), (99.80, 39.31)]
    hole = [(99.802, 39.302), (99.804, 39.302), (99.804, 39.304)]
    several = f"<MultiGeometry>{area_of(square)}{area_of([(lon + 0.1, lat) for lon, lat in square])}</MultiGeometry>"
    track = "<gx:Track><gx:coord>99.8 39.3 0</gx:coord></gx:Track>"
    schema = (
        '<ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="等级">中</SimpleData></SchemaData></ExtendedData>'
    )
    content = kml_of(
        mark(area_of(square, hole), "一", 等级="高"), mark(several, "二", 等级="低"), mark(track, "三", 等级="高"),
        f"<Placemark><name>四</name>{schema}{area_of(square)}</Placemark>",
        "<Placemark><name>五</name></Placemark>",
        "<NetworkLink><name>远处</name><Link><href>http://127.0.0.1/x.kml</href></Link></NetworkLink>",
        folder="区划",
    )  # fmt: skip
    (tmp_path / "a.kml").write_bytes(content)
    zones = read_zones(
        tmp_path / "a.kml",
        ReadingOptions(),
        hazard="geological",
        product="hazard",
        grade_words=GEO4_WORDS,
        grade_required=True,
    )
    assert (zones.report.features_read, zones.report.features_loaded, zones.report.crs) == (5, 3, "EPSG:4326")
    assert list(zones.frame["grade"]) == ["高", "低", "中"]
    assert list(zones.frame["name"]) == ["一", "二", "四"]
    assert len(zones.frame.geometry.iloc[0].geoms[0].interiors) == 1
    told = " ".join(one.problem for one in zones.report.problems)
    assert all(
        word in told for word in ("轨迹或模型（Track）", "NetworkLink「远处」指向 http://127.0.0.1/x.kml", "没有几何")
    )


def test_folders_are_listed_and_one_is_chosen_by_name(tmp_path: Path):
    point = "<Point><coordinates>99.8,39.3</coordinates></Point>"
    body = f"<Folder><name>甲</name>{mark(point, '一')}</Folder><Folder><name>乙</name>{mark(point, '二')}</Folder>"
    (tmp_path / "a.kml").write_bytes(kml_of(body))
    report = read_facilities(tmp_path / "a.kml", ReadingOptions()).report
    assert report.features_loaded == 2
    assert any("甲（1 个）、乙（1 个）" in one.problem for one in report.problems)
    assert list(read_facilities(tmp_path / "a.kml", ReadingOptions(layer="乙")).frame["name"]) == ["二"]
    with pytest.raises(AmbiguousLayer, match="乙, 甲"):
        read_facilities(tmp_path / "a.kml", ReadingOptions(layer="丙"))


def test_several_plots_with_rings_are_read_and_wrong_counts_named(tmp_path: Path):
    def points(ring: int, east: float, size: float) -> list[str]:
        corners = [(0, 0), (0, size), (size, size), (size, 0)]
        return [f"J{n},{ring},{NORTH + y},{east + x}" for n, (y, x) in enumerate(corners, start=1)]

    lines = [
        "[属性描述]", "坐标系=2000国家大地坐标系", "几度分带=3", "带号=33", "[地块坐标]",
        "8,0.91,A1,甲地块,面,,,,@", *points(1, EAST, 100), *points(2, EAST + 40, 30),
        "4,0.01,A2,乙地块,面,,,,@", *points(1, EAST + 500, 10),
        "7,0.01,A3,丙地块,面,,,,@", *points(1, EAST + 600, 10),
    ]  # fmt: skip
    (tmp_path / "a.txt").write_bytes("\r\n".join(lines).encode("gbk"))
    delivery = read_sites(tmp_path / "a.txt", ReadingOptions())
    assert (delivery.report.features_read, delivery.report.features_loaded) == (3, 2)
    assert list(delivery.frame["name"]) == ["甲地块", "乙地块"]
    assert list(delivery.frame.to_crs(METRIC).area) == pytest.approx([9100, 100], abs=0.01)
    assert tells(
        delivery.report.problems[-1].problem, "地块写有 {written} 个界址点，实际有 {found} 个", written=7, found=4
    )
    other = "\n".join(lines).replace("2000国家大地坐标系", "1980西安坐标系")
    (tmp_path / "b.txt").write_bytes(other.encode("gbk"))
    with pytest.raises(UnreadableFile, match="1980西安坐标系"):
        read_sites(tmp_path / "b.txt", ReadingOptions())
