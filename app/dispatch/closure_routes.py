"""``/api/closures``: roads closed or slowed now, one register for everybody who ranks by road."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.dispatch import closures as service
from app.dispatch.closure_schemas import (
    CLOSURE_SHAPES,
    ClosureChange,
    ClosureItem,
    ClosureLifted,
    ClosurePreview,
    ClosurePreviewed,
    ClosureState,
    NewClosure,
)
from app.http.dependencies import Dispatcher, Viewer, WorkOf
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import LISTED, answer_entry, answer_list, plain_rows
from app.http.pagination import Listing, PageOf
from app.http.request_geometry import read_sound_shape
from app.platform.clock import now
from app.platform.work import Work
from gis_layers.stores.closures import ClosureQuery

router = APIRouter(prefix="/api/closures", tags=["dispatch"])


@router.get("", response_model=Listing[ClosureItem], responses=LISTED)
def closures(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    page: PageOf,
    state: Annotated[ClosureState | None, Query(description="those in force, or those that were lifted")] = None,
) -> Response:
    """Closures of roads, the newest first."""
    query = ClosureQuery(state, limit=page.limit, offset=page.offset)
    frame, total = service.list_closures(work, query, now())
    return answer_list(request, frame, total=total, page=page)


@router.get("/{number}", response_model=ClosureItem)
def closure(number: int, work: WorkOf, principal: Viewer) -> Response:
    """One closure."""
    return _answer(work, number)


@router.post("", response_model=ClosureItem, status_code=201)
def close(new: NewClosure, work: WorkOf, principal: Dispatcher) -> Response:
    """Close or slow roads: every ranking from now on goes by it."""
    metric_crs = work.settings.metric_crs
    shape = read_sound_shape(new.geometry, CLOSURE_SHAPES, crs=new.crs, metric_crs=metric_crs)
    number = service.close_road(work, new.values(), shape, around_m=new.around_m, actor=principal.name)
    return _answer(work, number, status=201)


@router.post("/preview")
def preview(thought: ClosurePreview, work: WorkOf, principal: Dispatcher) -> ClosurePreviewed:
    """What a closure would take of the roads; nothing is written."""
    metric_crs = work.settings.metric_crs
    shape = read_sound_shape(thought.geometry, CLOSURE_SHAPES, crs=thought.crs, metric_crs=metric_crs)
    return service.preview_closure(work, shape, around_m=thought.around_m)


@router.patch("/{number}", response_model=ClosureItem)
def change(
    number: int, changes: ClosureChange, work: WorkOf, principal: Dispatcher, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Change what is given of a closure in force: that it was looked at, and when it is asked about next."""
    _hold(work, number, if_match)
    service.change_closure(work, number, changes.values(), actor=principal.name)
    return _answer(work, number)


@router.post("/{number}/lift", response_model=ClosureItem)
def lift(
    number: int, lifted: ClosureLifted, work: WorkOf, principal: Dispatcher, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Lift a closure: its roads are driven as before."""
    _hold(work, number, if_match)
    service.lift_closure(work, number, lifted.reason, actor=principal.name)
    return _answer(work, number)


def _hold(work: Work, number: int, if_match: str | None) -> None:
    version, lifted = service.lock_closure(work.session, number)
    require_if_match(if_match, version)
    service.refuse_lifted(number, lifted=lifted)


def _answer(work: Work, number: int, *, status: int = 200) -> Response:
    frame = service.find_closure(work, number, now())
    (row,) = plain_rows(frame)
    return answer_entry(row, frame.geometry.iloc[0], f"/api/closures/{number}", status=status)
