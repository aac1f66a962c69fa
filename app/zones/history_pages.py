"""Past of a zone as a page: what every edition made of it, with its outline, to be read and printed."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.http.dependencies import Viewer, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context
from app.maps.legend import legend_of
from app.maps.outline_picture import SIDE, OutlinePicture
from app.zones.drafts import DRAFTS
from app.zones.zone_past import past_of

router = APIRouter(include_in_schema=False)


@router.get("/zones/{zone}/history")
def history(zone: int, request: Request, work: WorkOf, principal: Viewer) -> Response:
    """What became of one zone, edition by edition: who, why, by which document, from which zones and into which."""
    past = past_of(work, zone)
    return render(
        request,
        "zone_history.html",
        town=page_context(work),
        past=past,
        picture=OutlinePicture(past.shapes),
        side=SIDE,
        legend=legend_of(work.rulebook),
        life=DRAFTS.life,
    )
