"""Problems of whole layers, the ways to mend one in a draft, and who else is at work on zones."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from app.http.bbox import WindowOf
from app.http.dependencies import MomentOf, Officer, SessionOf, Viewer, WorkOf
from app.http.i18n import answer_in_language, chosen_language
from app.http.pagination import Listing, PageOf, listing
from app.zones import drafts, layer_problems
from app.zones.draft_schemas import ProblemItem, ProblemKey
from app.zones.fixes import propose_fixes
from app.zones.layer_problems import LayerAsked
from app.zones.presence import tell_presence
from app.zones.presence_schemas import PresenceBody, PresenceList
from app.zones.problem_schemas import FixList
from gis_layers.plain_text import LARGEST_WHOLE
from gis_layers.stores.draft_presence import record_presence
from risk_model.vocabulary import Product

router = APIRouter(prefix="/api", tags=["zones"])


@router.get("/zones/problems")
def problems_of_layer(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    page: PageOf,
    bbox: WindowOf,
    hazard: Annotated[str, Query(max_length=100)],
    product: Product,
    draft: Annotated[int | None, Query(ge=1, le=LARGEST_WHOLE, description="as this draft would leave them")] = None,
) -> Listing[ProblemItem]:
    """Problems of every zone of a theme in force, changed or not, the largest first; ``inherited`` says nothing here."""
    found = layer_problems.find_layer_problems(work, LayerAsked(hazard, str(product), bbox, draft))
    items = found[page.offset : page.offset + page.limit]
    told = listing(request, items, total=len(found), page=page)
    return answer_in_language(told, chosen_language(request))


@router.get("/zones/drafts/{number}/problems/{key}/fixes")
def fixes(
    number: int, key: Annotated[ProblemKey, Path()], request: Request, work: WorkOf, principal: Officer
) -> FixList:
    """Every way to mend a problem, with what it would change: the edit ``fix`` makes the one that is chosen."""
    told = propose_fixes(work, drafts.require_draft(work.session, number), key)
    return answer_in_language(told, chosen_language(request))


@router.get("/zones/drafts/{number}/presence")
def presence(number: int, session: SessionOf, principal: Viewer, now: MomentOf) -> PresenceList:
    """Everybody else who worked on zones of this or another draft in the last minutes."""
    drafts.require_draft(session, number)
    return tell_presence(session, principal, now)


@router.post("/zones/drafts/{number}/presence")
def be_present(number: int, body: PresenceBody, session: SessionOf, principal: Officer, now: MomentOf) -> PresenceList:
    """Tell others which zones of a draft are worked on; it blocks nobody and is forgotten after some minutes."""
    draft = drafts.require_draft(session, number)
    record_presence(session, draft.id, principal.name, body.zones, now)
    return tell_presence(session, principal, now)
