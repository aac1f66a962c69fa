"""``/api/editions/{number}/changes``: what an edition brought, or how it differs from another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.http.dependencies import Viewer, WorkOf
from app.http.pagination import PageOf, listing
from app.zones.change_schemas import EditionChanges
from app.zones.edition_changes import count_changes, find_changes, require_both
from app.zones.told_editions import describe_edition
from gis_layers.plain_text import LARGEST_WHOLE
from gis_layers.stores.edition_changes import Span

router = APIRouter(prefix="/api", tags=["zones"])


@router.get("/editions/{number}/changes")
def changes(
    number: int,
    request: Request,
    work: WorkOf,
    principal: Viewer,
    page: PageOf,
    first: Annotated[
        int | None, Query(alias="from", ge=0, le=LARGEST_WHOLE, description="the edition compared with; 0: none")
    ] = None,
) -> EditionChanges:
    """Zones that differ from another edition, from the one before where none is named, with the area each gained or lost."""
    earlier, later = require_both(work, number - 1 if first is None else first, number)
    span = Span(0 if earlier is None else earlier.number, later.number)
    counts, items = count_changes(work, span), find_changes(work, span, page)
    return {
        **listing(request, items, total=sum((counts["changed"], counts["new"], counts["gone"])), page=page),
        "earlier": None if earlier is None else describe_edition(earlier),
        "later": describe_edition(later),
        "counts": counts,
    }
