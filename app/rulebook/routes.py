"""``/api/rulebook``: the rules in force, their versions, and proposals decided by a second person."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, SessionOf, Viewer, WorkOf, require
from app.http.etags import IfMatch
from app.http.geojson import made_of
from app.http.pagination import PageOf, listing
from app.platform.clock import today
from app.platform.principals import Principal, Role
from app.rulebook import service
from app.rulebook.schemas import CommentBody, ProposalBody, describe_proposal, describe_version
from gis_layers.stores import rulebooks
from gis_layers.stores.publication import read_rulebook_in_force
from risk_model.rulebook import document_of, toml_of

router = APIRouter(prefix="/api/rulebook", tags=["rulebook"])

Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
Approver = Annotated[Principal, Depends(require(Role.APPROVER))]


@router.get("")
def rulebook(work: WorkOf, principal: Viewer) -> dict[str, Any]:
    """The rules in force, with basis, validity and fingerprint, and what this deployment changed of them."""
    version = read_rulebook_in_force(work.session)
    return {**document_of(work.rulebook), "number": version and version.number}


@router.get("/overlay.toml", **made_of("application/toml"))
def overlay(work: WorkOf, principal: Viewer) -> Response:
    """Changes of this deployment to the packaged rules, as a file."""
    text = toml_of(work.rulebook.overlay.as_document())
    return attachment(work.session, principal, "overlay.toml", text, media_type="application/toml")


@router.get("/versions")
def versions(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> dict[str, Any]:
    """Versions, newest first."""
    found = rulebooks.list_versions(session, limit=page.limit, offset=page.offset)
    return listing(request, list(map(describe_version, found)), total=rulebooks.count_versions(session), page=page)


@router.get("/versions/{number}")
def version(number: int, session: SessionOf, principal: Viewer) -> dict[str, Any]:
    """One version with all it changed."""
    found = service.require_version(session, number)
    return {**describe_version(found), "diff": found.diff}


@router.get("/proposals")
def proposals(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> dict[str, Any]:
    """Proposals, open ones first."""
    found = rulebooks.list_proposals(session, limit=page.limit, offset=page.offset)
    items = [describe_proposal(one, rulebooks.version_of_proposal(session, one.id)) for one in found]
    return listing(request, items, total=rulebooks.count_proposals(session), page=page)


@router.post("/proposals", status_code=201)
def propose(body: ProposalBody, work: WorkOf, principal: Officer, answer: Response) -> dict[str, Any]:
    """Propose steps, or the return to an older version; what may not be changed is refused by name."""
    proposal = service.propose(work, principal, body.as_proposed())
    answer.headers["Location"] = f"/api/rulebook/proposals/{proposal.id}"
    return _told(work, proposal, answer)


@router.get("/proposals/{number}")
def proposal(number: int, work: WorkOf, principal: Viewer, answer: Response) -> dict[str, Any]:
    """One proposal; while it is open, with the registered projects whose verdicts it would change."""
    return _told(work, service.require_proposal(work.session, number), answer)


@router.post("/proposals/{number}/approve")
def approve(
    number: int,
    work: WorkOf,
    principal: Approver,
    now: MomentOf,
    seen: IfMatch = None,
) -> dict[str, Any]:
    """Put a proposal in force as a new version; never by its author."""
    found = service.approve(work, principal, number, seen=seen, now=now)
    return {**describe_version(found), "diff": found.diff}


@router.post("/proposals/{number}/return")
def send_back(
    number: int, body: CommentBody, session: SessionOf, principal: Approver, now: MomentOf, seen: IfMatch = None
) -> dict[str, Any]:
    """Return a proposal with a comment."""
    found = service.send_back(session, principal, number, seen=seen, comment=body.comment, now=now)
    return describe_proposal(found, None)


@router.post("/proposals/{number}/withdraw")
def withdraw(
    number: int, session: SessionOf, principal: Officer, now: MomentOf, seen: IfMatch = None
) -> dict[str, Any]:
    """Take one's own proposal back."""
    return describe_proposal(service.withdraw(session, principal, number, seen=seen, now=now), None)


def _told(work: WorkOf, proposal: Any, answer: Response) -> dict[str, Any]:
    answer.headers["ETag"] = service.etag_of(work.session, proposal)
    told = describe_proposal(proposal, rulebooks.version_of_proposal(work.session, proposal.id))
    return told | service.look_at(work, proposal, today())
