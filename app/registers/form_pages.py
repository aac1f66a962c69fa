"""Forms of public facilities: one registered or changed on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.http.dependencies import WorkOf, require
from app.http.forms import Choice, RegisterForm, fields_of
from app.http.geojson import plain_rows
from app.http.geojson_shapes import geometry_of
from app.maps.form_page import FormPage, form_page, villages_offered
from app.platform.etags import etag_of
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.registers.facilities import find_facility
from app.registers.schemas import FacilityChange, NewFacility
from risk_model.message import msg

router = APIRouter(include_in_schema=False)
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
BACK = "/registers/facilities?row={id}#marked"


@router.get("/facilities/new")
def new(request: Request, work: WorkOf, principal: Officer) -> Response:
    """A facility to be registered."""
    form = RegisterForm(fields_of(NewFacility, choices=_offered(work)), "/api/facilities", BACK)
    return form_page(request, work, FormPage(msg("登记公共设施"), form, "/registers/facilities"))


@router.get("/facilities/{number}/change")
def change(number: int, request: Request, work: WorkOf, principal: Officer) -> Response:
    """A facility to be changed as it stands."""
    frame = find_facility(work.session, number, principal=principal)
    (row,) = plain_rows(frame)
    form = RegisterForm(
        fields_of(FacilityChange, choices=_offered(work)),
        "/api/facilities/{number}",
        BACK,
        path={"number": number},
        etag=etag_of(row["version"]),
        values={**row, "geometry": geometry_of(frame.geometry.iloc[0])},
    )
    leave = BACK.format(id=number)
    return form_page(request, work, FormPage(msg("修改「{name}」", name=row["name"]), form, leave))


def _offered(work: Work) -> Mapping[str, Sequence[Choice]]:
    return {"village_code": villages_offered(work)}
