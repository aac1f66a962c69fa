"""Deliveries as suppliers make them: written by the real ogr2ogr, then broken by hand."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gis_layers.exchange import Delivery, ReadingOptions, read_zones
from risk_model.vocabulary import Grade

GEO4 = {word: Grade("geo4", rank, word) for rank, word in enumerate(("极高", "高", "中", "低"), start=1)}
GEO4_WORDS = GEO4 | {"高风险区": GEO4["高"], "2": GEO4["高"], "H": GEO4["高"]}

Ring = Sequence[tuple[float, float]]
BOW_TIE: Ring = [(99.80, 39.30), (99.81, 39.31), (99.81, 39.30), (99.80, 39.31), (99.80, 39.30)]


def square(lon: float = 99.80, lat: float = 39.33, side: float = 0.01) -> Ring:
    return [(lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side), (lon, lat)]


def polygon(ring: Ring) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(vertex) for vertex in ring]]}


def feature(geometry: Mapping[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"危险性等级": "高", "名称": "南华镇小海子村"} | properties,
        "geometry": geometry,
    }


def rows_of_squares(count: int) -> list[dict[str, Any]]:
    return [feature(polygon(square(99.70 + 0.02 * number)), 名称=f"图斑{number}号") for number in range(count)]


def write_geojson(path: Path, features: Sequence[Mapping[str, Any]], **members: Any) -> Path:
    path.write_text(
        json.dumps({"type": "FeatureCollection", **members, "features": features}, ensure_ascii=False), encoding="utf-8"
    )
    return path


def ogr2ogr(target: Path, source: Path, *arguments: str) -> Path:
    program = shutil.which("ogr2ogr")
    assert program, "ogr2ogr is missing; install gdal-bin"
    subprocess.run([program, str(target), str(source), *arguments], check=True, capture_output=True)
    return target


def gbk_shapefile(folder: Path, features: Sequence[Mapping[str, Any]], crs: str = "EPSG:4542") -> Path:
    source = write_geojson(folder / "source.geojson", features)
    return ogr2ogr(folder / "地质灾害.shp", source, "-t_srs", crs, "-lco", "ENCODING=GBK", "-nlt", "PROMOTE_TO_MULTI")


def read(path: Path, options: ReadingOptions | None = None, **terms: Any) -> Delivery:
    settled: dict[str, Any] = {
        "hazard": "geological",
        "product": "hazard",
        "grade_words": GEO4_WORDS,
        "grade_required": True,
    } | terms
    delivery = read_zones(path, options or ReadingOptions(), **settled)
    report = delivery.report
    assert report.features_read == report.features_loaded + report.features_refused
    assert report.features_loaded == len(delivery.frame)
    return delivery


def told(delivery: Delivery, number: int | None) -> str:
    return " ".join(problem.problem for problem in delivery.report.problems if problem.feature == number)
