"""Editions made: an approved draft put in force, and an older edition put in force once more."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.judgement import approval
from app.judgement.approval import Asked
from app.platform.clock import today
from app.platform.errors import NotFound, Refused
from app.platform.principals import Principal
from app.platform.work import Work
from app.zones import drafts
from app.zones.draft_schemas import DraftZoneItem, ProblemItem, SubmitBody, ZoneConflict
from app.zones.problems import find_problems, is_blocking
from app.zones.renewals import require_settled
from app.zones.submitted import is_kept, keep_submitted
from app.zones.told_drafts import describe_zone
from app.zones.warnings_passed import passed_warnings
from app.zones.whose_ground import require_standing, waiting_themes
from gis_layers.stores import draft_edits, draft_zones, editions, restored_editions, staged_zones
from gis_layers.stores.decisions import Decision
from gis_layers.stores.draft_zones import SeenZone
from gis_layers.stores.editions import Draft, Edition
from gis_layers.stores.records import record_audit
from risk_model.editing.authority import packaged_policy
from risk_model.message import msg

APPROVALS = ("approve", "approve_on_paper")
"""The steps that approve what stands in a draft."""


@dataclass(frozen=True, slots=True)
class PublicationOrder:
    """How a draft is put in force: the number of the edition as it was typed, by whom and why, effective from which day."""

    typed: int | None
    by: str
    reason: str
    effective_on: datetime.date


def publish(work: Work, number: int, asked: Asked, order: PublicationOrder) -> Edition:
    """Put an approved draft in force as the next edition; nothing of it where any of it cannot be.

    Raises Refused where it is not what was approved, where zones moved on meanwhile, or where a problem blocks.
    """
    session = work.session
    editions.lock_publication(session)
    draft = drafts.require_draft(session, number, lock=True)
    decision = drafts.admit(session, draft, asked)
    _require_number(session, order.typed)
    found = require_publishable(work, draft, decision)
    if not is_kept(work, draft):
        keep_submitted(work, draft, found, asked.now)
    descent = _descent(session, draft)
    edition = editions.publish_draft(
        session, draft, author=order.by, reason=order.reason, by_console=False, effective_on=order.effective_on
    )
    staged_zones.save_descent(session, descent, edition.number)
    told = {"edition": edition.number, "fingerprint": edition.fingerprint, "effective_on": f"{edition.effective_on}"}
    asked = replace(asked, beside=draft.version)
    approval.record(session, drafts.DRAFTS, decision, asked, content=told)
    draft_edits.move_on(session, draft)
    return edition


def require_publishable(work: Work, draft: Draft, decision: Decision) -> list[ProblemItem]:
    """The problems of a draft that may be put in force as it stands. Refused for any other."""
    _require_approved(work.session, draft, decision)
    _require_present(work.session, draft)
    require_settled(work, draft)
    found = find_problems(work, draft)
    require_sound(found)
    require_standing(work, draft, today())
    return found


def submit(work: Work, number: int, asked: Asked, body: SubmitBody) -> Draft:
    """Submit a draft to be approved by somebody else; the warnings it passes are kept beside the comment, with their reasons.

    Kept as well are its impact, and which themes await a document and cannot be put in force (``awaiting``).
    """
    draft = drafts.require_draft(work.session, number, lock=True)
    decision = drafts.admit(work.session, draft, asked)
    if not draft_zones.count_proposals(work.session, [draft.id])[draft.id]:
        raise Refused(msg("草稿里没有改动，不用提交"), code="unchanged")
    require_settled(work, draft)
    found = find_problems(work, draft)
    require_sound(found)
    waiting = waiting_themes(work, draft, today())
    content = {**passed_warnings(found, body), "awaiting": waiting}
    keep_submitted(work, draft, found, asked.now)
    return drafts.record(work.session, draft, decision, asked, content=content)


def revert(work: Work, number: int, principal: Principal, reason: str) -> Edition:
    """Put an older edition in force once more, as a new edition equal to it. NotFound, and Refused where nothing changes."""
    session = work.session
    editions.lock_publication(session)
    newest = editions.current_edition(session)
    if newest is None or editions.find_edition(session, number) is None:
        raise NotFound(msg("没有第 {number} 版；全部版次见 /api/editions", number=number))
    draft = editions.open_draft(session, name=msg("恢复第 {number} 版", number=number), author=principal.name)
    if not restored_editions.stage_edition(session, draft.id, number):
        raise Refused(msg("现行版次与第 {number} 版内容相同，不用恢复", number=number), code="unchanged")
    _require_own(work, draft)
    gone = restored_editions.layers_to_retire(session, number)
    restored_editions.retire_layers(session, gone, newest.number + 1)
    edition = editions.publish_draft(session, draft, author=principal.name, reason=reason, by_console=False)
    detail = {"restored": number, "reason": reason}
    record_audit(
        session, actor=principal.name, action="restore edition", subject=f"edition {edition.number}", detail=detail
    )
    return edition


def _require_own(work: Work, draft: Draft) -> None:
    """Raises Refused where going back would change ground that its authority declared since."""
    proposals = draft_zones.read_proposals(work.session, draft.id).values()
    hazards = {one.attributes["hazard"] for one in proposals}
    declared = sorted(one for one in hazards if packaged_policy().over(one).ground == "declared")
    if declared:
        raise Refused(
            msg(
                "恢复会改动 {hazards}，这些由划定机关公告划定和撤销；请新建草稿、写明公告文件后办理",
                hazards=[work.rulebook.hazard_name(one) for one in declared],
            ),
            code="unready",
        )


def _require_approved(session: Session, draft: Draft, decision: Decision) -> None:
    approved = [step.content or {} for step in decision.steps if step.step in APPROVALS]
    if not approved or approved[-1].get("digest") != drafts.digest_of(session, draft):
        raise Refused(msg("批准之后内容又有变化；请重新提交批准"), code="step", allowed=[])


def _require_number(session: Session, typed: int | None) -> None:
    following = editions.following_number(session)
    if typed is not None and typed != following:
        raise Refused(
            msg("接下来启用的是第 {number} 版，不是第 {typed} 版；请核对后重新输入", number=following, typed=typed),
            code="overtaken",
        )


def _require_present(session: Session, draft: Draft) -> None:
    overtaken = staged_zones.overtaken_zones(session, draft.id)
    if overtaken:
        raise Refused(
            msg("另一版次已启用，改动了这份草稿中的 {zones}；请逐个取舍后重新提交", zones=overtaken),
            code="overtaken",
            conflicts=overtaken_states(session, draft, overtaken),
        )
    if not draft_zones.count_proposals(session, [draft.id])[draft.id]:
        raise Refused(msg("草稿里没有改动，不用启用"), code="unchanged")


def overtaken_states(session: Session, draft: Draft, zones: Sequence[int]) -> list[ZoneConflict]:
    """Base, mine and theirs of each zone that a newer edition changed too."""
    mine, theirs = draft_zones.read_proposals(session, draft.id, zones), draft_zones.read_in_force(session, zones)
    base = draft_zones.read_versions(session, {zone: one.version for zone, one in mine.items() if one.version})
    return [
        {
            "zone": str(zone),
            "base": _described(base.get(zone)),
            "mine": _described(mine.get(zone)),
            "theirs": _described(theirs.get(zone)),
        }
        for zone in zones
    ]


def _described(one: SeenZone | None) -> DraftZoneItem | None:
    return None if one is None else describe_zone(one)


def require_sound(found: Sequence[ProblemItem]) -> None:
    """Raises Refused where one of the problems found must be solved before the draft can come in force."""
    blocking = [one for one in found if is_blocking(one)]
    if blocking:
        raise Refused(
            msg("还有必须先解决的问题：{kinds}；请在问题列表中处理", kinds=sorted({one["name"] for one in blocking})),
            code="unready",
            errors=[{"field": one["kind"], "message": one["name"]} for one in blocking[:20]],
        )


def _descent(session: Session, draft: Draft) -> set[tuple[int, int]]:
    """Parents that were published and their children in force: what only the draft knew in between is passed over."""
    children: dict[int, set[int]] = {}
    for parent, child in draft_edits.read_descent(session, draft.id):
        children.setdefault(parent, set()).add(child)
    proposals = draft_zones.read_proposals(session, draft.id)
    standing = {zone for zone, one in proposals.items() if one.change != draft_zones.DELETE}
    published = set(draft_zones.last_versions(session, list(children)))
    return {(parent, child) for parent in published for child in _descendants(parent, children) if child in standing}


def _descendants(parent: int, children: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [*children[parent]]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(children.get(one, ()))
    return found
