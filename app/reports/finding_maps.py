"""Small maps of an opinion: one for each finding a rule rests on, at the scale that fits it, in the looks of the whole map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import shapely
from shapely.geometry.base import BaseGeometry

from app.http.figures import area_words, length_words
from app.reports.findings import Told, met_name, severity, theme_name
from app.reports.map_objects import mark_of
from app.reports.part_words import ground_words
from app.reports.picture import Detail, Distance, Look, MapLayer, Picture, frame_around
from app.reports.told import Say
from gis_layers.stores.met_objects import Mark
from risk_model.codes import code_name
from risk_model.message import Message, msg
from risk_model.rulebook import RuleBook

MOST_MAPS: Final = 6
"""As many as stand on one sheet; the whole map shows what else was met."""
SHARED: Final = Look("#c8372d", 0.6, edge="#9d211a", width=0.6)

MetMark: TypeAlias = Mark | tuple[str, int]
"""Kind and number of an object, or id and version of a zone."""


@dataclass(frozen=True, slots=True)
class MappedGround:
    """The ground of an opinion in the metric CRS: the site, all that was met by its mark, and what lies below both."""

    site: MapLayer
    met: Mapping[MetMark, MapLayer]
    below: tuple[MapLayer, ...]
    north: str
    under: Callable[[Told], BaseGeometry]
    """The ground a finding was measured from: the site, or the part it speaks of."""
    is_line: bool = False


def finding_maps(answer: Told, ground: MappedGround, rulebook: RuleBook, say: Say) -> tuple[Detail, ...]:
    """A small map for each thing a rule found, the gravest first, at most ``MOST_MAPS``."""
    ruled = [(one, theme) for theme in answer["themes"] for one in theme["findings"] if one["rule"]]
    ruled.sort(key=lambda pair: (-severity(pair[0]["verdict"]), -pair[0]["overlap_share"], pair[0]["distance_m"]))
    gravest: dict[MetMark, tuple[Told, Told]] = {}
    for one, theme in ruled:
        gravest.setdefault(met_mark(one), (one, theme))
    shown = [(mark, *told) for mark, told in gravest.items() if mark in ground.met][:MOST_MAPS]
    return tuple(
        Detail(say(_words(one, theme, rulebook)), _picture(one, ground.met[mark], ground, say))
        for mark, one, theme in shown
    )


def met_mark(finding: Told) -> MetMark:
    """The mark of the object or the zone a finding speaks of."""
    return mark_of(finding) or (str(finding["zone"]), finding["zone_version"])


def _words(one: Told, theme: Told, rulebook: RuleBook) -> Message:
    met = one["overlap_m2"] > 0
    how = (
        msg("重叠 {area}", area=area_words(one["overlap_m2"]))
        if met
        else msg("距离 {d}", d=length_words(one["distance_m"]))
    )
    part = ground_words(one)
    if part is not None:
        how = msg("{part}：{how}", part=part, how=how)
    return msg(
        "{theme}“{zone}”：{verdict}；{how}；规则 {rule}",
        theme=theme_name(theme, rulebook),
        zone=met_name(one, rulebook),
        verdict=code_name("verdict", one["verdict"]),
        how=how,
        rule=one["rule"],
    )


def _picture(one: Told, met: MapLayer, ground: MappedGround, say: Say) -> Picture:
    site, measured = ground.site.geometry, ground.under(one)
    distances: tuple[Distance, ...] = ()
    shared: list[MapLayer] = []
    if one["overlap_m2"] > 0:
        words = say(msg("重叠部分 {area}", area=area_words(one["overlap_m2"])))
        shared = [MapLayer(words, shapely.intersection(measured, met.geometry), SHARED)]
    elif one["distance_m"] > 0:
        distances = (Distance(shapely.shortest_line(measured, met.geometry), length_words(one["distance_m"])),)
    # What is met may be a hundredth of a line: it is shown where it is met.
    where = [*(one.geometry for one in shared), *(each.line for each in distances)] if ground.is_line else []
    middle = next((one for one in where if not shapely.is_empty(one)), site)
    return Picture(
        frame=frame_around(middle, [each.line for each in distances]),
        layers=(*ground.below, met, *shared, ground.site),
        distances=distances,
        north=ground.north,
        notes=(),
        corners=("", ""),
    )
