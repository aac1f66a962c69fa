"""``/api/kpi``: people, facilities and enterprises by grade and village, and baselines to measure change against."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.guidance.schemas import BaselineAnswer, BaselineForm, GuidanceAnswer, WholeBaselineAnswer
from app.guidance.service import describe_baseline, keep_baseline, known_baseline, read_kpi
from app.guidance.workbook import write_workbook
from app.http.attachments import attachment
from app.http.dependencies import MomentOf, SessionOf, Viewer, WorkOf, require
from app.http.geojson import made_of
from app.http.i18n import chosen_language, tell_in
from app.http.pagination import Listing, PageOf, listing
from app.platform.errands import reckon
from app.platform.principals import Principal, Role
from gis_layers.stores import baselines as store

router = APIRouter(prefix="/api/kpi", tags=["kpi"])

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BaselineNumber = Annotated[int | None, Query(description="the baseline to compare with; the newest unless given")]
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]


@router.get("")
def kpi(work: WorkOf, principal: Viewer, now: MomentOf, baseline: BaselineNumber = None) -> GuidanceAnswer:
    """Figures by grade and village, change against a baseline, what stands on high ground and where it could go."""
    return read_kpi(work, baseline=baseline, now=now)


@router.get("/export.xlsx", **made_of(EXCEL))
def export(
    request: Request, work: WorkOf, principal: Viewer, now: MomentOf, baseline: BaselineNumber = None
) -> Response:
    """The same as a workbook in the reader's language."""
    told = read_kpi(work, baseline=baseline, now=now)
    say = partial(tell_in, language=chosen_language(request))
    book = reckon(len(told["villages"]) + len(told["high"]["items"]), write_workbook, told, say)
    name = f"anzhi-kpi-{now:%Y%m%d}.xlsx"
    return attachment(work.session, principal, name, book, media_type=EXCEL)


@router.get("/baselines")
def baselines(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> Listing[BaselineAnswer]:
    """Baselines, newest first."""
    found = store.list_baselines(session, limit=page.limit, offset=page.offset)
    return listing(request, [describe_baseline(one) for one in found], total=store.count_baselines(session), page=page)


@router.get("/baselines/{number}")
def baseline(number: int, session: SessionOf, principal: Viewer) -> WholeBaselineAnswer:
    """One baseline with its figures by village."""
    found = known_baseline(session, number)
    return {**describe_baseline(found), "villages": found.figures["villages"]}


@router.post("/baselines", status_code=201)
def keep(
    form: BaselineForm,
    response: Response,
    work: WorkOf,
    principal: Officer,
    now: MomentOf,
) -> BaselineAnswer:
    """Keep today's figures as a baseline, for good."""
    kept = keep_baseline(work, name=form.name, reason=form.reason, author=principal.name, now=now)
    response.headers["Location"] = f"/api/kpi/baselines/{kept.id}"
    return describe_baseline(kept)
