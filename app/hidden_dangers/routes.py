"""``/api/hidden-dangers``: the register."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.hidden_dangers import service
from app.hidden_dangers.schemas import DangerItem, DangerParameters, NewDanger, WholeDanger
from app.http.dependencies import SessionOf, Viewer, WorkOf, require
from app.http.geojson import LISTED, answer_list, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.next_steps import describe_step
from app.http.pagination import Listing, PageOf
from app.http.request_geometry import read_sound_shape
from app.platform.clock import today
from app.platform.etags import etag_of
from app.platform.principals import Principal, Role

router = APIRouter(prefix="/api", tags=["hidden dangers"])
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]


@router.get("/hidden-dangers", response_model=Listing[DangerItem], responses=LISTED)
def dangers(request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: DangerParameters) -> Response:
    """Hidden dangers, newest found first."""
    frame, total = service.list_dangers(session, query, today())
    return answer_list(request, frame, total=total, page=page)


@router.get("/hidden-dangers/{number}", response_model=WholeDanger)
def danger(number: int, session: SessionOf, principal: Viewer) -> Response:
    """One hidden danger, with what may follow."""
    return _answer(session, number)


@router.post("/hidden-dangers", response_model=WholeDanger, status_code=201)
def register(new: NewDanger, work: WorkOf, principal: Officer) -> Response:
    """Register a hidden danger; a confirmed one makes its enterprise red at once."""
    place, metric_crs = new.geometry, work.settings.metric_crs
    shape = None if place is None else read_sound_shape(place, ("Point",), crs=new.crs, metric_crs=metric_crs)
    values = new.model_dump(exclude={"geometry", "crs"})
    number = service.register_danger(work, values, shape, actor=principal.name, on=today())
    return _answer(work.session, number, status=201)


def _answer(session: Session, number: int, *, status: int = 200) -> Response:
    frame = service.find_danger(session, number, today())
    (row,) = plain_rows(frame)
    steps = [describe_step(one) for one in service.next_steps_of(frame.iloc[0].to_dict(), today())]
    told = {**row, "geometry": geometry_of(frame.geometry.iloc[0]), "next_steps": steps}
    headers = {"ETag": etag_of(row["version"])}
    if status == 201:
        headers["Location"] = f"/api/hidden-dangers/{number}"
    return Response(orjson.dumps(told), status, headers, media_type="application/json")
