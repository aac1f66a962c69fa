"""The ground of a map picture: what an opinion met, what nobody surveyed and the lines under both, read and dressed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.http.figures import area_words, length_words
from app.platform.work import Work
from app.reports.finding_maps import SHARED, MappedGround, MetMark, finding_maps, met_mark
from app.reports.findings import Told, product_said, theme_name
from app.reports.map_gaps import unsurveyed_layers
from app.reports.map_objects import Objects, object_distances, object_layers, read_objects
from app.reports.map_parts import GroundOf, ground_of, part_labels, part_layer
from app.reports.opinion import decisive_findings
from app.reports.part_words import is_unknown
from app.reports.picture import Detail, Distance, Look, MapLayer, Picture, frame_around
from app.reports.told import Say
from gis_layers.crs import Bounds, crs_name, to_metric, to_storage
from gis_layers.stores.met_objects import Mark
from gis_layers.stores.met_zones import ZoneShape, read_zone_shapes
from gis_layers.stores.places import find_boundary, read_places
from risk_model.codes import code_name
from risk_model.message import Message, bilingual, msg
from risk_model.rulebook import RuleBook
from risk_model.rulebook.grades import GradeLook
from risk_model.shapes import as_array

HATCHES: Final = {"cross-hatch": "xxx", "diagonal": "///", "dots": "...", "light-lines": "---", "plain": ""}
"""Hatches of paper for the patterns of ``rules/grades.toml``."""
SIGNS: Final = {
    "slope-ticks": "\\\\\\", "dense-cross": "xxxx", "waves": "--", "waves-dense": "----", "waves-broken": "-",
    "bank-lines": "-|", "rings": "oo", "flames": "**", "gusts": "-", "warning-stripes": "//", "parallel-lines": "||",
    "weave": "+", "fault-teeth": "",
}  # fmt: skip
"""Hatches of paper for the patterns of hazards."""
SITE: Final = Look(None, edge="#111111", width=2.0, dashed=True)
ROADS: Final = Look(None, edge="#a3936b", width=1.4)
WATER: Final = Look("#a9cfe3", edge="#5d9dc0", width=0.9)
BORDER: Final = Look(None, edge="#8b8577", width=1.0, dashed=True)
COARSE_M: Final = 50.0
"""Public maps are no finer than this."""


@dataclass(frozen=True, slots=True)
class MapOrder:
    """Order of a picture: ``coarse`` for the public; ``say`` says words in the reader's language."""

    rulebook: RuleBook
    coarse: bool
    say: Say


def picture_of(work: Work, answer: Told, order: MapOrder) -> Picture:
    """The map of an opinion: its zones as they were when it was given."""
    metric_crs = work.settings.metric_crs
    site = to_metric(as_array([shape(answer["site"]["geometry"])]), metric_crs)[0]
    marks = sorted({(str(one["zone"]), one["zone_version"]) for one, _ in _met(answer)})
    shapes = read_zone_shapes(work.session, marks)
    metric = to_metric(as_array([one.geometry for one in shapes]), metric_crs)
    zones = {(one.zone, one.version): (one, geometry) for one, geometry in zip(shapes, metric, strict=True)}
    objects = read_objects(work, answer)
    ground_under = ground_of(answer, site, metric_crs)
    distances = [*_distances(answer, ground_under, zones), *object_distances(answer, ground_under, objects)]
    frame = frame_around(site, [one.line for one in distances])
    below = tuple(_basemap(work, frame, order))
    site_layer = MapLayer(order.say(msg("拟选址范围")), site, SITE)
    layers = [
        *unsurveyed_layers(work, answer, frame=frame, met=objects, rulebook=order.rulebook, say=order.say),
        *below,
        *_zones(answer, zones, order),
        *object_layers(objects, order.rulebook, order.say),
        *_decisive(
            answer, ground_under, {mark: geometry for mark, (_, geometry) in zones.items()} | {**objects}, order
        ),
        *part_layer(answer, ground_under, order.say),
        site_layer,
    ]
    if order.coarse:
        layers = [MapLayer(one.name, shapely.set_precision(one.geometry, COARSE_M), one.look) for one in layers]
    north = order.say(msg("北"))
    details: tuple[Detail, ...] = ()
    if not order.coarse:
        met = dict(_met_layers(answer, zones, objects, order))
        ground = MappedGround(site_layer, met, below, north, ground_under, is_line=bool(answer["site"].get("line_m")))
        details = finding_maps(answer, ground, order.rulebook, order.say)
    edition = answer["edition"]
    told = msg("第 {n} 版区划", n=edition["number"]) if edition else msg("尚未启用区划")
    return Picture(
        frame=frame,
        layers=tuple(layers),
        distances=() if order.coarse else tuple(distances),
        north=north,
        notes=(crs_name(metric_crs), order.say(told), *_approval(work, order)),
        corners=_corners(frame, metric_crs, coarse=order.coarse),
        details=details,
        labels=() if order.coarse else tuple(part_labels(answer, ground_under, order.say)),
    )


def _met_layers(answer: Told, zones: Zones, objects: Objects, order: MapOrder) -> Iterator[tuple[MetMark, MapLayer]]:
    """The layer of each zone and object by its mark, as the whole map draws it."""
    for finding, theme in _met(answer):
        if _mark(finding) in zones:
            yield _mark(finding), _zone_layer(finding, theme, zones, order)
    for mark, geometry in objects.items():
        (layer,) = object_layers({mark: geometry}, order.rulebook, order.say)
        yield mark, layer


def _approval(work: Work, order: MapOrder) -> Iterator[str]:
    if work.settings.map_approval_number:
        yield order.say(msg("审图号 {number}", number=work.settings.map_approval_number))


def _met(answer: Told) -> Iterator[tuple[Told, Told]]:
    """Findings on zones that tell something, each with its theme."""
    for theme in answer["themes"]:
        for finding in theme["findings"]:
            if finding["zone"] and not is_unknown(finding, theme):
                yield finding, theme


Zones = Mapping[tuple[str, int], tuple[ZoneShape, BaseGeometry]]


def _zones(answer: Told, zones: Zones, order: MapOrder) -> Iterator[MapLayer]:
    """Zones by theme and grade: the composed theme below, then the mild under the weighty; each once, whatever parts it meets."""
    met = [(finding, theme) for finding, theme in _met(answer) if _mark(finding) in zones]
    met.sort(key=lambda pair: (pair[1]["theme"] != "composite", -(pair[0]["grade_rank"] or 0)))
    drawn: set[tuple[str, int, str, str]] = set()
    for finding, theme in met:
        of = (*_mark(finding), theme["theme"], finding["product"])
        if of not in drawn:
            drawn.add(of)
            yield _zone_layer(finding, theme, zones, order)


def _zone_layer(finding: Told, theme: Told, zones: Zones, order: MapOrder) -> MapLayer:
    zone, geometry = zones[_mark(finding)]
    words = order.say(_zone_words(finding, theme, order.rulebook))
    return MapLayer(words, geometry, _zone_look(zone, order.rulebook))


def _mark(finding: Told) -> tuple[str, int]:
    return str(finding["zone"]), finding["zone_version"]


def _zone_words(finding: Told, theme: Told, rulebook: RuleBook) -> Message:
    name, grade = theme_name(theme, rulebook), _grade_look(finding["grade_scheme"], finding["grade_rank"], rulebook)
    if product := product_said(finding, theme["findings"]):
        name = msg("{name} · {product}", name=name, product=product)
    if grade is None:
        return name
    words = bilingual(grade.name, grade.name_en)
    return msg("{numeral} {theme} {grade}", numeral=grade.numeral, theme=name, grade=words)


def _grade_look(scheme: str | None, rank: int | None, rulebook: RuleBook) -> GradeLook | None:
    if scheme is None or scheme not in rulebook.schemes:
        return None
    return next((one for one in rulebook.schemes[scheme].grades if one.rank == rank), None)


def _zone_look(zone: ZoneShape, rulebook: RuleBook) -> Look:
    hazard, grade = rulebook.hazards.get(zone.hazard), _grade_look(zone.grade_scheme, zone.grade_rank, rulebook)
    colour = hazard.colour if hazard else "#5b5f66"
    if grade is None:
        pattern = SIGNS.get(hazard.pattern, "+") if hazard else "+"
        return Look(colour, 0.14, pattern, colour, colour, 1.6 if pattern == "" else 0.9)
    return Look(grade.colour, grade.fill_opacity, HATCHES[grade.pattern], colour, colour, 0.9)


def _decisive(
    answer: Told, ground_under: GroundOf, shapes: Mapping[Mark, BaseGeometry], order: MapOrder
) -> Iterator[MapLayer]:
    found = [(ground_under(one), met_mark(one)) for one, _ in decisive_findings(answer)]
    met: dict[BaseGeometry, list[BaseGeometry]] = {}
    for ground, mark in found:
        if mark in shapes:
            met.setdefault(ground, []).append(shapes[mark])
    if met:
        first, *others = [shapely.intersection(one, shapely.union_all(of)) for one, of in met.items()]
        shared = shapely.union_all([first, *others]) if others else first
        words = msg("重叠部分 {area}", area=area_words(float(shapely.area(shared))))
        yield MapLayer(order.say(words), shared, SHARED)


def _distances(answer: Told, ground_under: GroundOf, zones: Zones) -> Iterator[Distance]:
    for finding, _ in _met(answer):
        if finding["overlap_m2"] == 0 and _mark(finding) in zones:
            line = shapely.shortest_line(ground_under(finding), zones[_mark(finding)][1])
            yield Distance(line, length_words(finding["distance_m"]))


def _basemap(work: Work, frame: Bounds, order: MapOrder) -> Iterator[MapLayer]:
    metric_crs = work.settings.metric_crs
    for kind, look in (("water", WATER), ("roads", ROADS)):
        frame_of_kind = read_places(work.session, kind)
        if len(frame_of_kind):
            near = to_metric(frame_of_kind.geometry.to_numpy(), metric_crs)
            met = near[shapely.intersects(near, shapely.box(*frame))]
            if len(met):
                yield MapLayer(order.say(code_name("map_symbol", kind)), shapely.GeometryCollection(list(met)), look)
    boundary = find_boundary(work.session)
    if boundary is not None:
        yield MapLayer(
            order.say(code_name("map_symbol", "boundary")),
            shapely.boundary(to_metric(as_array([boundary]), metric_crs)[0]),
            BORDER,
        )


def _corners(frame: Bounds, metric_crs: str, *, coarse: bool) -> tuple[str, str]:
    west, south, east, north = frame
    points = to_storage(shapely.points([(west, south), (east, north)]), metric_crs)
    places = 2 if coarse else 5
    first, second = (f"{shapely.get_x(one):.{places}f}°E {shapely.get_y(one):.{places}f}°N" for one in points)
    return first, second
