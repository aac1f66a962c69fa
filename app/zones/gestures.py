"""Gestures: what an edit proposes of each zone it names, worked out from how the draft sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.platform.errors import BadParameter
from app.platform.work import Work
from app.zones.draft_schemas import CreateEdit, DeleteEdit, RebaseEdit, UpdateEdit, ZoneEdit
from app.zones.given_shapes import read_zone_shape
from app.zones.zone_attributes import settle_attributes
from gis_layers.stores import draft_zones, staged_zones, surveys
from gis_layers.stores.draft_edits import Descent
from gis_layers.stores.draft_zones import CREATE, DELETE, UPDATE, SeenZone
from gis_layers.stores.editions import Draft
from risk_model.message import msg

Proposals = Mapping[int, SeenZone | None]


@dataclass(frozen=True, slots=True)
class Gesture:
    """What one edit proposes of each zone it touches (None: nothing any more), and whose children they are.

    ``beside`` are the neighbours it was noded with, as the draft sees them.
    """

    after: Proposals
    lineage: tuple[Descent, ...] = ()
    beside: Mapping[int, SeenZone] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """A draft being edited, with the zones the edit names as the draft sees them."""

    work: Work
    draft: Draft
    named: tuple[int, ...]
    seen: Mapping[int, SeenZone]

    def require(self, number: int) -> SeenZone:
        """A zone of the draft. Raises BadParameter where there is none of this number."""
        found = self.seen.get(number)
        if found is None:
            told = msg("草稿里没有编号为 {zone} 的区划；请重新读取后再改", zone=number)
            raise BadParameter(told, code="no-such-thing", errors=[{"field": "zone", "message": told}])
        return found


def create(desk: Desk, body: CreateEdit) -> Gesture:
    """A zone drawn, in a layer of its theme."""
    attributes = settle_attributes(desk.work.rulebook, {}, body.attributes.values())
    shape = read_zone_shape(desk.work, body.geometry, attributes["hazard"])
    layer = layer_for(desk, attributes["hazard"], attributes["product"])
    (zone,) = staged_zones.new_zone_ids(desk.work.session, 1)
    return Gesture({zone: SeenZone(zone, None, CREATE, layer, attributes, shape)})


def layer_for(desk: Desk, hazard: str, product: str) -> int:
    """The layer a new zone belongs to: one the draft brings, else the newest in force, else one of the draft's own."""
    session, draft = desk.work.session, desk.draft
    found = draft_zones.layers_of_draft(session, draft.id, hazard, product)
    found = found or draft_zones.layers_in_force(session, hazard, product)
    if found:
        return found[0]
    new = surveys.NewLayer(hazard, product, draft.name, None, None, None, "zones", None, replaces=False)
    return surveys.save_layer(session, draft.id, new, desk.work.settings.metric_crs)


def update(desk: Desk, body: UpdateEdit) -> Gesture:
    """Zones as one gesture changes them."""
    changes = body.every()
    if not changes or len({one.zone for one in changes}) < len(changes):
        raise together(msg("请在 zone 或 changes 中写明要改的区划，每个只写一次"))
    return Gesture({one.zone: _changed(desk, one) for one in changes})


def _changed(desk: Desk, one: ZoneEdit) -> SeenZone:
    zone = desk.require(one.zone)
    if one.geometry is None and one.attributes is None:
        raise together(msg("第 {zone} 号区划没有写明要改什么；请给出 geometry 或 attributes", zone=one.zone))
    attributes = zone.attributes
    if one.attributes is not None:
        attributes = settle_attributes(desk.work.rulebook, attributes, one.attributes.values())
    shape = zone.geometry
    if one.geometry is not None:
        shape = read_zone_shape(desk.work, one.geometry, attributes["hazard"])
    return changed(zone, geometry=shape, attributes=attributes)


def changed(zone: SeenZone, **values: Any) -> SeenZone:
    """The proposal that changes a zone as the draft sees it."""
    return replace(zone, change=CREATE if zone.change == CREATE else UPDATE, **values)


def removed(zone: SeenZone) -> SeenZone | None:
    """The proposal that takes a zone away; None for one that only the draft knew."""
    return None if zone.change == CREATE else replace(zone, change=DELETE)


def delete(desk: Desk, _: DeleteEdit) -> Gesture:
    """Zones taken away."""
    named = desk.named
    if not named:
        raise together(msg("请在 zone 或 zones 中写明要删除的区划"))
    return Gesture({zone: removed(desk.require(zone)) for zone in named})


def rebase(desk: Desk, body: RebaseEdit) -> Gesture:
    """Zones settled against the edition that changed them too: the draft's state goes on from it, or the edition's stays."""
    session, draft = desk.work.session, desk.draft
    overtaken = set(staged_zones.overtaken_zones(session, draft.id))
    named = desk.named
    if not set(named) <= overtaken or len(set(named)) < len(named):
        wrong = sorted(set(named) - overtaken)
        raise BadParameter(msg("区划 {zones} 没有被新版次改动，不用取舍", zones=wrong), code="no-such-thing")
    mine = draft_zones.read_proposals(session, draft.id, named)
    theirs = draft_zones.read_in_force(session, named)
    versions = draft_zones.last_versions(session, named)
    return Gesture(
        {
            one.zone: _carried_on(mine[one.zone], theirs.get(one.zone), versions[one.zone])
            if one.keep == "mine"
            else None
            for one in body.choices
        }
    )


def _carried_on(mine: SeenZone, theirs: SeenZone | None, version: int) -> SeenZone | None:
    """What a draft proposes of a zone, from the version that is in force now; a zone that was retired comes anew."""
    if theirs is None:
        return None if mine.change == DELETE else replace(mine, change=CREATE, version=version)
    return replace(mine, version=theirs.version)


def together(message: str) -> BadParameter:
    """Trouble with fields of an edit that do not go together."""
    return BadParameter(message, code="together", errors=[{"field": "zone", "message": message}])
