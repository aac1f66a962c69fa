"""The impact of a draft: told, and taken away as a file."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, Viewer, WorkOf
from app.http.geojson import LISTED, Responses, made_of
from app.http.i18n import chosen_language, tell_in
from app.judgement.page_context import page_context
from app.platform.clock import today
from app.zones import drafts
from app.zones.impact_files import WRITERS, ImpactFacts
from app.zones.impact_schemas import DraftImpact
from app.zones.submitted import impact_told

router = APIRouter(prefix="/api", tags=["zones"])

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
}
Anew = Annotated[bool, Query(description="of a draft not yet in force: against the edition in force now")]
FILES: Responses = {
    200: {"content": {**made_of(MEDIA["xlsx"], MEDIA["csv"])["responses"][200]["content"], **LISTED[200]["content"]}}
}


@router.get("/zones/drafts/{number}/impact")
def impact(number: int, work: WorkOf, principal: Viewer, anew: Anew = False) -> DraftImpact:
    """Impact a draft would have if it came in force now: ground by grade, who and what stands on it, what is judged otherwise.

    From its submission on the one that was reckoned then; of a draft in force that nobody submitted 404.
    """
    return impact_told(work, drafts.require_draft(work.session, number), today(), anew=anew)


@router.get("/zones/drafts/{number}/impact.{suffix}", response_class=Response, responses=FILES)
def impact_file(
    number: int,
    suffix: Literal["xlsx", "csv", "geojson"],
    request: Request,
    work: WorkOf,
    principal: Viewer,
    now: MomentOf,
) -> Response:
    """The same as a workbook, a table, or features with the changed ground, in the reader's language."""
    draft = drafts.require_draft(work.session, number)
    told = impact_told(work, draft, today())
    say = partial(tell_in, language=chosen_language(request))
    hazards = {theme["hazard"]: work.rulebook.hazard_name(theme["hazard"]) for theme in told["themes"]}
    synthetic = page_context(work)["synthetic"]
    facts = ImpactFacts(draft.id, draft.name, dict(hazards), f"{now:%Y-%m-%dT%H:%MZ}", synthetic)
    name = f"anzhi-zone-draft-{draft.id}-impact.{suffix}"
    content = WRITERS[suffix](told, facts, say)
    return attachment(work.session, principal, name, content, media_type=MEDIA[suffix])
