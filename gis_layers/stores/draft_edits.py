"""Edits of drafts: each kept with what stood before and after it, so that it is undone and done again bit for bit."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from gis_layers.stores.draft_zones import DELETE, SeenZone, as_document, of_document, put_proposals, wkb_of
from gis_layers.tables.draft_edits import DraftEdit, DraftEditZone, DraftLineage
from gis_layers.tables.editions import Draft

Proposal = SeenZone | None
Descent = tuple[int, int]
"""A parent and a child."""


@dataclass(frozen=True, slots=True)
class NewEdit:
    """An edit about to be made: the proposals of each zone ``before`` and ``after`` it (None: none)."""

    op: str
    by: str
    at: datetime.datetime
    reason: str | None
    before: Mapping[int, Proposal]
    after: Mapping[int, Proposal]
    lineage: Collection[Descent] = ()


@dataclass(frozen=True, slots=True)
class MadeEdit:
    """An edit as it was made."""

    id: int
    number: int
    op: str
    reason: str | None
    by: str
    at: datetime.datetime
    undone: bool
    zones: tuple[int, ...]


def find_draft(session: Session, number: int, *, lock: bool = False) -> Draft | None:
    """The draft of this number, locked until the end of the transaction where that is asked for."""
    asked = select(Draft).where(Draft.id == number)
    return session.scalar(asked.with_for_update().execution_options(populate_existing=True) if lock else asked)


def list_drafts(session: Session, *, limit: int, offset: int) -> list[Draft]:
    """Drafts, newest first."""
    return list(session.scalars(select(Draft).order_by(Draft.id.desc()).limit(limit).offset(offset)))


def count_drafts(session: Session) -> int:
    """Number of drafts there ever were."""
    return session.scalar(select(func.count()).select_from(Draft)) or 0


def move_on(session: Session, draft: Draft, state: str | None = None) -> None:
    """Count one more version of a draft, in the ``state`` it is now in."""
    draft.version += 1
    draft.state = state or draft.state
    session.flush()


def make_edit(session: Session, draft: Draft, new: NewEdit) -> int:
    """Make an edit: what it proposes stands, what was undone before cannot be done again. Returns its number."""
    of_draft = DraftEdit.draft_id == draft.id
    session.execute(update(DraftEdit).where(of_draft, DraftEdit.undone, ~DraftEdit.dropped).values(dropped=True))
    number = (session.scalar(select(func.max(DraftEdit.number)).where(of_draft)) or 0) + 1
    put_proposals(session, draft.id, new.after)
    move_on(session, draft)
    edit = DraftEdit(
        draft_id=draft.id, number=number, version=draft.version, op=new.op, reason=new.reason, made_by=new.by,
        made_at=new.at,
    )  # fmt: skip
    session.add(edit)
    session.flush()
    session.add_all(_kept(edit.id, zone, new.before[zone], after) for zone, after in new.after.items())
    session.add_all(DraftLineage(edit_id=edit.id, parent_id=one, child_id=two) for one, two in new.lineage)
    session.flush()
    return number


def _kept(edit: int, zone: int, before: Proposal, after: Proposal) -> DraftEditZone:
    return DraftEditZone(
        edit_id=edit,
        zone_id=zone,
        before=None if before is None else as_document(before),
        before_wkb=None if before is None else wkb_of(before.geometry),
        after=None if after is None else as_document(after),
        after_wkb=None if after is None else wkb_of(after.geometry),
    )


def next_to(session: Session, draft_id: int, *, undo: bool) -> MadeEdit | None:
    """The edit of a draft that would be taken back, or done again; None where there is none."""
    edit: DraftEdit | None = session.scalar(_next(draft_id, undo=undo))
    return None if edit is None else _made(edit, _zones_of(session, [edit])[edit.id])


def walks(session: Session, draft_id: int) -> tuple[MadeEdit | None, MadeEdit | None]:
    """The edits of a draft that would be taken back and done again; None where there is none."""
    back, again = (
        _next(draft_id, undo=undo).with_only_columns(DraftEdit.id).scalar_subquery() for undo in (True, False)
    )
    edits = list(session.scalars(select(DraftEdit).where(or_(DraftEdit.id == back, DraftEdit.id == again))))
    zones = _zones_of(session, edits)
    made = {edit.undone: _made(edit, zones[edit.id]) for edit in edits}
    return made.get(False), made.get(True)


def walk_edit(session: Session, draft: Draft, *, undo: bool) -> MadeEdit | None:
    """Take the last edit of a draft back, or do the one taken back last once more; None where there is none."""
    edit: DraftEdit | None = session.scalar(_next(draft.id, undo=undo))
    if edit is None:
        return None
    before, after = read_states(session, edit.id)
    put_proposals(session, draft.id, before if undo else after)
    edit.undone = undo
    move_on(session, draft)
    return _made(edit, before)


def _next(draft_id: int, *, undo: bool) -> Select[Any]:
    of_draft = select(DraftEdit).where(DraftEdit.draft_id == draft_id).limit(1)
    if undo:
        return of_draft.where(~DraftEdit.undone).order_by(DraftEdit.number.desc())
    return of_draft.where(DraftEdit.undone, ~DraftEdit.dropped).order_by(DraftEdit.number)


def read_states(session: Session, edit: int) -> tuple[dict[int, Proposal], dict[int, Proposal]]:
    """The proposals before and after an edit, by zone."""
    rows = session.scalars(select(DraftEditZone).where(DraftEditZone.edit_id == edit)).all()
    before = {row.zone_id: _told(row.zone_id, row.before, row.before_wkb) for row in rows}
    return before, {row.zone_id: _told(row.zone_id, row.after, row.after_wkb) for row in rows}


def _told(zone: int, document: Mapping[str, object] | None, wkb: bytes | None) -> Proposal:
    return None if document is None or wkb is None else of_document(zone, document, wkb)


def read_edits(session: Session, draft_id: int) -> list[MadeEdit]:
    """The edits of a draft that stand or can be done again, oldest first."""
    asked = select(DraftEdit).where(DraftEdit.draft_id == draft_id, ~DraftEdit.dropped).order_by(DraftEdit.number)
    edits = list(session.scalars(asked))
    zones = _zones_of(session, edits)
    return [_made(edit, zones[edit.id]) for edit in edits]


def _zones_of(session: Session, edits: Iterable[DraftEdit]) -> dict[int, list[int]]:
    zones: dict[int, list[int]] = {edit.id: [] for edit in edits}
    touched = select(DraftEditZone.edit_id, DraftEditZone.zone_id).where(DraftEditZone.edit_id.in_(zones))
    for edit_id, zone in session.execute(touched):
        zones[edit_id].append(zone)
    return zones


def _made(edit: DraftEdit, zones: Iterable[int]) -> MadeEdit:
    return MadeEdit(
        edit.id, edit.number, edit.op, edit.reason, edit.made_by, edit.made_at, edit.undone, tuple(sorted(zones))
    )


def first_states_since(session: Session, draft_id: int, version: int, zones: Collection[int]) -> dict[int, Proposal]:
    """What was proposed of ``zones`` in a ``version`` of the draft, of those that an edit after it changed."""
    asked = (
        select(DraftEditZone)
        .join(DraftEdit, DraftEdit.id == DraftEditZone.edit_id)
        .where(DraftEdit.draft_id == draft_id, DraftEdit.version > version, DraftEditZone.zone_id.in_(zones))
        .order_by(DraftEdit.number.desc())
    )
    return {row.zone_id: _told(row.zone_id, row.before, row.before_wkb) for row in session.scalars(asked)}


def read_descent(session: Session, draft_id: int) -> list[Descent]:
    """Parents and children by the edits of a draft that stand."""
    asked = (
        select(DraftLineage.parent_id, DraftLineage.child_id)
        .join(DraftEdit, DraftEdit.id == DraftLineage.edit_id)
        .where(DraftEdit.draft_id == draft_id, ~DraftEdit.undone)
        .distinct()
    )
    return [(parent, child) for parent, child in session.execute(asked)]


def zones_edited(session: Session, draft_id: int) -> list[int]:
    """Zones that edits of a draft that stand have touched; a delivery taken as it came is no edit of its zones."""
    gives_way = and_(DraftEdit.op == "settle", DraftEditZone.after["change"].astext == DELETE)
    asked = (
        select(DraftEditZone.zone_id)
        .join(DraftEdit, DraftEdit.id == DraftEditZone.edit_id)
        .where(DraftEdit.draft_id == draft_id, ~DraftEdit.undone, DraftEdit.op != "renumber", ~gives_way)
        .distinct()
    )
    return list(session.scalars(asked))


def lineage_of_edit(session: Session, edit: int) -> list[Descent]:
    """Parents and children by one edit."""
    asked = select(DraftLineage.parent_id, DraftLineage.child_id).where(DraftLineage.edit_id == edit)
    return [(parent, child) for parent, child in session.execute(asked)]
