"""``/api/zones/drafts``: zones changed, looked at, decided by a second person, put in force."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import orjson
from fastapi import APIRouter, Body, Depends, Request, Response

from app.http.bbox import WindowOf
from app.http.dependencies import MomentOf, Officer, SessionOf, Viewer, WorkOf, ended_here, require
from app.http.etags import IfMatch
from app.http.i18n import answer_in_language, chosen_language
from app.http.pagination import Listing, PageOf, listing
from app.judgement.approval import Asked
from app.platform.clock import CHINA
from app.platform.principals import Principal, Role
from app.zones import deputies, drafts, edits, effective_days, publication
from app.zones.draft_schemas import (
    ConflictList,
    DraftItem,
    DraftZoneItem,
    EditAnswer,
    EditBody,
    NewDraft,
    ProblemList,
    PublishBody,
    ReturnBody,
    RevertBody,
    StepBody,
    SubmitBody,
    WholeDraft,
)
from app.zones.problems import find_problems, is_blocking
from app.zones.schemas import EditionItem
from app.zones.told_drafts import describe_drafts, describe_edited, describe_whole, write_zones
from app.zones.told_editions import describe_edition
from gis_layers.stores import draft_edits, draft_zones, staged_zones
from gis_layers.stores.draft_zones import ZonesAsked
from gis_layers.stores.editions import Draft

router = APIRouter(prefix="/api", tags=["zones"])
Approver = Annotated[Principal, Depends(require(Role.APPROVER))]
Decider = Annotated[Principal, Depends(require(Role.APPROVER, Role.OFFICER))]
"""Approvers, and officers who may stand for one: whether they do on that day is asked with the step."""


@router.get("/zones/drafts")
def list_drafts(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> Listing[DraftItem]:
    """Drafts, newest first."""
    found = draft_edits.list_drafts(session, limit=page.limit, offset=page.offset)
    return listing(request, describe_drafts(session, found), total=draft_edits.count_drafts(session), page=page)


@router.post("/zones/drafts", status_code=201)
def begin(body: NewDraft, request: Request, session: SessionOf, principal: Officer, answer: Response) -> WholeDraft:
    """Begin a draft; its ETag goes with the first edit."""
    draft = drafts.begin(session, principal, body.name)
    answer.headers["Location"] = f"/api/zones/drafts/{draft.id}"
    return _told(request, session, draft, answer)


@router.get("/zones/drafts/{number}")
def draft(number: int, request: Request, session: SessionOf, principal: Viewer, answer: Response) -> WholeDraft:
    """One draft: how it stands, its edits with their names, what may follow."""
    return _told(request, session, drafts.require_draft(session, number), answer)


@router.get("/zones/drafts/{number}/zones", response_model=Listing[DraftZoneItem])
def zones(
    number: int,
    request: Request,
    session: SessionOf,
    principal: Viewer,
    bbox: WindowOf,
    hazard: str | None = None,
    product: str | None = None,
) -> Response:
    """Zones as the draft would leave them, geometry exact."""
    draft = drafts.require_draft(session, number)
    seen = draft_zones.read_draft_zones(session, draft.id, ZonesAsked(None, hazard, product, bbox))
    return Response(write_zones(seen.values()), media_type="application/json")


@router.post("/zones/drafts/{number}/edits", response_model=EditAnswer)
def edit(
    number: int,
    body: Annotated[EditBody, Body()],
    request: Request,
    work: WorkOf,
    principal: Officer,
    now: MomentOf,
    seen: IfMatch = None,
) -> Response:
    """Make one edit, take the last one back or do it again; the answer holds every zone it touched.

    A stale one is told base, mine and theirs of each zone it names (``conflicts``).
    """
    asked = Asked("edit", principal, seen, now)
    with ended_here(work.session):
        edited = edits.edit_draft(work, number, body, asked)
        problems = find_problems(work, edited.draft, edited.zones)
        told = answer_in_language(describe_edited(work.session, edited, problems), chosen_language(request))
    return Response(orjson.dumps(told), 200, {"ETag": edited.tag}, media_type="application/json")


@router.get("/zones/drafts/{number}/problems")
def problems(number: int, request: Request, work: WorkOf, principal: Viewer) -> ProblemList:
    """Problems of what the draft changes, the largest first; blocking ones stop its publication."""
    found = find_problems(work, drafts.require_draft(work.session, number))
    blocking = sum(map(is_blocking, found))
    told: ProblemList = {"items": found, "blocking": blocking, "warnings": len(found) - blocking}
    return answer_in_language(told, chosen_language(request))


@router.get("/zones/drafts/{number}/conflicts")
def conflicts(number: int, session: SessionOf, principal: Viewer) -> ConflictList:
    """Zones that a newer edition changed too: what both began from, the draft's state, the edition's."""
    found = drafts.require_draft(session, number)
    return {"items": publication.overtaken_states(session, found, staged_zones.overtaken_zones(session, found.id))}


@router.post("/zones/drafts/{number}/submit")
def submit(
    number: int,
    request: Request,
    work: WorkOf,
    principal: Officer,
    now: MomentOf,
    answer: Response,
    body: SubmitBody | None = None,
    seen: IfMatch = None,
) -> WholeDraft:
    """Submit a draft to be approved by somebody who had no hand in it; every warning that is passed needs a reason."""
    said = body or SubmitBody()
    asked = Asked("submit", principal, seen, now, comment=said.comment)
    return _told(request, work.session, publication.submit(work, number, asked, said), answer)


@router.post("/zones/drafts/{number}/approve")
def approve(
    number: int,
    request: Request,
    session: SessionOf,
    principal: Decider,
    now: MomentOf,
    answer: Response,
    body: StepBody | None = None,
    seen: IfMatch = None,
) -> WholeDraft:
    """Approve what stands in a draft; never by one of its authors, and any edit after it needs another approval."""
    asked = Asked("approve", principal, seen, now, comment=body.comment if body else "")
    return _decided(request, session, number, asked, answer)


@router.post("/zones/drafts/{number}/return")
def send_back(
    number: int,
    body: ReturnBody,
    request: Request,
    session: SessionOf,
    principal: Decider,
    now: MomentOf,
    answer: Response,
    seen: IfMatch = None,
) -> WholeDraft:
    """Return a draft to its authors, with remarks pinned to places."""
    asked = Asked("return", principal, seen, now, comment=body.comment)
    comments = [one.model_dump(mode="json") for one in body.comments]
    return _decided(request, session, number, asked, answer, comments=comments)


@router.post("/zones/drafts/{number}/withdraw")
def withdraw(
    number: int,
    request: Request,
    session: SessionOf,
    principal: Officer,
    now: MomentOf,
    answer: Response,
    seen: IfMatch = None,
) -> WholeDraft:
    """Take one's own draft back; nothing of it comes in force."""
    return _taken(request, session, number, Asked("withdraw", principal, seen, now), answer)


@router.post(
    "/zones/drafts/{number}/publish",
    response_model=EditionItem,
    responses={202: {"model": WholeDraft}},
)
def publish(
    number: int,
    request: Request,
    work: WorkOf,
    principal: Viewer,
    now: MomentOf,
    body: PublishBody | None = None,
    seen: IfMatch = None,
) -> Response:
    """Put an approved draft in force as the next edition, exactly as it was approved.

    With ``effective_on`` a day to come it is put in force by itself on that day, with every check of then. Where another
    edition changed the same zones meanwhile, both states of each are told (``conflicts``) and nothing is done.
    """
    said, today = body or PublishBody(), now.astimezone(CHINA).date()
    asked = Asked("publish", principal, seen, now)
    with ended_here(work.session):
        if said.effective_on is not None and said.effective_on > today:
            draft = effective_days.schedule(work, number, asked, said, today)
            headers = {"ETag": drafts.tag_of(work.session, draft)}
            whole = answer_in_language(describe_whole(work.session, draft), chosen_language(request))
            return Response(orjson.dumps(whole), 202, headers, media_type="application/json")
        told = describe_edition(effective_days.put_in_force(work, number, asked, said, today))
    return Response(orjson.dumps(told), media_type="application/json")


@router.post("/zones/drafts/{number}/call-off")
def call_off(
    number: int,
    request: Request,
    session: SessionOf,
    principal: Decider,
    now: MomentOf,
    answer: Response,
    body: StepBody | None = None,
    seen: IfMatch = None,
) -> WholeDraft:
    """Call off what was to be put in force on a day: the draft stays approved, and may be put in force by hand."""
    asked = Asked("call_off", principal, seen, now, comment=body.comment if body else "")
    return _taken(request, session, number, asked, answer)


@router.post("/editions/{number}/revert", status_code=201, response_model=EditionItem)
def revert(number: int, body: RevertBody, work: WorkOf, principal: Approver) -> Response:
    """Put an older edition in force once more: a new edition with the same content and fingerprint."""
    with ended_here(work.session):
        told = describe_edition(publication.revert(work, number, principal, body.reason))
    headers = {"Location": f"/api/editions/{told['number']}"}
    return Response(orjson.dumps(told), 201, headers, media_type="application/json")


def _decided(
    request: Request, session: SessionOf, number: int, asked: Asked, answer: Response, **content: object
) -> WholeDraft:
    """The draft after a step of an approver, taken by one or by whoever stands for one today."""
    authors = drafts.decision_on(session, drafts.require_draft(session, number)).authors
    by, stood_for = deputies.acting(session, asked.by, asked.now.astimezone(CHINA).date(), authors)
    told = content | ({} if stood_for is None else {"in_place_of": stood_for})
    return _taken(request, session, number, replace(asked, by=by), answer, content=told)


def _taken(
    request: Request, session: SessionOf, number: int, asked: Asked, answer: Response, **given: object
) -> WholeDraft:
    taken = drafts.take_step(session, number, asked, **given)  # type: ignore[arg-type]
    return _told(request, session, taken, answer)


def _told(request: Request, session: SessionOf, taken: Draft, answer: Response) -> WholeDraft:
    answer.headers["ETag"] = drafts.tag_of(session, taken)
    return answer_in_language(describe_whole(session, taken), chosen_language(request))
