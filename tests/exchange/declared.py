"""Files of every format that is read, written by other hands than ours, with a count and values that are known."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import geopandas as gpd
import pyogrio
import shapely
from hypothesis import strategies as st
from openpyxl import Workbook

from gis_layers.exchange import ReadingOptions, read_villages

HEADINGS = ("名称", "代码", "人口")
GRID_DEG = 2e-9
"""A file geodatabase keeps whole steps of a grid."""
_LETTERS = "甲乙丙丁村镇社区东西南北ABCxyz019 ,;\t\"'（）《》、·&<>/-+=#%{}[]|éßя"


@dataclass(frozen=True, slots=True)
class Row:
    """A village as it is written: its name, its code, who lives there, its ground."""

    name: str
    code: str | None
    population: int | None
    ground: shapely.Geometry | None


def _squares(corners: list[tuple[int, int]], *, holed: bool) -> shapely.Geometry:
    """One to three squares apart from each other, the first with a hole in it or not."""
    made = []
    for place, (east, north) in enumerate(corners):
        west, south = 99.7 + place * 0.01 + east * 1e-4, 39.3 + north * 1e-4
        square = shapely.box(west, south, west + 0.004, south + 0.004)
        hole = shapely.box(west + 0.001, south + 0.001, west + 0.002, south + 0.002)
        made.append(square.difference(hole) if holed and place == 0 else square)
    return made[0] if len(made) == 1 else shapely.multipolygons(made)


_CORNERS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=3)
_GROUND = st.none() | st.builds(_squares, _CORNERS, holed=st.booleans())
_NAMES = st.text(st.sampled_from(_LETTERS), max_size=12).map(lambda text: f"村{text}。")


@st.composite
def rows(draw: st.DrawFn, *, least: int = 1) -> list[Row]:
    """One to eight villages; no two have one code."""
    count = draw(st.integers(least, 8))
    return [
        Row(
            draw(_NAMES),
            draw(st.none() | st.just(f"62072410{number:04}")),
            draw(st.none() | st.integers(0, 2**31 - 1)),
            draw(_GROUND),
        )
        for number in range(count)
    ]


def _table(written: list[Row]) -> list[list[Any]]:
    return [
        [*HEADINGS, "WKT"],
        *([row.name, row.code, row.population, row.ground and row.ground.wkt] for row in written),
    ]


def write_csv(path: Path, written: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_table(written))
    return path


def write_xlsx(path: Path, written: list[Row]) -> Path:
    book = Workbook()
    for line in _table(written):
        book.active.append(line)
    for cell in (cell for line in book.active.iter_rows() for cell in line if isinstance(cell.value, str)):
        cell.data_type = "s"
    book.save(path)
    return path


def write_geojson(path: Path, written: list[Row]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(HEADINGS, (row.name, row.code, row.population), strict=True)),
            "geometry": row.ground and json.loads(shapely.to_geojson(row.ground)),
        }
        for row in written
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def write_topojson(path: Path, written: list[Row]) -> Path:
    """Every ring is an arc of its own; a village without ground is of no type."""
    arcs: list[Any] = []

    def number_of(ring: Any) -> list[int]:
        arcs.append([list(place) for place in ring.coords])
        return [len(arcs) - 1]

    def geometry(row: Row) -> dict[str, Any]:
        told = dict(zip(HEADINGS, (row.name, row.code, row.population), strict=True))
        parts = [
            [number_of(ring) for ring in (part.exterior, *part.interiors)] for part in shapely.get_parts(row.ground)
        ]
        return {"type": "MultiPolygon" if parts else None, "properties": told, "arcs": parts}

    one = {"type": "GeometryCollection", "geometries": [geometry(row) for row in written]}
    path.write_text(json.dumps({"type": "Topology", "objects": {"villages": one}, "arcs": arcs}), encoding="utf-8")
    return path


def _frame(written: list[Row]) -> gpd.GeoDataFrame:
    columns = {"名称": [row.name for row in written], "代码": [row.code for row in written]}
    columns["人口"] = [row.population for row in written]
    frame = gpd.GeoDataFrame(columns, geometry=[row.ground for row in written], crs=4490)
    return frame.astype({"人口": "Int64", "名称": object, "代码": object})


def _by_gdal(driver: str, **options: Any) -> Callable[[Path, list[Row]], Path]:
    def write(path: Path, written: list[Row]) -> Path:
        frame = _frame(written)
        pyogrio.write_dataframe(
            frame, path, driver=driver, geometry_type="MultiPolygon", promote_to_multi=True, **options
        )
        return path

    return write


def write_zip(path: Path, written: list[Row]) -> Path:
    """A shapefile, packed."""
    _by_gdal("ESRI Shapefile", encoding="UTF-8")(path.with_suffix(".shp"), written)
    with zipfile.ZipFile(path, "w") as archive:
        for part in path.parent.glob(f"{path.stem}.[!z]*"):
            archive.write(part, f"成果/{part.name}")
    return path


def write_kml(path: Path, written: list[Row]) -> Path:
    """One placemark a village; what has several parts is a MultiGeometry."""

    def ring(kind: str, line: Any) -> str:
        places = " ".join(f"{east!r},{north!r}" for east, north in line.coords)
        return f"<{kind}><LinearRing><coordinates>{places}</coordinates></LinearRing></{kind}>"

    def area(part: Any) -> str:
        holes = "".join(ring("innerBoundaryIs", hole) for hole in part.interiors)
        return f"<Polygon>{ring('outerBoundaryIs', part.exterior)}{holes}</Polygon>"

    def mark(row: Row) -> str:
        parts = [area(part) for part in shapely.get_parts(row.ground)]
        shape = parts[0] if len(parts) == 1 else f"<MultiGeometry>{''.join(parts)}</MultiGeometry>" if parts else ""
        told = [
            (name, value)
            for name, value in zip(HEADINGS[1:], (row.code, row.population), strict=True)
            if value is not None
        ]
        data = "".join(f'<Data name="{name}"><value>{value}</value></Data>' for name, value in told)
        return f"<Placemark><name>{escape(row.name)}</name><ExtendedData>{data}</ExtendedData>{shape}</Placemark>"

    marks = "\n".join(map(mark, written))
    text = f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>'
    path.write_text(text, encoding="utf-8")
    return path


def write_kmz(path: Path, written: list[Row]) -> Path:
    """The same, packed."""
    inner = write_kml(path.with_suffix(".kml"), written)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "doc.kml")
    inner.unlink()
    return path


def write_parquet(path: Path, written: list[Row]) -> Path:
    _frame(written).to_parquet(path, row_group_size=3)
    return path


WRITERS: dict[str, Callable[[Path, list[Row]], Path]] = {
    ".csv": write_csv,
    ".xlsx": write_xlsx,
    ".geojson": write_geojson,
    ".json": write_topojson,
    ".gpkg": _by_gdal("GPKG"),
    ".shp": _by_gdal("ESRI Shapefile", encoding="UTF-8"),
    ".gdb": _by_gdal("OpenFileGDB"),
    ".parquet": write_parquet,
    ".zip": write_zip,
    ".txt": write_csv,
    ".kml": write_kml,
    ".kmz": write_kmz,
}
"""By suffix who writes such a file."""


def hold(path: Path, written: list[Row]) -> None:
    """As many as were written are read; each is loaded as it was written, or its number stands in the report."""
    delivery = read_villages(path, ReadingOptions())
    report, frame = delivery.report, delivery.frame
    assert report.features_read == len(written)
    assert report.features_read == report.features_loaded + report.features_refused
    told = {problem.feature for problem in report.problems}
    loaded = {row["feature"]: row for row in frame.to_dict("records")}
    for number, row in enumerate(written):
        if number not in loaded:
            assert number in told, f"{row} vanished"
            continue
        found = loaded[number]
        assert row.ground is not None
        assert shapely.hausdorff_distance(found["geometry"], row.ground) <= GRID_DEG
        assert shapely.get_num_coordinates(found["geometry"]) == shapely.get_num_coordinates(row.ground)
        same = (found["name"], found["code"], found["population"]) == (row.name, row.code, row.population)
        assert same or number in told, f"{row} became {found}"
    assert {number for number, row in enumerate(written) if row.ground is not None} - set(loaded) <= told
