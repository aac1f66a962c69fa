"""Documents of themes as pages: every layer with whose ground it is, and the forms by which a document is registered and changed."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import Officer, Viewer, WorkOf
from app.http.forms import RegisterForm, fields_of
from app.http.templates import render
from app.judgement.page_context import page_context
from app.maps.form_page import FormPage, form_page
from app.platform.etags import etag_of
from app.platform.principals import Principal
from app.platform.work import Work
from app.zones.document_schemas import DocumentChange, NewDocument
from app.zones.documents import find_document
from gis_layers.stores.surveys import read_sources
from gis_layers.stores.zone_documents import KeptDocument, read_documents
from risk_model.editing.authority import GroundAuthority, packaged_policy
from risk_model.message import Message, msg

router = APIRouter(include_in_schema=False)
HERE = "/zones/documents"
OF_THEME = ("hazard", "product")
"""What a form asks first."""


@dataclass(frozen=True, slots=True)
class GroundOfTheme:
    """A theme with the authority over it, where its layer comes from, and its documents; ``mine`` whether this account edits it."""

    hazard: str
    product: str
    name: Message
    authority: GroundAuthority
    sources: tuple[str, ...]
    documents: tuple[KeptDocument, ...]
    mine: bool


@router.get("/zones/documents")
def listed(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """Every theme in force: who declares or approves it, by which document."""
    documents, sources = read_documents(work.session), read_sources(work.session)
    told = {(one.hazard, one.product) for one in sources} | {one.theme for one in documents}
    order = work.rulebook.theme_order([hazard for hazard, _ in told])
    themes = [
        GroundOfTheme(
            hazard,
            product,
            work.rulebook.hazard_name(hazard),
            packaged_policy().over(hazard),
            tuple(one.source for one in sources if (one.hazard, one.product) == (hazard, product) and one.source),
            tuple(one for one in documents if one.theme == (hazard, product)),
            principal.may_edit(hazard),
        )
        for hazard, product in sorted(told, key=lambda theme: (order[theme[0]], theme[1]))
    ]
    return render(request, "zone_documents.html", town=page_context(work), themes=themes)


@router.get("/zones/documents/new")
def new(request: Request, work: WorkOf, principal: Officer, hazard: str = "", product: str = "hazard") -> Response:
    """A document to be registered."""
    hazards = [(key, work.rulebook.hazard_name(key)) for key in _editable(work, principal)]
    fields = fields_of(NewDocument, "document", choices={"hazard": hazards})
    fields = tuple(sorted(fields, key=lambda one: one.name not in OF_THEME))
    form = RegisterForm(fields, "/api/zones/documents", HERE, values={"hazard": hazard, "product": product})
    return form_page(request, work, FormPage(msg("登记划定、撤销或批复文件"), form, HERE))


@router.get("/zones/documents/{number}/change")
def change(number: int, request: Request, work: WorkOf, principal: Officer) -> Response:
    """A document to be changed as it stands; of one that an edition rests upon, or that is another officer's, the list."""
    kept = find_document(work.session, number)
    if kept.edition is not None or not principal.may_edit(kept.hazard):
        return RedirectResponse(HERE, 303)
    given = {name: getattr(kept, name) for name in DocumentChange.model_fields}
    values = {**given, "announced_on": kept.announced_on and kept.announced_on.isoformat()}
    form = RegisterForm(
        fields_of(DocumentChange, "document"),
        "/api/zones/documents/{number}",
        HERE,
        path={"number": number},
        etag=etag_of(kept.version),
        values=values,
    )
    return form_page(request, work, FormPage(msg("修改「{name}」", name=kept.number), form, HERE))


def _editable(work: Work, principal: Principal) -> list[str]:
    """The hazards of the rulebook this account edits, in its order."""
    order = work.rulebook.theme_order([*work.rulebook.hazards])
    return [key for key in sorted(work.rulebook.hazards, key=lambda one: order[one]) if principal.may_edit(key)]
