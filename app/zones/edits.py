"""Edits of drafts: one gesture is one edit, made whole or not at all, undone and done again exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.judgement import approval
from app.judgement.approval import Asked
from app.platform.errors import Refused, Stale
from app.platform.work import Work
from app.zones import cuts, drafts, fixes, gestures, renewal_gestures, returned_gestures
from app.zones.draft_schemas import (
    CreateEdit,
    DeleteEdit,
    EditBody,
    FixEdit,
    MergeEdit,
    RebaseEdit,
    SplitEdit,
    UpdateEdit,
    WalkEdit,
)
from app.zones.edit_rights import require_rights
from app.zones.gestures import Desk, Gesture
from app.zones.renewal_schemas import RenumberEdit, SettleEdit
from app.zones.returned_gestures import FileEdit
from app.zones.told_drafts import describe_zone
from gis_layers.stores import draft_edits, draft_zones
from gis_layers.stores.decisions import Decision
from gis_layers.stores.draft_edits import Descent, NewEdit
from gis_layers.stores.draft_zones import ZonesAsked
from gis_layers.stores.editions import Draft
from risk_model.message import msg


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit that was made, taken back or done again: its number, what it was, the zones it touched, how the draft stands."""

    draft: Draft
    decision: Decision
    number: int
    op: str
    zones: tuple[int, ...]
    lineage: tuple[Descent, ...] = ()

    @property
    def tag(self) -> str:
        """Tag the next edit shows."""
        return approval.tag_of(self.decision, self.draft.version)


@dataclass(frozen=True, slots=True)
class _Made:
    number: int
    op: str
    zones: tuple[int, ...]
    lineage: tuple[Descent, ...]


Body = EditBody | SettleEdit | RenumberEdit | FileEdit
"""Whatever changes a draft and can be undone."""


def edit_draft(work: Work, number: int, body: Body, asked: Asked) -> Edited:
    """Make one edit of a draft. Raises Stale with both states, NotAllowed, Refused, BadParameter, BadGeometry."""
    draft = drafts.require_draft(work.session, number, lock=True)
    named = zones_named(body)
    seen = draft_zones.read_draft_zones(work.session, draft.id, ZonesAsked(zones=named))
    desk = Desk(work, draft, tuple(named), seen)
    try:
        decision = drafts.admit(work.session, draft, asked)
    except Stale as stale:
        stale.extra["conflicts"] = conflicts(desk, body, asked.seen)
        raise
    made = _walk(desk, body, asked) if isinstance(body, WalkEdit) else _make(desk, body, asked)
    decision = drafts.take_up(work.session, draft, decision, asked.by, asked.now)
    drafts.audit_edit(work.session, asked.by, draft, body.op, list(made.zones))
    return Edited(draft, decision, made.number, made.op, made.zones, made.lineage)


def zones_named(body: Body) -> list[int]:
    """The zones an edit names."""
    match body:
        case UpdateEdit():
            return [one.zone for one in body.every()]
        case DeleteEdit() | SplitEdit() | MergeEdit():
            return list(dict.fromkeys([*([body.zone] if body.zone else ()), *body.zones]))
        case RebaseEdit() | SettleEdit():
            return [one.zone for one in body.choices]
        case FixEdit():
            return fixes.zones_in(body.problem)
        case _:
            return []


def _make(desk: Desk, body: Any, asked: Asked) -> _Made:
    gesture = GESTURES[type(body)](desk, body)
    if not isinstance(body, RenumberEdit):  # the same ground under other numbers needs no vertex of its neighbours
        gesture = cuts.with_nodes(desk, gesture)
    session, draft, seen = desk.work.session, desk.draft, {**desk.seen, **gesture.beside}
    unseen = [zone for zone in gesture.after if zone not in seen]
    seen |= draft_zones.read_draft_zones(session, draft.id, ZonesAsked(zones=unseen)) if unseen else {}
    before = {zone: one for zone, one in seen.items() if one.change}
    before |= draft_zones.read_proposals(session, draft.id, unseen) if unseen else {}
    moves = [(seen.get(zone), after) for zone, after in gesture.after.items()]
    require_rights(asked.by, moves, desk.work.settings.metric_crs)
    new = NewEdit(
        body.op,
        asked.by.name,
        asked.now,
        body.reason,
        {zone: before.get(zone) for zone in gesture.after},
        gesture.after,
        gesture.lineage,
    )
    number = draft_edits.make_edit(session, draft, new)
    return _Made(number, body.op, tuple(sorted(gesture.after)), gesture.lineage)


def _walk(desk: Desk, body: WalkEdit, asked: Asked) -> _Made:
    session, draft = desk.work.session, desk.draft
    found = draft_edits.next_to(session, draft.id, undo=body.op == "undo")
    if found is None:
        told = msg("这份草稿没有可以撤销的修改") if body.op == "undo" else msg("这份草稿没有可以重做的修改")
        raise Refused(told, code="unchanged")
    seen = draft_zones.read_draft_zones(session, draft.id, ZonesAsked(zones=found.zones))
    made = draft_edits.walk_edit(session, draft, undo=body.op == "undo") or found
    after = draft_zones.read_draft_zones(session, draft.id, ZonesAsked(zones=found.zones))
    moves = [(seen.get(zone), after.get(zone)) for zone in found.zones]
    require_rights(asked.by, moves, desk.work.settings.metric_crs)
    lineage = draft_edits.lineage_of_edit(session, made.id) if body.op == "redo" else []
    return _Made(made.number, made.op, made.zones, tuple(lineage))


GESTURES: dict[type, Callable[[Desk, Any], Gesture]] = {
    CreateEdit: gestures.create,
    UpdateEdit: gestures.update,
    DeleteEdit: gestures.delete,
    SplitEdit: cuts.split,
    MergeEdit: cuts.merge,
    RebaseEdit: gestures.rebase,
    SettleEdit: renewal_gestures.settle,
    RenumberEdit: renewal_gestures.renumber,
    FileEdit: returned_gestures.take_back,
    FixEdit: fixes.fix,
}


def conflicts(desk: Desk, body: Body, seen_tag: str | None) -> list[dict[str, Any]]:
    """Base, mine and theirs of every zone that a stale edit names."""
    session, draft = desk.work.session, desk.draft
    named = zones_named(body)
    since = draft_edits.first_states_since(session, draft.id, _version_in(seen_tag), named)
    in_force = draft_zones.read_in_force(session, named)
    told = []
    for zone in named:
        base = desk.seen.get(zone) if zone not in since else since[zone] or in_force.get(zone)
        theirs = desk.seen.get(zone)
        told.append({
            "zone": str(zone),
            "base": None if base is None else describe_zone(base),
            "mine": _as_given(body, zone),
            "theirs": None if theirs is None else describe_zone(theirs),
        })  # fmt: skip
    return told


def _as_given(body: Body, zone: int) -> dict[str, Any] | None:
    if not isinstance(body, UpdateEdit):
        return None
    given = next(one for one in body.every() if one.zone == zone)
    return given.model_dump(mode="json", exclude_unset=True)


def _version_in(tag: str | None) -> int:
    last = (tag or "").strip().strip('"').rpartition("-")[2]
    return int(last) if last.isascii() and last.isdigit() and len(last) < 16 else 0
