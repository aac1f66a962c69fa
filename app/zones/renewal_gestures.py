"""Gestures on a new delivery: zones edited here kept over it or given up for it, and lasting numbers kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import shapely

from app.platform.errors import BadParameter
from app.zones.gestures import Desk, Gesture, changed, removed
from app.zones.renewal_schemas import LocalChoice, RenumberEdit, SettleEdit
from app.zones.renewals import compare_draft
from gis_layers.geometry import keep_dimension, promote_to_multi
from gis_layers.metric_copies import MetricCopy
from gis_layers.stores import draft_zones, local_edits
from gis_layers.stores.draft_zones import CREATE, DELETE, UPDATE, SeenZone, ZonesAsked
from risk_model.editing.values import packaged_terms
from risk_model.message import msg
from risk_model.shapes import AREAL, as_array


def settle(desk: Desk, body: SettleEdit) -> Gesture:
    """Zones edited here: ours stay, and delivered zones yield the ground to them; theirs go for the delivery."""
    session = desk.work.session
    edited = set(local_edits.zones_edited_here(session, desk.draft.id))
    named = [one.zone for one in body.choices]
    if not set(named) <= edited or len(set(named)) < len(named):
        wrong = sorted(set(named) - edited) or named
        trouble = msg("区划 {zones} 不是新交付要取代的本地修改，或写了两次；请重新读取比较结果", zones=wrong)
        raise BadParameter(trouble, code="no-such-thing", errors=[{"field": "zone", "message": trouble}])
    in_force = draft_zones.read_in_force(session, named)
    after: dict[int, SeenZone | None] = {}
    for choice in body.choices:
        after |= _settled(desk, in_force[choice.zone], choice, after)
    return Gesture(after)


def _settled(
    desk: Desk, standing: SeenZone, choice: LocalChoice, before: dict[int, SeenZone | None]
) -> dict[int, SeenZone | None]:
    if choice.keep == "theirs":
        return {standing.zone: replace(standing, change=DELETE)}
    (layer,) = draft_zones.layers_of_draft(desk.work.session, desk.draft.id, *standing.theme)[:1]
    ours = replace(standing, change=UPDATE, layer=layer)
    return {standing.zone: ours, **_yielding(desk, ours, before)}


def _yielding(desk: Desk, ours: SeenZone, before: dict[int, SeenZone | None]) -> dict[int, SeenZone | None]:
    """The delivered zones under a zone of ours without its ground; None where nothing is left of one."""
    if shapely.get_dimensions(ours.geometry) != AREAL:
        return {}
    asked = ZonesAsked(None, *ours.theme, shapely.bounds(ours.geometry).tolist())
    seen = draft_zones.read_draft_zones(desk.work.session, desk.draft.id, asked)
    under = {zone: before.get(zone, one) for zone, one in seen.items() if zone != ours.zone}
    there = {
        zone: one for zone, one in under.items() if one is not None and shapely.get_dimensions(one.geometry) == AREAL
    }
    copy = MetricCopy(
        {ours.zone: ours.geometry, **{z: one.geometry for z, one in there.items()}}, desk.work.settings.metric_crs
    )
    yielded: dict[int, SeenZone | None] = {}
    for zone, one in there.items():
        whole, mine = copy.zones[zone], copy.zones[ours.zone]
        if shapely.area(shapely.intersection(whole, mine)) <= packaged_terms().edits["ground_m2"]:
            continue
        left = _without_threads(keep_dimension(shapely.difference(whole, mine), AREAL))
        if left is None:
            yielded[zone] = removed(one)
        else:
            shape = promote_to_multi(as_array([copy.stored(left, of=zone)]))[0]
            yielded[zone] = changed(one, geometry=shape)
    return yielded


def _without_threads(shape: Any) -> Any:
    """The shape without parts so thin that they come of straight edges that bend when they are projected; None for nothing."""
    if shape is None:
        return None
    parts, least_m = shapely.get_parts(shape), packaged_terms().limits["overlap"]["width_m"]
    wide = [part for part in parts if 2 * part.area > least_m * part.length]
    return shapely.multipolygons(wide) if wide else None


def renumber(desk: Desk, body: RenumberEdit) -> Gesture:
    """Delivered zones that are zones in force, under their lasting numbers; a shape that is the same is the one in force."""
    found = compare_draft(desk.work, desk.draft, body.hazard, body.product)
    proposed = draft_zones.read_proposals(desk.work.session, desk.draft.id)
    after: dict[int, SeenZone | None] = {}
    for one in found.differences:
        old, new = cast("int | None", one.key_before), cast("int | None", one.key_after)
        if old is None or new is None or old == new or old in proposed or old in found.undecided:
            continue
        standing, brought = found.before[old], found.after[new]
        if brought.change != CREATE:
            continue
        shape = brought.geometry if one.reshaped else standing.geometry
        after[new] = None
        after[old] = replace(brought, zone=old, version=standing.version, change=UPDATE, geometry=shape)
    if not after:
        trouble = msg("没有可以沿用原编号的区划")
        raise BadParameter(trouble, code="no-such-thing", errors=[{"field": "renumber", "message": trouble}])
    return Gesture(after)
