"""A file of zones held against the draft it left from: what it creates, changes and takes away, and what stands against it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from pydantic import ValidationError
from shapely.geometry.base import BaseGeometry

from app.platform.errors import BadParameter
from app.platform.work import Work
from app.zones.draft_schemas import GivenAttributes
from app.zones.returned_schemas import ReturnedProblem, Unreturned
from app.zones.zone_attributes import settle_attributes
from gis_layers.crs import STORAGE_CRS, same_place
from gis_layers.errors import UnknownCrs
from gis_layers.exchange import Delivery
from gis_layers.metric_copies import MetricCopy
from gis_layers.stores import draft_zones
from gis_layers.stores.draft_zones import SeenZone, ZonesAsked
from gis_layers.stores.editions import Draft
from risk_model.editing.renewal import put_on, same_outline
from risk_model.message import msg
from risk_model.shapes import AREAL, as_array

ON_A_GRID = frozenset({"file_geodatabase"})
"""Formats that put every vertex on a grid of their own."""
AS_WRITTEN = 1e-9
"""Share of a number by which it may differ that was written in decimal and read again."""


@dataclass(frozen=True, slots=True)
class NewZone:
    """A feature that is no zone of the draft yet; ``parent`` is the zone whose number it shares with others."""

    feature: int
    parent: SeenZone | None
    attributes: Mapping[str, Any]
    geometry: BaseGeometry


@dataclass(slots=True)
class Returned:
    """What a file does to a draft: ``updated`` holds each zone as the draft has it and as the file has it, by feature."""

    created: list[NewZone] = field(default_factory=list)
    updated: dict[int, tuple[int, SeenZone, SeenZone]] = field(default_factory=dict)
    deleted: dict[int, SeenZone] = field(default_factory=dict)
    unchanged: int = 0
    problems: list[ReturnedProblem] = field(default_factory=list)

    @property
    def zones(self) -> list[int]:
        """The zones of the draft it touches."""
        return sorted({*self.updated, *self.deleted})


@dataclass(frozen=True, slots=True)
class ReturnedFeature:
    """A feature of the file: its number, the zone it names, its cells by attribute, its shape in the storage CRS."""

    number: int
    zone: int | None
    given: Mapping[str, Any]
    shape: BaseGeometry


def held_against(work: Work, draft: Draft, delivery: Delivery, unreturned: Unreturned) -> Returned:
    """The file beside the zones of every theme it names something of; zones of these that are not in it are deleted, or kept."""
    features = _features(delivery)
    asked = ZonesAsked(zones=sorted({one.zone for one in features if one.zone is not None}))
    named = draft_zones.read_draft_zones(work.session, draft.id, asked)
    found = Returned(problems=_refused(delivery))
    themes = {one.theme for one in named.values()}
    view: dict[int, SeenZone] = {}
    for theme in sorted(themes):
        view |= draft_zones.read_draft_zones(work.session, draft.id, ZonesAsked(None, *theme))
    if not _is_exact(delivery):
        features = _on_stored_vertices(features, view, work.settings.metric_crs, found)
    _sort(work, features, view, found)
    if unreturned == "delete" and not found.problems:
        returned = {one.zone for one in features}
        found.deleted |= {zone: one for zone, one in view.items() if zone not in returned}
    return found


def _features(delivery: Delivery) -> list[ReturnedFeature]:
    frame = delivery.frame
    rows = zip(frame["feature"], frame["zone"], frame["given"], frame.geometry, strict=True)
    return [ReturnedFeature(int(feature), zone, given, shape) for feature, zone, given, shape in rows]


def _refused(delivery: Delivery) -> list[ReturnedProblem]:
    """What the gate refused: nothing of a file is taken back of which a part cannot be read."""
    report = delivery.report
    if not report.features_refused and report.trusted:
        return []
    loaded = set(delivery.frame["feature"])
    return [
        {"feature": one.feature, "zone": None, "problem": one.problem}
        for one in report.problems
        if one.feature is None or one.feature not in loaded
    ]


def _is_exact(delivery: Delivery) -> bool:
    """Whether the file holds the stored degrees as they are: neither another projection nor a grid."""
    report = delivery.report
    if report.crs is None or report.format in ON_A_GRID:
        return False
    try:
        return same_place(report.crs, STORAGE_CRS)
    except UnknownCrs:  # a name nobody has a number for
        return False


def _on_stored_vertices(
    features: list[ReturnedFeature], view: Mapping[int, SeenZone], metric_crs: str, found: Returned
) -> list[ReturnedFeature]:
    """The features with each vertex that is a stored one, but for the grid or the projection, as it is stored."""
    copy = MetricCopy({zone: one.geometry for zone, one in view.items()}, metric_crs)
    metric = as_array([copy.metric(one.shape) for one in features])
    placed = put_on(metric, as_array(list(copy.zones.values())))
    told = []
    for one, shape in zip(features, placed, strict=True):
        stored = copy.stored(shape, of=one.zone)
        if shapely.is_valid(stored):
            told.append(replace(one, shape=stored))
        else:
            found.problems.append(
                {
                    "feature": one.number,
                    "zone": None if one.zone is None else str(one.zone),
                    "problem": msg("有顶点彼此相距不到 1 毫米，合到一起后边界自相交；请在源软件中改正"),
                }
            )
    return told


def _sort(work: Work, features: Sequence[ReturnedFeature], view: Mapping[int, SeenZone], found: Returned) -> None:
    times: Counter[int | None] = Counter(one.zone for one in features)
    for one in features:
        try:
            _sort_one(work, one, view, times, found)
        except BadParameter as trouble:
            zone = None if one.zone is None else str(one.zone)
            found.problems.append({"feature": one.number, "zone": zone, "problem": trouble.args[0]})


def _sort_one(
    work: Work, one: ReturnedFeature, view: Mapping[int, SeenZone], times: Mapping[int | None, int], found: Returned
) -> None:
    if one.zone is None:
        found.created.append(NewZone(one.number, None, _attributes(work, {}, one), one.shape))
        return
    seen = view.get(one.zone)
    if seen is None:
        trouble = msg("草稿里没有编号为 {zone} 的区划；新画的请把编号留空", zone=one.zone)
        raise BadParameter(trouble, code="no-such-thing")
    attributes = _attributes(work, seen.attributes, one)
    if times[one.zone] > 1:
        found.deleted[one.zone] = seen
        found.created.append(NewZone(one.number, seen, attributes, one.shape))
        return
    shape = seen.geometry if same_outline(seen.geometry, one.shape) else one.shape
    if shape is seen.geometry and attributes == seen.attributes:
        found.unchanged += 1
    else:
        found.updated[one.zone] = (one.number, seen, replace(seen, attributes=attributes, geometry=shape))


def _attributes(work: Work, present: Mapping[str, Any], one: ReturnedFeature) -> Mapping[str, Any]:
    """The attributes after the cells that say something else than the draft. Raises BadParameter."""
    differing = {name: value for name, value in one.given.items() if not _alike(present.get(name), value)}
    if present and not differing:
        return present
    _require_kind(one, str(present.get("hazard") or differing.get("hazard")))
    try:
        given = GivenAttributes.model_validate(differing)
    except ValidationError as error:
        first = error.errors()[0]
        trouble = msg("「{field}」的值不能用：{value}", field=str(first["loc"][0]), value=str(first["input"])[:40])
        raise BadParameter(trouble) from error
    missing = [name for name in ("hazard", "product") if not (present or differing).get(name)]
    if missing:
        raise BadParameter(msg("新的区划没有写明 {columns}", columns=missing))
    return settle_attributes(work.rulebook, present, given.values())


def _require_kind(one: ReturnedFeature, hazard: str) -> None:
    if shapely.get_dimensions(one.shape) != AREAL and hazard != "fault":
        raise BadParameter(msg("只有断层可以是线；请画成面"))


def _alike(stored: Any, given: Any) -> bool:
    """Whether a cell says what is stored, as files write it: blanks around it lost, decimals cut."""
    if isinstance(stored, datetime.date) or isinstance(given, datetime.date):
        return bool(stored == given)
    if isinstance(stored, int | float) and isinstance(given, int | float):
        return abs(stored - given) <= AS_WRITTEN * max(1.0, abs(stored))
    return str("" if stored is None else stored).strip() == str("" if given is None else given).strip()
