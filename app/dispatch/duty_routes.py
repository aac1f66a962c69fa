"""``/api/duty-shifts``: who leads and who answers the telephone, signed by two."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response

from app.dispatch import duty
from app.dispatch.duty_schemas import DutyShiftAnswer, NewShift, SignedShift
from app.http.dependencies import Dispatcher, WorkOf
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import CREATED
from app.http.pagination import Listing, PageOf, listing
from app.platform.etags import etag_of
from app.platform.work import Work
from gis_layers.stores.duty import count_shifts, read_shifts

router = APIRouter(prefix="/api", tags=["dispatch"])


@router.get("/duty-shifts")
def shifts(request: Request, work: WorkOf, principal: Dispatcher, page: PageOf) -> Listing[DutyShiftAnswer]:
    """Shifts of duty, the latest first."""
    told = [duty.tell_shift(one) for one in read_shifts(work.session, limit=page.limit, offset=page.offset)]
    return listing(request, told, total=count_shifts(work.session), page=page)


@router.post("/duty-shifts", response_model=DutyShiftAnswer, status_code=201)
def plan(new: NewShift, work: WorkOf, principal: Dispatcher) -> Response:
    """Put a shift on the roster."""
    number = duty.plan_shift(work, new.values(), actor=principal.name)
    return _answer(work, number, status=CREATED)


@router.post("/duty-shifts/{number}/sign", response_model=DutyShiftAnswer)
def sign(
    number: int, signed: SignedShift, work: WorkOf, principal: Dispatcher, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Sign under a shift: whoever hands over first, then whoever takes over, who is somebody else."""
    held = duty.lock_shift(work, number)
    require_if_match(if_match, held.version)
    duty.sign_shift(work, held, signed, actor=principal.name)
    return _answer(work, number)


def _answer(work: Work, number: int, *, status: int = 200) -> Response:
    shift = duty.lock_shift(work, number)
    headers = {"ETag": etag_of(shift.version)} | (
        {"Location": f"/api/duty-shifts/{number}"} if status == CREATED else {}
    )
    return Response(orjson.dumps(duty.tell_shift(shift)), status, headers, media_type="application/json")
