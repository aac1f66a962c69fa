"""Zones cut and joined in the metric CRS, and noded with their neighbours; stored vertices stay what they are, bit for bit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from app.http.request_geometry import read_sound_shape
from app.platform.errors import BadGeometry
from app.zones.draft_schemas import CUTTING_SHAPES, MergeEdit, SplitEdit
from app.zones.gestures import Desk, Gesture, changed, removed, together
from app.zones.themes import by_theme, windows_around
from app.zones.zone_attributes import settle_attributes
from gis_layers.crs import to_storage
from gis_layers.geometry import promote_to_multi
from gis_layers.metric_copies import MetricCopy
from gis_layers.stores import draft_zones, staged_zones
from gis_layers.stores.draft_zones import CREATE, DELETE, SeenZone, ZonesAsked
from risk_model.editing.merging import merge_zones
from risk_model.editing.noding import node_coverage
from risk_model.editing.splitting import split_zones
from risk_model.errors import RiskModelError, ZoneNotCut, ZonesApart, ZonesUnsound
from risk_model.message import msg
from risk_model.shapes import AREAL, as_array

AROUND_DEGREES = 1e-6
"""How far beside a zone its neighbours are looked for: a decimetre."""
BESIDE_M = 0.01
"""Distance of zones between which no vertex is shared."""


def split(desk: Desk, body: SplitEdit) -> Gesture:
    """Zones cut along a line: each cut one goes and its pieces come, with its attributes and its layer."""
    parents = _areas_of_one_theme(desk)
    settings = desk.work.settings
    line = read_sound_shape(body.line, CUTTING_SHAPES, crs=None, metric_crs=settings.metric_crs)
    copy = MetricCopy({one.zone: one.geometry for one in parents}, settings.metric_crs)
    try:
        pieces = split_zones(copy.zones, copy.metric(line))
    except (ZoneNotCut, ZonesUnsound) as trouble:
        raise placed(trouble, settings.metric_crs) from trouble
    numbers = iter(staged_zones.new_zone_ids(desk.work.session, sum(map(len, pieces.values()))))
    after: dict[int, SeenZone | None] = {}
    lineage = []
    for parent in (one for one in parents if one.zone in pieces):
        attributes = _attributes(desk, parent, body)
        after[parent.zone] = removed(parent)
        for piece in pieces[parent.zone]:
            child = next(numbers)
            shape = as_multi(copy.stored(piece, of=parent.zone))
            after[child] = SeenZone(child, None, CREATE, parent.layer, attributes, shape)
            lineage.append((parent.zone, child))
    return Gesture(after, tuple(lineage))


def merge(desk: Desk, body: MergeEdit) -> Gesture:
    """Zones joined into a new one, with the attributes of the one ``zone`` names, else of the largest."""
    parents = _areas_of_one_theme(desk)
    if len(parents) < 2:
        raise together(msg("合并至少需要两个区划；请在 zones 中写明"))
    copy = MetricCopy({one.zone: one.geometry for one in parents}, desk.work.settings.metric_crs)
    try:
        whole = merge_zones(list(copy.zones.values()), multipart=body.multipart)
    except (ZonesApart, ZonesUnsound) as trouble:
        raise placed(trouble, desk.work.settings.metric_crs) from trouble
    named = {one.zone: one for one in parents}
    largest = max(copy.zones, key=lambda zone: (float(copy.zones[zone].area), -zone))
    like = named[body.zone if body.zone in named else largest]
    (child,) = staged_zones.new_zone_ids(desk.work.session, 1)
    joined = SeenZone(child, None, CREATE, like.layer, _attributes(desk, like, body), as_multi(copy.stored(whole)))
    after = {one.zone: removed(one) for one in parents}
    return Gesture({**after, child: joined}, tuple((one.zone, child) for one in parents))


def with_nodes(desk: Desk, gesture: Gesture) -> Gesture:
    """The gesture with every vertex that its zones and their neighbours need of one another; a neighbour that gets one is in it."""
    drawn = {
        zone: one for zone, one in gesture.after.items() if one is not None and one.change != DELETE and _is_area(one)
    }
    after, beside = dict(gesture.after), dict[int, SeenZone]()
    for ones in by_theme(drawn).values():
        neighbours = _beside(desk, ones.values(), set(after))
        after |= _noded(desk, ones, neighbours)
        beside |= neighbours
    return replace(gesture, after=after, beside=beside)


def _noded(desk: Desk, drawn: Mapping[int, SeenZone], neighbours: Mapping[int, SeenZone]) -> dict[int, SeenZone]:
    every = {**drawn, **neighbours}
    copy = MetricCopy({zone: one.geometry for zone, one in every.items()}, desk.work.settings.metric_crs)
    meeting = _meeting(copy.zones, drawn)
    noded = node_coverage({zone: copy.zones[zone] for zone in meeting})
    shapes = {zone: as_multi(copy.stored(shape, of=zone)) for zone, shape in noded.items()}
    return {
        zone: replace(drawn[zone], geometry=shape) if zone in drawn else changed(neighbours[zone], geometry=shape)
        for zone, shape in shapes.items()
    }


def _beside(desk: Desk, drawn: Iterable[SeenZone], touched: set[int]) -> dict[int, SeenZone]:
    """Zones of the theme around the drawn ones that the gesture does not name."""
    drawn = list(drawn)
    asked = ZonesAsked(None, *drawn[0].theme, near=windows_around(drawn, AROUND_DEGREES))
    found = draft_zones.read_draft_zones(desk.work.session, desk.draft.id, asked)
    return {zone: one for zone, one in found.items() if zone not in touched and _is_area(one)}


def _meeting(metric: Mapping[int, BaseGeometry], drawn: Iterable[int]) -> list[int]:
    """The drawn zones and those that meet one of them."""
    zones, shapes = list(metric), as_array(list(metric.values()))
    tree = shapely.STRtree(shapes)
    places = {zone: place for place, zone in enumerate(zones)}
    near = tree.query(shapes[[places[zone] for zone in drawn]], predicate="dwithin", distance=BESIDE_M)[1]
    return [zones[place] for place in sorted({*near.tolist(), *(places[zone] for zone in drawn)})]


def _areas_of_one_theme(desk: Desk) -> list[SeenZone]:
    parents = [desk.require(zone) for zone in dict.fromkeys(desk.named)]
    if not parents or len({one.theme for one in parents}) > 1:
        raise together(msg("请在 zone 或 zones 中写明同一灾种、同一成果的区划"))
    if not all(_is_area(one) for one in parents):
        raise BadGeometry(msg("只有面状区划可以分割或合并"))
    return parents


def _attributes(desk: Desk, like: SeenZone, body: SplitEdit | MergeEdit) -> Mapping[str, Any]:
    given = {} if body.attributes is None else body.attributes.values()
    return settle_attributes(desk.work.rulebook, like.attributes, given) if given else like.attributes


def _is_area(one: SeenZone) -> bool:
    return bool(shapely.get_dimensions(one.geometry) == AREAL)


def as_multi(shape: BaseGeometry) -> BaseGeometry:
    """The shape as zones are stored: of many parts, were it of one."""
    found: BaseGeometry = promote_to_multi(as_array([shape]))[0]
    return found


def placed(trouble: RiskModelError, metric_crs: str) -> BadGeometry:
    """The trouble with its place in degrees."""
    place = getattr(trouble, "place", None)
    if place is None:
        return BadGeometry(str(trouble))
    degrees = shapely.get_coordinates(to_storage(as_array([place]), metric_crs))[0].tolist()
    return BadGeometry(trouble.args[0], location=degrees)
