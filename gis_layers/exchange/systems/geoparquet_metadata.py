"""Metadata of a GeoParquet file's geometry: the column, its writing, its CRS, and what is made up for speed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyproj import CRS

from gis_layers.crs import parse_crs
from gis_layers.errors import UnknownCrs, UnreadableFile
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.systems.geojson_crs import DeclaredCrs
from gis_layers.exchange.systems.stated_systems import Kind, read_system
from risk_model.message import msg

_ASSUMED = "OGC:CRS84"
_KNOWN_VERSIONS = ("0.", "1.")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class GeometryColumn:
    """The column that is read, as the metadata describe it; ``aside`` are columns that are no attributes."""

    name: str
    encoding: str
    crs: DeclaredCrs
    aside: frozenset[str]
    problems: tuple[Problem, ...]
    described: Mapping[str, Any]


def describe_geometry(metadata: Mapping[bytes, bytes], path: Path, wanted: str | None) -> GeometryColumn:
    """The geometry column of a Parquet file by its key ``geo``; ``wanted`` may name another than the primary one.

    Raises UnreadableFile for metadata that are missing or not of the shape the format prescribes.
    """
    columns, primary, version = _columns_of(metadata, path)
    name = wanted if wanted in columns else primary
    described = columns.get(name)
    if not isinstance(described, dict) or not isinstance(described.get("encoding"), str):
        listed = ", ".join(columns) or "none"
        raise _odd(path, msg("元数据没有说明「{name}」列及其编码；说明了的有：{listed}", name=name, listed=listed))
    others = tuple(str(other) for other in columns if other != name)
    return GeometryColumn(
        name, described["encoding"], _crs_of(described), frozenset((*others, *_covering(described))),
        tuple(_problems(described, name, others, version)), described,
    )  # fmt: skip


def _columns_of(metadata: Mapping[bytes, bytes], path: Path) -> tuple[dict[str, Any], str, object]:
    if b"geo" not in metadata:
        raise UnreadableFile(msg("{name} 是没有元数据 geo 的 Parquet；请重新导出为 GeoParquet", name=path.name))
    try:
        told = json.loads(metadata[b"geo"])
    except ValueError as error:
        raise _odd(path, str(error)) from error
    columns = told.get("columns") if isinstance(told, dict) else None
    if not isinstance(columns, dict) or not columns:
        raise _odd(path, msg("元数据没有说明任何列"))
    primary = told.get("primary_column")
    if primary not in columns:
        raise _odd(path, msg("主列「{primary}」不在其中：{columns}", primary=primary, columns=[*columns]))
    return columns, primary, told.get("version")


def _odd(path: Path, why: str) -> UnreadableFile:
    return UnreadableFile(
        msg("{name} 的元数据 geo 无法使用（{why}）；请重新导出为 GeoParquet", name=path.name, why=why)
    )


def _crs_of(described: Mapping[str, Any]) -> DeclaredCrs:
    """Longitude and latitude of WGS 84 where the key is left out, as the format says; nothing where it is null."""
    if "crs" not in described:
        return DeclaredCrs(parse_crs(_ASSUMED), implied=True)
    told = described["crs"]
    if told is None:
        return DeclaredCrs(None, implied=False)
    crs = _understood(told)
    return DeclaredCrs(crs, implied=False, stated=() if crs else (_written(told),))


def _understood(told: object) -> CRS | None:
    if isinstance(told, dict):
        try:
            return parse_crs(json.dumps(told))
        except UnknownCrs:
            return None
    stated = read_system(str(told)) if isinstance(told, str | int) else None
    return stated.crs if stated and stated.kind is not Kind.SHIFTED else None


def _written(told: object) -> str:
    name = told.get("name") if isinstance(told, dict) else told
    return (name if isinstance(name, str) and name else json.dumps(told, ensure_ascii=False))[:_LONGEST]


def _covering(described: Mapping[str, Any]) -> set[str]:
    """Columns of bounding boxes, by which programs skip rows; they are made of the geometry and say nothing of their own."""
    covering = described.get("covering")
    boxes = covering.get("bbox") if isinstance(covering, dict) else None
    paths = boxes.values() if isinstance(boxes, dict) else ()
    return {str(path[0]) for path in paths if isinstance(path, list) and path}


def _problems(described: Mapping[str, Any], name: str, others: tuple[str, ...], version: object) -> list[Problem]:
    told: list[tuple[str, str]] = []
    if others:
        told.append((
            msg("文件有几列几何，读取的是「{name}」，没有读取：{others}", name=name, others=[*others]),
            msg("要读取另一列时用 --layer 指明列名"),
        ))  # fmt: skip
    if (edges := described.get("edges", "planar")) != "planar":
        told.append((
            msg("文件声明边线为「{edges}」，按平面直线读取，很长的边会有偏差", edges=str(edges)),
            msg("核对长边；需要时在源软件中加密顶点后重新导出"),
        ))  # fmt: skip
    if isinstance(version, str) and not version.startswith(_KNOWN_VERSIONS):
        told.append((
            msg("GeoParquet 版本 {version} 还不认识，按 1.1 读取", version=version),
            msg("核对几个要素的位置与属性"),
        ))  # fmt: skip
    return [Problem(None, problem, None, advice) for problem, advice in told]
