"""``/api/rulebook``: the rules in force, their versions, and proposals decided by a second person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, SessionOf, Viewer, WorkOf, require
from app.http.etags import IfMatch
from app.http.geojson import made_of
from app.http.next_steps import describe_step
from app.http.pagination import Listing, PageOf, listing
from app.judgement.approval import Asked
from app.platform.clock import today
from app.platform.principals import Principal, Role
from app.rulebook import service
from app.rulebook.schemas import (
    CommentBody,
    ProposalAnswer,
    ProposalBody,
    VersionAnswer,
    WholeProposalAnswer,
    WholeRulebookAnswer,
    WholeVersionAnswer,
    describe_proposal,
    describe_version,
)
from gis_layers.stores import rulebooks
from gis_layers.stores.publication import read_rulebook_in_force
from gis_layers.stores.rulebooks import Proposal
from risk_model.rulebook import document_of, toml_of

router = APIRouter(prefix="/api/rulebook", tags=["rulebook"])

Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
Approver = Annotated[Principal, Depends(require(Role.APPROVER))]


@router.get("")
def rulebook(work: WorkOf, principal: Viewer) -> WholeRulebookAnswer:
    """The rules in force, with basis, validity and fingerprint, and what this deployment changed of them."""
    version = read_rulebook_in_force(work.session)
    return {**document_of(work.rulebook), "number": None if version is None else version.number}


@router.get("/overlay.toml", **made_of("application/toml"))
def overlay(work: WorkOf, principal: Viewer) -> Response:
    """Changes of this deployment to the packaged rules, as a file."""
    text = toml_of(work.rulebook.overlay.as_document())
    return attachment(work.session, principal, "overlay.toml", text, media_type="application/toml")


@router.get("/versions")
def versions(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> Listing[VersionAnswer]:
    """Versions, newest first."""
    found = rulebooks.list_versions(session, limit=page.limit, offset=page.offset)
    return listing(request, list(map(describe_version, found)), total=rulebooks.count_versions(session), page=page)


@router.get("/versions/{number}")
def version(number: int, session: SessionOf, principal: Viewer) -> WholeVersionAnswer:
    """One version with all it changed."""
    found = service.require_version(session, number)
    return {**describe_version(found), "diff": found.diff}


@router.get("/proposals")
def proposals(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> Listing[ProposalAnswer]:
    """Proposals, open ones first."""
    found = rulebooks.list_proposals(session, limit=page.limit, offset=page.offset)
    items = [_plainly(session, one) for one in found]
    return listing(request, items, total=rulebooks.count_proposals(session), page=page)


@router.post("/proposals", status_code=201)
def propose(body: ProposalBody, work: WorkOf, principal: Officer, answer: Response) -> WholeProposalAnswer:
    """Propose steps, or the return to an older version; what may not be changed is refused by name."""
    proposal = service.propose(work, principal, body.as_proposed())
    answer.headers["Location"] = f"/api/rulebook/proposals/{proposal.id}"
    return _told(work, proposal, answer)


@router.get("/proposals/{number}")
def proposal(number: int, work: WorkOf, principal: Viewer, answer: Response) -> WholeProposalAnswer:
    """One proposal; while it is open, with the registered projects whose verdicts it would change."""
    return _told(work, service.require_proposal(work.session, number), answer)


@router.post("/proposals/{number}/resubmit")
def propose_again(
    number: int,
    body: ProposalBody,
    work: WorkOf,
    principal: Officer,
    now: MomentOf,
    answer: Response,
    seen: IfMatch = None,
) -> WholeProposalAnswer:
    """Propose what was returned again, in these words; whoever does is one of its authors and cannot approve it."""
    asked = Asked("resubmit", principal, seen, now)
    return _told(work, service.propose_again(work, number, body.as_proposed(), asked), answer)


@router.post("/proposals/{number}/approve")
def approve(
    number: int,
    work: WorkOf,
    principal: Approver,
    now: MomentOf,
    seen: IfMatch = None,
) -> WholeVersionAnswer:
    """Put a proposal in force as a new version; never by one of its authors."""
    found = service.approve(work, number, Asked("approve", principal, seen, now))
    return {**describe_version(found), "diff": found.diff}


@router.post("/proposals/{number}/return")
def send_back(
    number: int, body: CommentBody, session: SessionOf, principal: Approver, now: MomentOf, seen: IfMatch = None
) -> ProposalAnswer:
    """Return a proposal to its authors with a comment."""
    asked = Asked("return", principal, seen, now, comment=body.comment)
    return _plainly(session, service.decide(session, number, asked))


@router.post("/proposals/{number}/withdraw")
def withdraw(
    number: int, session: SessionOf, principal: Officer, now: MomentOf, seen: IfMatch = None
) -> ProposalAnswer:
    """Take one's own proposal back."""
    return _plainly(session, service.decide(session, number, Asked("withdraw", principal, seen, now)))


def _plainly(session: SessionOf, proposal: Proposal) -> ProposalAnswer:
    version = rulebooks.version_of_proposal(session, proposal.id)
    return describe_proposal(proposal, service.decision_on(session, proposal), version)


def _told(work: WorkOf, proposal: Proposal, answer: Response) -> WholeProposalAnswer:
    decision, version = (
        service.decision_on(work.session, proposal),
        rulebooks.version_of_proposal(work.session, proposal.id),
    )
    answer.headers["ETag"] = service.tag_of(work.session, decision)
    return {
        **describe_proposal(proposal, decision, version),
        **service.look_at(work, proposal, today()),
        "next_steps": [describe_step(one) for one in service.next_steps_of(decision, today())],
    }
