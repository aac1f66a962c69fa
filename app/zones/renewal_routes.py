"""``/api/zones/drafts/{number}/delivery``: a new delivery beside what is in force, settled zone by zone, reported as a table."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal, cast

import orjson
from fastapi import APIRouter, Query, Request, Response

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, Officer, Viewer, WorkOf, ended_here
from app.http.etags import IfMatch
from app.http.geojson import made_of
from app.http.i18n import chosen_language, tell_in
from app.judgement.approval import Asked
from app.platform.errors import BadParameter
from app.platform.work import Work
from app.zones import drafts, edits
from app.zones.draft_schemas import DraftState
from app.zones.files import MEDIA, FileAsked, TextEncoding, book_of, file_of
from app.zones.renewal_schemas import DeliveryComparison, DeliveryDecisions, RenumberEdit, SettleEdit
from app.zones.renewal_table import changed_rows, sheet_of_changes, table_of_changes
from app.zones.renewals import Renewal, compare_draft, describe_renewal
from risk_model.message import msg

router = APIRouter(prefix="/api", tags=["zones"])
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Hazard = Annotated[str | None, Query(max_length=100, description="where the draft is of several themes")]
Product = Annotated[str | None, Query(max_length=100)]


@router.get("/zones/drafts/{number}/delivery")
def delivery(
    number: int, work: WorkOf, principal: Viewer, answer: Response, hazard: Hazard = None, product: Product = None
) -> DeliveryComparison:
    """What a draft brings of a theme beside what is in force: matched, compared, and held against what was edited here."""
    draft = drafts.require_draft(work.session, number)
    answer.headers["ETag"] = drafts.tag_of(work.session, draft)
    return _told(work, compare_draft(work, draft, hazard, product))


@router.post("/zones/drafts/{number}/delivery/decisions", response_model=DeliveryComparison)
def decide(
    number: int, body: DeliveryDecisions, work: WorkOf, principal: Officer, now: MomentOf, seen: IfMatch = None
) -> Response:
    """Decide which state of zones edited here stays, or have what is matched keep its lasting number: one edit of the draft."""
    with ended_here(work.session):
        edited = edits.edit_draft(work, number, _edit(work, number, body), Asked("edit", principal, seen, now))
        told = _told(work, compare_draft(work, edited.draft, body.hazard, body.product))
        tag = drafts.tag_of(work.session, edited.draft)
    return Response(orjson.dumps(told), 200, {"ETag": tag}, media_type="application/json")


def _edit(work: Work, number: int, body: DeliveryDecisions) -> SettleEdit | RenumberEdit:
    if body.renumber == bool(body.choices):
        trouble = msg("请写明 choices 或 renumber，只写其中一个")
        raise BadParameter(trouble, code="together", errors=[{"field": "choices", "message": trouble}])
    if body.choices:
        return SettleEdit(choices=body.choices, reason=body.reason)
    draft = drafts.require_draft(work.session, number)
    hazard, product = compare_draft(work, draft, body.hazard, body.product).theme
    return RenumberEdit(hazard=hazard, product=product, reason=body.reason)


@router.get("/zones/drafts/{number}/delivery/table.{kind}", **made_of(EXCEL, MEDIA["shp"]))
def table(
    number: int,
    kind: Literal["xlsx", "zip"],
    request: Request,
    work: WorkOf,
    principal: Viewer,
    hazard: Hazard = None,
    product: Product = None,
    encoding: Annotated[TextEncoding, Query(description="of the shapefile")] = "utf8",
) -> Response:
    """Table of changes for reporting (变化图斑表): every zone changed, new or gone, as a workbook or as a shapefile."""
    draft = drafts.require_draft(work.session, number)
    found = compare_draft(work, draft, hazard, product)
    tell = partial(tell_in, language=chosen_language(request)) if kind == "xlsx" else str
    rows = changed_rows(work, found, _told(work, found), tell)
    name = f"anzhi-draft-{number}-changes.{kind}"
    if kind == "xlsx":
        content = book_of([sheet_of_changes(rows, tell)], len(rows))
        return attachment(work.session, principal, name, content, media_type=EXCEL)
    about = {"draft": str(number), "theme": "/".join(found.theme)}
    asked = FileAsked("shp", "changes", encoding=encoding)
    content = file_of(table_of_changes(rows), asked, about)
    return attachment(work.session, principal, name, content, media_type=MEDIA["shp"])


def _told(work: Work, found: Renewal) -> DeliveryComparison:
    state = drafts.decision_on(work.session, found.draft).state
    return describe_renewal(found, cast("DraftState", state))
