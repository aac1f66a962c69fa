"""``/api/hidden-dangers``: the register."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.hidden_dangers import service, steps
from app.hidden_dangers.schemas import (
    ActAnswer,
    DangerChange,
    DangerItem,
    DangerParameters,
    NewDanger,
    StepTaken,
    WholeDanger,
)
from app.http.dependencies import SessionOf, Viewer, WorkOf, require
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import LISTED, answer_list, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.masking import masked_for
from app.http.next_steps import describe_step
from app.http.pagination import Listing, PageOf
from app.http.request_geometry import read_sound_shape
from app.platform.clock import today
from app.platform.errors import NotFound
from app.platform.etags import etag_of
from app.platform.principals import Principal, Role
from gis_layers.stores import hidden_dangers
from gis_layers.stores.danger_acts import DangerAct, read_acts
from risk_model.message import msg
from risk_model.vocabulary import DangerState

router = APIRouter(prefix="/api", tags=["hidden dangers"])
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]


@router.get("/hidden-dangers", response_model=Listing[DangerItem], responses=LISTED)
def dangers(request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: DangerParameters) -> Response:
    """Hidden dangers, newest found first."""
    frame, total = service.list_dangers(session, query, today())
    return answer_list(request, masked_for(principal, frame), total=total, page=page)


@router.get("/hidden-dangers/{number}", response_model=WholeDanger)
def danger(number: int, session: SessionOf, principal: Viewer) -> Response:
    """One hidden danger, with what may follow."""
    return _answer(session, number, principal)


@router.post("/hidden-dangers", response_model=WholeDanger, status_code=201)
def register(new: NewDanger, work: WorkOf, principal: Officer) -> Response:
    """Register a hidden danger; a confirmed one makes its enterprise red at once."""
    place, metric_crs = new.geometry, work.settings.metric_crs
    shape = None if place is None else read_sound_shape(place, ("Point",), crs=new.crs, metric_crs=metric_crs)
    values = new.model_dump(exclude={"geometry", "crs"})
    number = service.register_danger(work, values, shape, actor=principal.name, on=today())
    return _answer(work.session, number, principal, status=201)


@router.patch("/hidden-dangers/{number}", response_model=WholeDanger)
def change(
    number: int, changes: DangerChange, work: WorkOf, principal: Officer, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Change what is on record of a danger; its state changes by steps."""
    require_if_match(if_match, _held(work.session, number))
    place, metric_crs = changes.geometry, work.settings.metric_crs
    shape = None if place is None else read_sound_shape(place, ("Point",), crs=changes.crs, metric_crs=metric_crs)
    service.change_danger(work, number, changes.values(), geometry=shape, actor=principal.name, on=today())
    return _answer(work.session, number, principal)


@router.post("/hidden-dangers/{number}/steps", response_model=WholeDanger, status_code=201)
def step(
    number: int, taken: StepTaken, work: WorkOf, principal: Viewer, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Take a step in the life of a danger; one that does not lead on from here is refused with those that do.

    Whose a step is, ``roles only never`` of ``next_steps`` say. With If-Match it is refused as well where anything changed since that state was read.
    """
    version = _held(work.session, number)
    if if_match is not None:
        require_if_match(if_match, version)
    steps.take_step(work, number, taken.step, taken.brought(), by=principal, on=today())
    return _answer(work.session, number, principal, status=201)


def _held(session: Session, number: int) -> int:
    version = hidden_dangers.lock_danger(session, number)
    if version is None:
        raise NotFound(msg("没有编号为 {number} 的隐患", number=number))
    return version


def _answer(session: Session, number: int, principal: Principal, *, status: int = 200) -> Response:
    frame = service.find_danger(session, number, today())
    acts = read_acts(session, number)
    following = [describe_step(one) for one in service.next_steps_of(frame.iloc[0].to_dict(), acts, today())]
    (row,) = plain_rows(masked_for(principal, frame))
    place = geometry_of(frame.geometry.iloc[0])
    told = {**row, "geometry": place, "acts": [_told(one) for one in acts], "next_steps": following}
    headers = {"ETag": etag_of(row["version"])}
    if status == 201:
        headers["Location"] = f"/api/hidden-dangers/{number}"
    return Response(orjson.dumps(told), status, headers, media_type="application/json")


def _told(act: DangerAct) -> ActAnswer:
    return {
        "kind": act.kind,
        "step": act.step,
        "state": DangerState(act.state),
        "by": act.taken_by,
        "at": act.taken_at.isoformat(),
        "comment": act.comment,
        "content": act.content,
    }
