"""Two editions side by side: under one divider, as a list of what differs, and as a document."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, Viewer, WorkOf
from app.http.i18n import chosen_language
from app.http.pagination import Page
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.legend import legend_of
from app.maps.zone_compare_map import draw_zone_compare_map
from app.platform.clock import CHINA
from app.platform.errors import NotFound
from app.reports.imprint import Order, Profile
from app.reports.register_paper import KINDS, RegisterKind, file_name
from app.zones.change_paper import change_log, changed_words
from app.zones.edition_changes import count_changes, find_changes, require_both
from app.zones.pages import published
from gis_layers.plain_text import LARGEST_WHOLE
from gis_layers.stores import editions
from gis_layers.stores.edition_changes import Span
from risk_model.message import msg

router = APIRouter(include_in_schema=False)
LISTED = 300
OFFERED = 200

Number = Annotated[int | None, Query(ge=1, le=LARGEST_WHOLE)]
Earlier = Annotated[int | None, Query(alias="from", ge=0, le=LARGEST_WHOLE)]


@router.get("/zones/compare")
def compare(
    request: Request, work: WorkOf, principal: Viewer, first: Earlier = None, to: Number = None, theme: str = ""
) -> Response:
    """Two editions under one divider, theme by theme, and every zone that differs; the newest two where none are named."""
    span = _span(work, first, to)
    page, legend = Page(limit=LISTED, offset=0), legend_of(work.rulebook)
    themes = published(work, principal)
    items = find_changes(work, span, page)
    changed = {f"{one['hazard']}/{one['product']}" for one in items}
    chosen = next((one for one in themes if one.key == theme), None)
    chosen = chosen or next((one for one in themes if one.key in changed), themes[0] if themes else None)
    options = {
        "legend": legend.as_options(),
        "editions": [span.first, span.second],
        "theme": None if chosen is None else chosen.key,
        "changes": [
            {"zone": one["zone"], "theme": f"{one['hazard']}/{one['product']}", "bbox": one["bbox"]} for one in items
        ],
    }
    return render(
        request,
        "zones_compare.html",
        town=page_context(work),
        legend=legend,
        map=draw_zone_compare_map(options, town_bounds(work)),
        span=span,
        editions=editions.list_editions(work.session, limit=OFFERED, offset=0),
        themes=themes,
        chosen=chosen,
        grades=[] if chosen is None else legend.of_scheme(chosen.scheme),
        counts=count_changes(work, span),
        items=items,
        words=[changed_words(one) for one in items],
    )


@router.get("/zones/compare.{suffix}")
def document(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    now: MomentOf,
    suffix: RegisterKind,
    first: Earlier = None,
    to: Number = None,
) -> Response:
    """The change log as a document."""
    span, language = _span(work, first, to), chosen_language(request)
    content = change_log(work, span, suffix, Order(language, Profile.INTERNAL, now))
    name = file_name(f"zone-changes-{span.first}-{span.second}", suffix, now.astimezone(CHINA).date())
    return attachment(work.session, principal, name, content, media_type=KINDS[suffix])


def _span(work: WorkOf, first: int | None, second: int | None) -> Span:
    """The two editions asked for. Raises NotFound where there are none."""
    newest = editions.current_edition(work.session)
    if newest is None:
        raise NotFound(msg("还没有启用过任何版次，没有可比较的"))
    second = newest.number if second is None else second
    earlier, later = require_both(work, second - 1 if first is None else first, second)
    return Span(0 if earlier is None else earlier.number, later.number)
