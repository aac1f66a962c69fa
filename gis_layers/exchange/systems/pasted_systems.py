"""Coordinate system stated by a pasted text: a member, an SRID, a setting or a heading; heeded or told, never passed over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from gis_layers.crs import STORAGE_CRS, crs_name, describe, parse_crs, refuse_unsafe, same_place
from gis_layers.errors import UnknownCrs, UnsafeDatum
from gis_layers.exchange.systems.geojson_crs import DeclaredCrs
from gis_layers.exchange.systems.stated_systems import Kind, StatedSystem, read_system, stated_meridian
from gis_layers.exchange.text.coordinate_text import LineProblem, normalise
from risk_model.message import msg

_SETTING = re.compile(r"坐标系[^=:]*[=:]\s*(?P<words>.*\S)")
_TELLS = re.compile(r"坐标|基准|带|中央|cgcs|wgs|gcj|bd-?09|xian|beijing|西安80|北京54|1980|1954", re.IGNORECASE)
_TELLS_OF_ZONES = re.compile(r"坐标|投影|带号|分带|度带|中央|高斯|2000|cgcs|wgs|第\d{2}带", re.IGNORECASE)
"""Not every 30号带状绿地 is a zone."""
_MOVED = re.compile(r"gcj[-_ ]?0?2|bd[-_ ]?0?9|(?:火星|百度|高德)坐标", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatedCRS:
    """The system a text states, as a code or WKT, or only its central meridian; or why it cannot be read so."""

    crs: str | None = None
    meridian: int | None = None
    problem: LineProblem | None = None


def heed_declared(declared: DeclaredCrs, asked: str | None) -> StatedCRS:
    """Outcome of the CRS an object or an SRID declares, beside the one the person chose."""
    if declared.implied and not declared.stated:
        return StatedCRS(asked)
    systems = [read_system(words) for words in declared.stated]
    if declared.crs is not None:
        systems.insert(0, StatedSystem(describe(declared.crs), _kind_of(declared), declared.crs))
    return _settled([(None, system) for system in systems], asked)


def heed_headings(text: str, rows: Collection[int], asked: str | None) -> StatedCRS:
    """Outcome of the lines of a list that hold no point (``rows`` do), beside the system the person chose."""
    stated, meridians = list[tuple[int, StatedSystem]](), dict[int, int]()
    for number, line in enumerate(normalise(text).splitlines(), start=1):
        if number in rows and not _MOVED.search(line):
            continue
        stated.extend((number, system) for system in _systems_in(line))
        if _TELLS_OF_ZONES.search(line) and (meridian := stated_meridian(line)):
            meridians[meridian] = number
    told = _settled(stated, asked)
    if told.problem or not meridians:
        return told
    if len(meridians) > 1:
        several = msg(
            "文字里写着几条中央经线：{meridians}；请只保留一条。", meridians=[f"{each}°" for each in meridians]
        )
        return StatedCRS(problem=LineProblem(max(meridians.values()), several))
    return StatedCRS(told.crs, next(iter(meridians)))


def _systems_in(line: str) -> Iterator[StatedSystem]:
    setting = _SETTING.search(line)
    if setting:
        yield read_system(setting["words"])
    elif _TELLS.search(line):
        system = read_system(line)
        if system.kind in (Kind.SHIFTED, Kind.OLD):
            yield system


def _kind_of(declared: DeclaredCrs) -> Kind:
    assert declared.crs is not None
    try:
        refuse_unsafe(declared.crs)
    except UnsafeDatum:
        return Kind.OLD
    except UnknownCrs:
        return Kind.UNKNOWN
    return Kind.SYSTEM


def _settled(stated: list[tuple[int, StatedSystem]] | list[tuple[None, StatedSystem]], asked: str | None) -> StatedCRS:
    crs = asked
    for line, system in stated:
        if system.kind in (Kind.SHIFTED, Kind.OLD) or (asked is None and system.kind is Kind.UNKNOWN):
            trouble = system.trouble_with(parse_crs(STORAGE_CRS))
            assert trouble is not None
            return StatedCRS(problem=LineProblem(line, trouble))
        if system.kind is not Kind.SYSTEM or system.crs is None:
            continue
        if crs is not None and not same_place(crs, system.crs):
            other = msg("文字写明的坐标系 {stated} 与 {asked} 不是同一个；请核实。", stated=system.words, asked=crs)
            return StatedCRS(problem=LineProblem(line, other))
        code = crs_name(system.crs)
        crs = crs or (code if ":" in code else system.crs.to_wkt())
    return StatedCRS(crs)
