"""Fixes of problems: proposed with the areas before and after, and made as one edit of a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from shapely.geometry.base import BaseGeometry

from app.http.geojson_shapes import geometry_of
from app.platform.errors import BadParameter, NotFound
from app.platform.work import Work
from app.zones.cuts import as_multi, placed
from app.zones.draft_schemas import FixEdit, ProblemItem
from app.zones.gestures import Desk, Gesture, changed, removed
from app.zones.problem_schemas import FixedZone, FixItem, FixList
from app.zones.problems import describe, search_theme, told_apart, window_around
from gis_layers.metric_copies import MetricCopy
from gis_layers.stores import draft_zones
from gis_layers.stores.draft_zones import SeenZone, ZonesAsked
from gis_layers.stores.editions import Draft
from risk_model.codes import code_name
from risk_model.editing.fixes import WAYS, Fix, FixWay, propose_fix
from risk_model.editing.problems import ZoneProblem
from risk_model.editing.values import EditedZone
from risk_model.errors import FixRefused, ZonesUnsound
from risk_model.message import msg

ZONES = re.compile(r"-([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class _Located:
    """A problem found anew among the zones around it, in the metric CRS."""

    told: ProblemItem
    problem: ZoneProblem
    seen: dict[int, SeenZone]
    copy: MetricCopy[int]

    def propose(self, way: FixWay) -> Fix:
        """The fix in one way. FixRefused, ZonesUnsound where it cannot be mended so."""
        return propose_fix(self.problem, way, _edited(self.seen, self.copy))

    def stored(self, zone: int, shape: BaseGeometry | None) -> BaseGeometry | None:
        """The shape of a mended zone in the storage CRS; vertices that were stored keep their numbers."""
        return None if shape is None else as_multi(self.copy.stored(shape, of=zone))


def zones_in(key: str) -> list[int]:
    """The zones that the id of a problem names."""
    return list(dict.fromkeys(map(int, ZONES.findall(key))))


def propose_fixes(work: Work, draft: Draft, key: str) -> FixList:
    """Every way to mend a problem of the zones as the draft would leave them. NotFound where it is not among them."""
    zones = zones_in(key)
    seen = draft_zones.read_draft_zones(work.session, draft.id, ZonesAsked(zones=zones))
    found = _find(Desk(work, draft, tuple(zones), seen), key)
    if found is None:
        raise NotFound(_gone())
    return {"problem": found.told, "items": [*_items(found)]}


def fix(desk: Desk, body: FixEdit) -> Gesture:
    """A problem mended: the zones as the proposal had them. BadParameter where the problem is no longer there."""
    found = _find(desk, body.problem)
    if found is None:
        raise BadParameter(_gone(), code="no-such-thing", errors=[{"field": "problem", "message": _gone()}])
    try:
        proposed = found.propose(body.fix)
    except (FixRefused, ZonesUnsound) as trouble:
        raise placed(trouble, desk.work.settings.metric_crs) from trouble
    return Gesture({zone: _mended(found, zone, shape) for zone, shape in _shapes(proposed)})


def _mended(found: _Located, zone: int, shape: BaseGeometry | None) -> SeenZone | None:
    stored = found.stored(zone, shape)
    return removed(found.seen[zone]) if stored is None else changed(found.seen[zone], geometry=stored)


def _gone() -> str:
    return msg("没有这个问题，或者已经改正；请重新检查")


def _find(desk: Desk, key: str) -> _Located | None:
    """The problem of this id as the draft stands; searched among the zones around those the id names."""
    themes = {one.theme for one in desk.seen.values()}
    if len(themes) != 1 or not {*desk.named} <= {*desk.seen}:
        return None
    (theme,), work = themes, desk.work
    asked = ZonesAsked(None, *theme, window_around(desk.seen))
    seen = draft_zones.read_draft_zones(work.session, desk.draft.id, asked)
    copy = MetricCopy({zone: one.geometry for zone, one in seen.items()}, work.settings.metric_crs)
    found = describe(search_theme(work, theme, _edited(seen, copy), desk.named), work.settings.metric_crs)
    return next((_Located(told, one, seen, copy) for told, one in told_apart(found) if told["id"] == key), None)


def _edited(seen: dict[int, SeenZone], copy: MetricCopy[int]) -> dict[int, EditedZone]:
    return {zone: EditedZone(copy.zones[zone], one.attributes) for zone, one in seen.items()}


def _items(found: _Located) -> Iterator[FixItem]:
    """The ways, each once: the zone with most of a gap's border is the first of them too."""
    told: set[str | None] = set()
    for way in WAYS.get(found.problem.kind, ()):
        item = _item(found, way)
        if item["to"] is None or item["to"] not in told:
            told.add(item["to"])
            yield item


def _goal(problem: ZoneProblem, way: FixWay, zones: Sequence[FixedZone]) -> str | None:
    """The zone that gets the ground, where one does; of a sliver that which grows."""
    if way not in {"first", "second", "nearest"}:
        return None
    if problem.kind == "sliver":
        gains = {one["zone"]: one["area_after_m2"] - one["area_before_m2"] for one in zones}
        return max(gains, key=lambda zone: gains[zone], default=None)
    return str(problem.zones[1 if way == "second" else 0])


def _item(found: _Located, way: FixWay) -> FixItem:
    zones: list[FixedZone] = []
    refused = None
    try:
        proposed = found.propose(way)
        zones = [_fixed(found, proposed, zone, shape) for zone, shape in _shapes(proposed)]
    except (FixRefused, ZonesUnsound) as trouble:
        refused = str(trouble.args[0])
    goal = _goal(found.problem, way, zones)
    return {"fix": way, "name": code_name("zone_fix", way), "to": goal, "zones": zones, "refused": refused}


def _fixed(found: _Located, proposed: Fix, zone: int, shape: BaseGeometry | None) -> FixedZone:
    stored = found.stored(zone, shape)
    return {
        "zone": str(zone),
        "area_before_m2": proposed.area_before[zone],
        "area_after_m2": proposed.area_after[zone],
        "geometry": None if stored is None else geometry_of(stored),
    }


def _shapes(proposed: Fix) -> Iterable[tuple[int, BaseGeometry | None]]:
    return [(cast("int", zone), shape) for zone, shape in proposed.changes.items()]
