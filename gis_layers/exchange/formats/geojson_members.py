"""The members of a GeoJSON document, counted one by one by another parser than GDAL's, which leaves out what it dislikes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Final

from gis_layers.errors import CountsDiffer, UnreadableFile
from gis_layers.exchange.formats.declared_counts import Declared
from gis_layers.exchange.formats.geojson_values import Properties, table_of_values, values_of
from risk_model.message import Message, msg

_DEPTH: Final = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How many lists lie around a position."""
_TWICE: Final = "\0twice"
"""A key no document has: the member names an object says more than once."""
_BLANK: Final = re.compile(r"[ \t\n\r]*")
_UNCOUNTED: Final = -1


def count_geojson(text: str, path: Path, layer: str) -> Declared:
    """Count the features of a document. Raises UnreadableFile for what is no JSON, or says something twice."""
    document = _Document(text, path)
    members = document.members()
    match members.get("type"):
        case "FeatureCollection":
            return _count_features(document.features, path)
        case "Topology":
            return count_topology(members, path, layer)
        case "Feature":
            return _count_features([_judge(members)], path)
        case _:
            vertices = _vertices(members)
            counted = _UNCOUNTED if vertices is None else vertices
            return Declared(1, vertices=[counted], values=table_of_values([{}]))


def check_whole(text: str, path: Path) -> None:
    """Pass one whole JSON document by. Raises UnreadableFile where it ends too early or more follows it."""
    _Document(text, path).members()


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of ``features``: why it is no feature, why it is not to be believed, its vertices and its attributes."""

    absent: Message | None = None
    broken: Message | None = None
    vertices: int = _UNCOUNTED
    values: Properties = field(default_factory=dict)


@dataclass(slots=True)
class _Document:
    """A document taken apart member by member, so that a large one need not stand in memory twice."""

    text: str
    path: Path
    features: list[_Member] | None = None
    _decoder: json.JSONDecoder = field(default_factory=lambda: json.JSONDecoder(object_pairs_hook=_object))

    def members(self) -> dict[str, Any]:
        """The document's own members, without its features: those are judged one by one and forgotten."""
        try:
            at, found = self._object(self._skip(0))
        except (ValueError, IndexError, RecursionError) as error:
            raise self._unreadable(error) from error
        if self._skip(at) != len(self.text):
            raise CountsDiffer(
                msg(
                    "{name} 第 {line} 行起在一个完整的 JSON 之后还有内容，其中的要素读不到；请合并为一个 FeatureCollection 后重新导入",
                    name=self.path.name,
                    line=self.text.count("\n", 0, self._skip(at)) + 1,
                )
            )
        twice = found.pop(_TWICE, None)
        if twice:
            raise CountsDiffer(
                msg(
                    "{name} 的成员「{key}」写了不止一次，无法判断用哪一个；请改正后重新导入",
                    name=self.path.name,
                    key=twice,
                )
            )
        return found

    def _unreadable(self, error: Exception) -> UnreadableFile:
        place = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "?"
        return UnreadableFile(
            msg(
                "{name} 不是完整的 JSON（行:列 {place}）；文件可能被截断或手工改坏，请重新导出后提交",
                name=self.path.name,
                place=place,
            )
        )

    def _object(self, at: int) -> tuple[int, dict[str, Any]]:
        pairs: list[tuple[str, Any]] = []
        at = self._expect("{", at)
        if self.text[at] == "}":
            return at + 1, {}
        while True:
            if self.text[at] != '"':
                raise json.JSONDecodeError("a name is missing", self.text, at)
            key, at = self._decoder.raw_decode(self.text, at)
            at = self._expect(":", self._skip(at))
            if key == "features" and self.text[at] == "[" and self.features is None:
                at, self.features = self._list(at)
                pairs.append((key, None))
            else:
                value, at = self._decoder.raw_decode(self.text, at)
                pairs.append((key, value))
            at = self._skip(at)
            if self.text[at] == "}":
                return at + 1, _object(pairs)
            at = self._expect(",", at)

    def _list(self, at: int) -> tuple[int, list[_Member]]:
        found: list[_Member] = []
        at = self._expect("[", at)
        if self.text[at] == "]":
            return at + 1, found
        while True:
            value, at = self._decoder.raw_decode(self.text, at)
            found.append(_judge(value))
            at = self._skip(at)
            if self.text[at] == "]":
                return at + 1, found
            at = self._expect(",", at)

    def _skip(self, at: int) -> int:
        blank = _BLANK.match(self.text, at)
        return blank.end() if blank else at

    def _expect(self, sign: str, at: int) -> int:
        if self.text[at] != sign:
            raise json.JSONDecodeError(f"{sign} is missing", self.text, at)
        return self._skip(at + 1)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found[_TWICE] = next(name for name in names if names.count(name) > 1)
    return found


def _count_features(members: list[_Member] | None, path: Path) -> Declared:
    if members is None:
        raise UnreadableFile(
            msg("{name} 的 features 不是列表，里面没有要素可读；请重新导出为 GeoJSON 后提交", name=path.name)
        )
    return Declared(
        len(members),
        absent={number: member.absent for number, member in enumerate(members) if member.absent},
        broken={number: member.broken for number, member in enumerate(members) if member.broken},
        vertices=[member.vertices for member in members if not member.absent],
        values=table_of_values([member.values for member in members if not member.absent]),
    )


def _judge(value: Any) -> _Member:
    if not isinstance(value, dict):
        return _Member(msg("features 里的这一项是 {kind}，不是要素", kind=_kind_of(value)))
    if value.get("type") != "Feature":
        return _Member(msg("features 里的这一项的 type 是 {kind}，不是 Feature", kind=_told(value.get("type"))))
    geometry = value.get("geometry")
    vertices = _UNCOUNTED if geometry is None else _vertices(geometry)
    counted = _UNCOUNTED if vertices is None else vertices
    return _Member(broken=_trouble_with(value, vertices), vertices=counted, values=values_of(value))


def _trouble_with(feature: Mapping[str, Any], vertices: int | None) -> Message | None:
    """Reason that a feature is not what a reader makes of it; ``vertices`` is None where they cannot be counted."""
    geometry, properties = feature.get("geometry"), feature.get("properties")
    twice = [part[_TWICE] for part in (feature, properties, geometry) if isinstance(part, dict) and _TWICE in part]
    if twice:
        return msg("成员「{key}」写了不止一次，无法判断用哪一个", key=twice[0])
    if properties is not None and not isinstance(properties, dict):
        return msg("properties 是 {kind}，不是对象，属性读不到", kind=_kind_of(properties))
    if vertices is not None:
        return None
    if not isinstance(geometry, dict):
        return msg("geometry 是 {kind}，不是几何对象", kind=_kind_of(geometry))
    if geometry.get("type") not in {*_DEPTH, "GeometryCollection"}:
        return msg("几何的 type 是 {kind}，GeoJSON 没有这种几何", kind=_told(geometry.get("type")))
    return msg("几何的坐标里有空缺，或有不是数字的值")


def _vertices(geometry: Any) -> int | None:
    """Number of positions a geometry writes down; None where something in it is none."""
    if not isinstance(geometry, dict):
        return None
    if geometry.get("type") == "GeometryCollection":
        parts = geometry.get("geometries")
        counts = [_vertices(part) for part in parts] if isinstance(parts, list) else [None]
        return None if None in counts else sum(count or 0 for count in counts)
    depth = _DEPTH.get(str(geometry.get("type")))
    return None if depth is None else _positions(geometry.get("coordinates"), depth)


def _positions(value: Any, depth: int) -> int | None:
    if not isinstance(value, list):
        return None
    if depth == 0:
        return 0 if not value else 1 if _are_positions([value]) else None
    if depth == 1:
        return len(value) if _are_positions(value) else None
    counts = [_positions(part, depth - 1) for part in value]
    return None if None in counts else sum(count or 0 for count in counts)


def _are_positions(values: list[Any]) -> bool:
    """Whether all are lists of two numbers or more; there may be millions, so no step of Python is taken for each."""
    if not values:
        return True
    alike = set(map(type, values)) == {list} and min(map(len, values)) > 1
    return alike and set(map(type, chain.from_iterable(values))) <= _NUMBERS


_NUMBERS: Final = {int, float}


def count_topology(members: Mapping[str, Any], path: Path, layer: str) -> Declared:
    """Count the geometries of one object of a topology. Raises UnreadableFile where there are none to count."""
    objects, arcs = members.get("objects"), members.get("arcs")
    parts = _parts_of(objects, layer) if isinstance(objects, dict) else None
    if not isinstance(parts, list) or not isinstance(arcs, list):
        raise UnreadableFile(msg("{name} 不是完整的 TopoJSON；请重新导出后提交", name=path.name))
    whole = {number for number, arc in enumerate(arcs) if _positions(arc, 1)}
    absent, broken = dict[int, str](), dict[int, str]()
    for number, part in enumerate(parts):
        if not isinstance(part, dict) or not isinstance(part.get("type"), str):
            kind = _told(part.get("type")) if isinstance(part, dict) else _kind_of(part)
            absent[number] = msg("这一项的 type 是 {kind}，不是几何对象", kind=kind)
        elif not any(isinstance(part.get(one), list) for one in ("arcs", "coordinates", "geometries")):
            absent[number] = msg("所引用的弧段不存在或不完整")
        elif not all(arc in whole for arc in _arcs_of(part)):
            broken[number] = msg("所引用的弧段不存在或不完整")
    told = [values_of(part) for number, part in enumerate(parts) if number not in absent]
    return Declared(len(parts), absent, broken, values=table_of_values(told))


def _parts_of(objects: Mapping[str, Any], layer: str) -> Any:
    """The geometries of a layer: those of a collection, or all objects that are none, by their names: GDAL takes them for one layer."""
    one = objects.get(layer)
    if isinstance(one, dict) and one.get("type") == "GeometryCollection":
        return one.get("geometries")
    return [
        {"id": name, **other} if isinstance(other, dict) else other
        for name, other in objects.items()
        if not isinstance(other, dict) or other.get("type") != "GeometryCollection"
    ]


def _arcs_of(part: Mapping[str, Any]) -> Iterator[int]:
    """The numbers of the arcs a geometry is made of; -1 for anything else that stands there."""
    pending = [part.get("arcs", []), *(part.get("geometries") or [])]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending += [one.get("arcs", []), *(one.get("geometries") or [])]
        elif isinstance(one, list):
            pending += one
        else:
            yield (one if one >= 0 else ~one) if type(one) is int else -1


def _kind_of(value: Any) -> str:
    return {type(None): "null", str: "string", list: "array", bool: "boolean", dict: "object"}.get(
        type(value), "number"
    )


def _told(value: Any) -> str:
    return repr(value)[:40] if isinstance(value, str) else _kind_of(value)
