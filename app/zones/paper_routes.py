"""Drafts on paper: the sheet that is printed, and what was signed."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, Officer, SessionOf, Viewer, WorkOf
from app.http.etags import IfMatch
from app.http.geojson import made_of
from app.http.i18n import answer_in_language, chosen_language
from app.http.scans import SUFFIXES, received_scan
from app.judgement.approval import Asked
from app.judgement.page_context import page_context
from app.platform.clock import CHINA, today
from app.platform.errors import BadParameter
from app.reports.approval_sheet import write_approval_sheet
from app.reports.imprint import house_of
from app.zones import drafts
from app.zones.approval_sheet import SheetOrder, tell_approval_sheet
from app.zones.draft_schemas import WholeDraft
from app.zones.paper_approval import approve_on_paper, require_paper
from app.zones.submitted import submitted_of
from app.zones.told_drafts import describe_whole
from gis_layers.stores.draft_papers import SignedPaper
from risk_model.message import msg

router = APIRouter(prefix="/api", tags=["zones"])

PDF = "application/pdf"
Signer = Annotated[str, Form(min_length=1, max_length=80, pattern=r"\S", description="who signed (分管领导)")]
Digest = Annotated[str, Form(pattern=r"^[0-9a-f]{16}$", description="the digest printed on the sheet")]


@router.get("/zones/drafts/{number}/approval-sheet.pdf", **made_of(PDF))
def approval_sheet(number: int, request: Request, work: WorkOf, principal: Viewer) -> Response:
    """A draft on A4 to be signed: changes, impact, problems with the reasons to pass them, lines for signatures."""
    draft = drafts.require_draft(work.session, number)
    order = SheetOrder(
        submitted=submitted_of(work, draft, today()),
        house=house_of(work),
        language=chosen_language(request),
        synthetic=page_context(work)["synthetic"],
    )
    content = write_approval_sheet(tell_approval_sheet(work, draft, order))
    name = f"anzhi-zone-draft-{draft.id}-approval.pdf"
    return attachment(work.session, principal, name, content, media_type=PDF)


@router.post("/zones/drafts/{number}/approve-on-paper")
def approve(
    number: int,
    request: Request,
    session: SessionOf,
    principal: Officer,
    now: MomentOf,
    answer: Response,
    file: Annotated[UploadFile, File(description="scan of the signed sheet: PDF, JPEG or PNG of at most 20 MB")],
    signed_by: Signer,
    signed_on: Annotated[datetime.date, Form(description="day of the signature")],
    digest: Digest,
    seen: IfMatch = None,
) -> WholeDraft:
    """Approve a draft by its signed sheet, where no account may approve it; never entered by one of its authors."""
    if signed_on > now.astimezone(CHINA).date():
        trouble = msg("签字日期不能晚于今天")
        raise BadParameter(trouble, code="days", errors=[{"field": "signed_on", "message": trouble}])
    scan = received_scan(file, "sheet")
    paper = SignedPaper(scan.name, scan.media_type, scan.content, signed_by.strip(), signed_on, principal.name)
    asked = Asked("approve_on_paper", principal, seen, now)
    draft = approve_on_paper(session, number, asked, paper, digest)
    answer.headers["ETag"] = drafts.tag_of(session, draft)
    return answer_in_language(describe_whole(session, draft), chosen_language(request))


@router.get("/zones/drafts/{number}/papers/{paper}", **made_of(*SUFFIXES))
def signed_sheet(number: int, paper: int, session: SessionOf, principal: Viewer) -> Response:
    """A signed sheet, as it was scanned."""
    found = require_paper(session, number, paper)
    name = f"anzhi-zone-draft-{number}-signed-{paper}.{SUFFIXES[found.media_type]}"
    return attachment(session, principal, name, found.content, media_type=found.media_type)
