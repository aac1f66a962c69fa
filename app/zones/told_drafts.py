"""Drafts, their edits and their zones, as answers tell them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, cast

import orjson
import shapely
from sqlalchemy.orm import Session

from app.http.geojson_shapes import geometry_of
from app.http.next_steps import describe_step
from app.platform.clock import now, today
from app.zones import drafts
from app.zones.draft_schemas import (
    ChangeCounts,
    DraftItem,
    DraftState,
    DraftStep,
    DraftZoneItem,
    EditAnswer,
    EditItem,
    EditOp,
    ProblemItem,
    UndoNames,
    WholeDraft,
)
from app.zones.paper_approval import why_not_on_paper
from gis_layers.stores import draft_edits, draft_zones, staged_zones
from gis_layers.stores.decisions import Decision
from gis_layers.stores.draft_edits import MadeEdit
from gis_layers.stores.draft_zones import SeenZone, ZonesAsked
from gis_layers.stores.editions import Draft
from risk_model.codes import code_name
from risk_model.message import Message, msg

if TYPE_CHECKING:
    from app.zones.edits import Edited


def describe_zone(one: SeenZone) -> DraftZoneItem:
    """A zone as a draft sees it, geometry exact."""
    return cast("DraftZoneItem", {**_without_geometry(one), "geometry": geometry_of(one.geometry)})


def write_zones(seen: Collection[SeenZone]) -> bytes:
    """The whole list of zones as a draft sees them, as the text of its answer; geometries exact."""
    shapes = shapely.to_geojson([one.geometry for one in seen])
    items = [
        {**_without_geometry(one), "geometry": orjson.Fragment(shape)} for one, shape in zip(seen, shapes, strict=True)
    ]
    return orjson.dumps({"items": items, "total": len(items), "limit": len(items), "offset": 0, "links": {}})


def _without_geometry(one: SeenZone) -> dict[str, object]:
    plain = draft_zones.as_document(one)
    named = {"id": str(one.zone), "zone": str(one.zone), "version": one.version, "layer_id": one.layer}
    return {**plain["attributes"], **named, "change": one.change}


def edit_name(op: str, zones: Sequence[int]) -> Message:
    """What an edit did, in words: what is said before it is undone or done again."""
    shown = "、".join(map(str, zones[:4]))
    if len(zones) > 4:
        return msg("{op}（{zones} 等）", op=code_name("zone_edit", op), zones=shown)
    return msg("{op}（{zones}）", op=code_name("zone_edit", op), zones=shown)


def describe_draft(draft: Draft, decision: Decision, counts: dict[str, int]) -> DraftItem:
    """A draft and how it stands."""
    last = decision.last.content or {}
    return {
        "id": draft.id,
        "name": draft.name,
        "state": cast("DraftState", decision.state),
        "created_at": draft.created_at.isoformat(),
        "created_by": draft.created_by,
        "authors": list(decision.authors),
        "edition": draft.edition,
        "effective_on": last.get("effective_on"),
        "version": draft.version,
        "changes": cast("ChangeCounts", {"create": 0, "update": 0, "delete": 0} | counts),
    }


def describe_drafts(session: Session, found: Sequence[Draft]) -> list[DraftItem]:
    """Several drafts."""
    counts = draft_zones.count_proposals(session, [one.id for one in found])
    standing = drafts.decisions_on(session, found)
    return [describe_draft(one, standing[one.id], counts[one.id]) for one in found]


def describe_whole(session: Session, draft: Draft) -> WholeDraft:
    """A draft with its edits, its steps, and what may follow."""
    decision, edits = drafts.decision_on(session, draft), draft_edits.read_edits(session, draft.id)
    return {
        **describe_draft(draft, decision, draft_zones.count_proposals(session, [draft.id])[draft.id]),
        "edits": [describe_edit(one) for one in edits],
        "history": _steps(decision),
        "next_steps": [describe_step(one) for one in drafts.next_steps_of(decision, today())],
        **_walks(session, draft),
        "not_on_paper": why_not_on_paper(session, decision, now()),
        "overtaken": [str(zone) for zone in staged_zones.overtaken_zones(session, draft.id)],
    }


def _walks(session: Session, draft: Draft) -> UndoNames:
    """The names of the edit that would be taken back, and of the one that would be done again."""
    undo, redo = (None if one is None else edit_name(one.op, one.zones) for one in draft_edits.walks(session, draft.id))
    return {"undo": undo, "redo": redo}


def describe_edit(one: MadeEdit) -> EditItem:
    """An edit of a draft."""
    return {
        "number": one.number,
        "op": cast("EditOp", one.op),
        "name": edit_name(one.op, one.zones),
        "reason": one.reason,
        "by": one.by,
        "at": one.at.isoformat(),
        "undone": one.undone,
        "zones": [str(zone) for zone in one.zones],
    }


def _steps(decision: Decision) -> list[DraftStep]:
    return [
        {
            "step": one.step,
            "state": cast("DraftState", one.state),
            "by": one.by,
            "at": one.at.isoformat(),
            "comment": one.comment,
            "content": one.content,
        }
        for one in decision.steps
    ]


def describe_edited(session: Session, edited: Edited, problems: list[ProblemItem]) -> EditAnswer:
    """What an edit did, as the draft stands after it."""
    draft = edited.draft
    seen = draft_zones.read_draft_zones(session, draft.id, ZonesAsked(zones=edited.zones))
    return {
        "zones": [describe_zone(one) for one in seen.values()],
        "removed": [str(zone) for zone in edited.zones if zone not in seen],
        "lineage": [{"parent": str(parent), "child": str(child)} for parent, child in edited.lineage],
        "problems": problems,
        "edit": edited.number,
        "name": edit_name(edited.op, edited.zones),
        "state": cast("DraftState", edited.decision.state),
        **_walks(session, draft),
    }
