"""``/api/zones/documents`` and ``/api/zones/layers``: whose ground a theme is, and what a draft rests upon."""

from __future__ import annotations

from typing import cast

import orjson
from fastapi import APIRouter, Request, Response

from app.http.dependencies import MomentOf, Officer, SessionOf, Viewer, WorkOf
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import CREATED, plain_rows
from app.http.i18n import answer_in_language, chosen_language
from app.http.pagination import Listing, PageOf, listing
from app.judgement.approval import Asked
from app.platform.clock import today
from app.platform.errors import NotFound
from app.platform.etags import etag_of
from app.platform.work import Work
from app.zones import documents, drafts
from app.zones.document_schemas import (
    DocumentChange,
    DocumentItem,
    DraftStandingAnswer,
    LayerItem,
    NewDocument,
    StandingChange,
)
from app.zones.whose_ground import change_standing, describe_standing
from gis_layers.stores import zone_documents
from gis_layers.stores.surveys import published_layers
from gis_layers.stores.zone_documents import DocumentQuery
from risk_model.editing.authority import packaged_policy
from risk_model.message import msg

router = APIRouter(prefix="/api/zones", tags=["zones"])


@router.get("/layers")
def layers(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> Listing[LayerItem]:
    """Layers in force: where each comes from, whose ground it is and by which documents."""
    rows = plain_rows(published_layers(session))
    known = zone_documents.read_documents(session)
    items = []
    for row in rows[page.offset : page.offset + page.limit]:
        authority = packaged_policy().over(row["hazard"])
        told = {"levels": list(authority.levels), "announced": authority.announced, "basis": authority.basis}
        own = [documents.describe_document(one) for one in known if one.theme == (row["hazard"], row["product"])]
        items.append(cast("LayerItem", {**row, "ground": authority.ground, **told, "documents": own}))
    return listing(request, items, total=len(rows), page=page)


@router.get("/documents")
def list_documents(
    request: Request,
    session: SessionOf,
    principal: Viewer,
    page: PageOf,
    hazard: str | None = None,
    product: str | None = None,
) -> Listing[DocumentItem]:
    """Documents by which ground is declared, withdrawn or approved, the last announced first."""
    found = zone_documents.read_documents(session, DocumentQuery(hazard, product))
    items = [documents.describe_document(one) for one in found[page.offset : page.offset + page.limit]]
    return listing(request, items, total=len(found), page=page)


@router.get("/documents/{number}", response_model=DocumentItem)
def document(number: int, work: WorkOf, principal: Viewer) -> Response:
    """One document."""
    return _answer(work, number)


@router.post("/documents", response_model=DocumentItem, status_code=201)
def register(new: NewDocument, work: WorkOf, principal: Officer) -> Response:
    """Register a document of a theme whose hazard is this officer's."""
    return _answer(work, documents.register_document(work, new.values(), principal, today()), status=CREATED)


@router.patch("/documents/{number}", response_model=DocumentItem)
def change(
    number: int, changes: DocumentChange, work: WorkOf, principal: Officer, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Change a document that no edition rests upon yet."""
    version = zone_documents.lock_document(work.session, number)
    if version is None:
        raise NotFound(msg("没有编号为 {number} 的划定文件；全部文件见 /api/zones/documents", number=number))
    require_if_match(if_match, version)
    documents.change_document(work, number, changes.values(), principal, today())
    return _answer(work, number)


@router.get("/drafts/{number}/standing")
def standing(number: int, request: Request, work: WorkOf, principal: Viewer, answer: Response) -> DraftStandingAnswer:
    """How a draft stands to the authorities whose ground it edits, theme by theme: in force, awaited, or proposed."""
    return _standing(request, work, number, answer)


@router.patch("/drafts/{number}/standing")
def stand(
    number: int,
    change: StandingChange,
    request: Request,
    work: WorkOf,
    principal: Officer,
    now: MomentOf,
    answer: Response,
    if_match: IfMatch = None,
) -> DraftStandingAnswer:
    """Say what a draft calls itself and which documents it rests upon; what was approved before is approved anew."""
    change_standing(work, number, change, Asked("edit", principal, if_match, now))
    return _standing(request, work, number, answer)


def _standing(request: Request, work: Work, number: int, answer: Response) -> DraftStandingAnswer:
    draft = drafts.require_draft(work.session, number)
    answer.headers["ETag"] = drafts.tag_of(work.session, draft)
    return answer_in_language(describe_standing(work, draft, today()), chosen_language(request))


def _answer(work: Work, number: int, *, status: int = 200) -> Response:
    found = documents.find_document(work.session, number)
    headers = {"ETag": etag_of(found.version)}
    if status == CREATED:
        headers["Location"] = f"/api/zones/documents/{number}"
    content = orjson.dumps(documents.describe_document(found))
    return Response(content, status, headers, media_type="application/json")
