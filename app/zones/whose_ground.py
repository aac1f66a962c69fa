"""How a draft stands to the authorities whose ground it edits, theme by theme; what is not theirs is not put in force."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import shapely

from app.judgement.approval import Asked
from app.platform.errors import BadParameter, Refused
from app.platform.work import Work
from app.zones import drafts
from app.zones.document_schemas import DraftStandingAnswer, LoosenedGround, StandingChange, ThemeStandingAnswer
from app.zones.documents import describe_document
from app.zones.themes import Theme, by_theme, edited_zones
from gis_layers.crs import to_storage
from gis_layers.stores import draft_edits, draft_zones, zone_documents
from gis_layers.stores.draft_zones import DELETE, SeenZone, ZonesAsked
from gis_layers.stores.editions import Draft
from gis_layers.stores.records import record_audit
from gis_layers.stores.zone_documents import DocumentQuery, KeptDocument
from risk_model.codes import code_name
from risk_model.editing.authority import (
    IN_FORCE,
    DraftStanding,
    GroundAuthority,
    GroundStanding,
    JudgedDocument,
    Loosening,
    find_loosened,
    objection_to,
    packaged_policy,
    standing_of,
)
from risk_model.message import Message, msg
from risk_model.shapes import as_array

MOST_LOOSENED = 100
"""Zones told of one theme, the largest first."""


@dataclass(frozen=True, slots=True)
class ThemeStanding:
    """How a draft's edits of one theme stand; ``named`` are its documents with what is to be said against each."""

    theme: Theme
    authority: GroundAuthority
    standing: GroundStanding
    named: tuple[tuple[KeptDocument, Message | None], ...]
    loosened: tuple[Loosening, ...]

    @property
    def is_in_force(self) -> bool:
        """Whether the edits may be put in force."""
        return self.standing in IN_FORCE


def standings_of(work: Work, draft: Draft, on: datetime.date) -> list[ThemeStanding]:
    """How the edits of a draft stand, theme by theme; what an import brought is its sender's and no edit."""
    session = work.session
    proposals = draft_zones.read_proposals(session, draft.id, draft_edits.zones_edited(session, draft.id))
    if not proposals:
        return []
    before = by_theme(draft_zones.read_in_force(session, list(proposals)))
    after = by_theme({zone: one for zone, one in proposals.items() if one.change != DELETE})
    recorded = zone_documents.themes_on_record(session)
    documents = zone_documents.read_documents(session, DocumentQuery(draft=draft.id))
    known = _Known(frozenset(recorded), tuple(documents), on)
    return [_of_theme(work, draft, theme, before.get(theme, {}), known) for theme in sorted({*before, *after})]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known beside the zones: themes with an approval on record, documents the draft names, the day."""

    recorded: frozenset[Theme]
    documents: tuple[KeptDocument, ...]
    on: datetime.date


def _of_theme(
    work: Work, draft: Draft, theme: Theme, before: Mapping[int, SeenZone], known: _Known
) -> ThemeStanding:  # fmt: skip
    authority, recorded = packaged_policy().over(theme[0]), theme in known.recorded
    of_theme = [one for one in known.documents if one.theme == theme]
    named = tuple((one, objection_to(_as_judged(one), authority, known.on)) for one in of_theme)
    carried = any(objection is None for _, objection in named)
    needs = authority.ground == "census" and recorded and not carried
    loosened = tuple(_loosened(work, draft, theme, before)) if needs and before else ()
    standing = standing_of(
        authority, carried=carried, recorded=recorded, standing=draft.standing, loosens=bool(loosened)
    )
    return ThemeStanding(theme, authority, standing, named, loosened)


def _as_judged(one: KeptDocument) -> JudgedDocument:
    return JudgedDocument(one.kind, one.level, one.announced_on, one.edition)


def _loosened(work: Work, draft: Draft, theme: Theme, before: Mapping[int, SeenZone]) -> list[Loosening]:
    shapes = as_array([one.geometry for one in before.values()])
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    asked = ZonesAsked(None, *theme, (west, south, east, north))
    after = draft_zones.read_draft_zones(work.session, draft.id, asked)
    metric_crs = work.settings.metric_crs
    return find_loosened(edited_zones(before, metric_crs), edited_zones(after, metric_crs) if after else {})


def require_standing(work: Work, draft: Draft, on: datetime.date) -> None:
    """Raises Refused where an edit is of ground that somebody else declares or approved, and nothing of theirs carries it."""
    waiting = [one for one in standings_of(work, draft, on) if not one.is_in_force]
    if waiting:
        whys = [why_not(work, one) for one in waiting]
        errors = [{"field": "/".join(one.theme), "message": why} for one, why in zip(waiting, whys, strict=True)]
        raise Refused(whys[0], code="unready", errors=errors)


def waiting_themes(work: Work, draft: Draft, on: datetime.date) -> list[str]:
    """Themes of a draft that cannot be put in force as it stands, as ``hazard/product``."""
    return ["/".join(one.theme) for one in standings_of(work, draft, on) if not one.is_in_force]


def why_not(work: Work, one: ThemeStanding) -> Message:
    """Why edits of a theme cannot be put in force, and what to do."""
    hazard = work.rulebook.hazard_name(one.theme[0])
    if one.authority.ground == "declared":
        return msg(
            "{hazard}由划定机关公告划定和撤销（{basis}）；没有公告文件，这些改动只是待批建议：请登记公告文件、写为草稿依据，再重新提交",
            hazard=hazard,
            basis=one.authority.basis,
        )
    if one.standing == "loosened":
        return msg(
            "{hazard}有批复在案；本地补充只能加严，{zones} 号区有地面等级变轻或不再划入：请改回，或写明批复文件后重新提交",
            hazard=hazard,
            zones=[str(loose.zone) for loose in one.loosened[:10]],
        )
    return msg(
        "{hazard}有批复在案，由批准机关修改；这些改动是报审建议：请写明批复文件，或标为本地补充（只能加严）后重新提交",
        hazard=hazard,
    )


def change_standing(work: Work, number: int, change: StandingChange, asked: Asked) -> Draft:
    """Say what a draft calls itself and which documents it rests upon; like an edit it leads back to where it is open.

    Raises Stale, Refused where the draft has ended, BadParameter for a document that is not on record.
    """
    session = work.session
    draft = drafts.require_draft(session, number, lock=True)
    decision = drafts.admit(session, draft, asked)
    given = change.model_dump(exclude_none=True)
    if not given:
        raise BadParameter(msg("请给出 standing 或 documents"), code="together")
    if change.documents is not None:
        wanted = sorted({*change.documents})
        known = {one.id for one in zone_documents.read_documents(session, DocumentQuery(numbers=wanted))}
        missing = [one for one in wanted if one not in known]
        if missing:
            told = msg("没有编号为 {numbers} 的划定文件", numbers=[str(one) for one in missing])
            raise BadParameter(told, code="no-such-thing", errors=[{"field": "documents", "message": told}])
        zone_documents.name_documents(session, draft.id, wanted)
    draft.standing = change.standing or draft.standing
    draft_edits.move_on(session, draft)
    drafts.take_up(session, draft, decision, asked.by, asked.now)
    subject = f"draft {draft.id}"
    record_audit(session, actor=asked.by.name, action="change standing of zone draft", subject=subject, detail=given)
    return draft


def describe_standing(work: Work, draft: Draft, on: datetime.date) -> DraftStandingAnswer:
    """How a draft stands, as it is told."""
    documents = zone_documents.read_documents(work.session, DocumentQuery(draft=draft.id))
    return {
        "standing": cast("DraftStanding", draft.standing),
        "documents": sorted(one.id for one in documents),
        "themes": [_described(work, one) for one in standings_of(work, draft, on)],
    }


def _described(work: Work, one: ThemeStanding) -> ThemeStandingAnswer:
    return {
        "hazard": one.theme[0],
        "hazard_name": work.rulebook.hazard_name(one.theme[0]),
        "product": one.theme[1],
        "ground": one.authority.ground,
        "standing": one.standing,
        "name": code_name("ground_standing", one.standing),
        "in_force": one.is_in_force,
        "why": None if one.is_in_force else why_not(work, one),
        "documents": [{"document": describe_document(kept), "objection": told} for kept, told in one.named],
        "loosened": [_told_loosened(work, loose) for loose in one.loosened[:MOST_LOOSENED]],
    }


def _told_loosened(work: Work, one: Loosening) -> LoosenedGround:
    (place,) = to_storage(as_array([shapely.point_on_surface(one.shape)]), work.settings.metric_crs)
    return {"zone": str(one.zone), "size": one.size, "place": shapely.get_coordinates(place)[0].tolist()}
