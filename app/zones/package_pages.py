"""Edition packages as a page: editions to be taken out by disc, and a package to be brought in."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.http.dependencies import Viewer, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context
from app.platform.signatures import public_key
from gis_layers.stores import editions

router = APIRouter(include_in_schema=False)
LISTED = 50


@router.get("/zones/packages")
def packages(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """The newest editions with their fingerprints, the public key of this deployment, and the form that takes a package in."""
    return render(
        request,
        "zone_packages.html",
        town=page_context(work),
        editions=editions.list_editions(work.session, limit=LISTED, offset=0),
        total=editions.count_editions(work.session),
        key=public_key(work.settings),
    )
