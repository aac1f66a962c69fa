"""Forms of the register: an enterprise registered or changed, an inspection recorded, on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.enterprises.schemas import EnterpriseChange, NewEnterprise, NewInspection
from app.enterprises.service import FORM_CALLS, find_enterprise
from app.http.dependencies import WorkOf, require
from app.http.forms import Choice, RegisterForm, fields_of
from app.http.geojson import plain_rows
from app.http.geojson_shapes import geometry_of
from app.maps.form_page import FormPage, form_page, villages_offered
from app.platform.clock import today
from app.platform.etags import etag_of
from app.platform.principals import Principal, Role
from app.platform.work import Work
from risk_model.enterprises import enterprise_terms
from risk_model.message import msg

router = APIRouter(include_in_schema=False)
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]


@router.get("/enterprises/new")
def new(request: Request, work: WorkOf, principal: Officer) -> Response:
    """An enterprise to be registered."""
    fields = fields_of(NewEnterprise, choices=_offered(work))
    form = RegisterForm(fields, "/api/enterprises", "/enterprises/{id}")
    return form_page(request, work, FormPage(msg("登记企业"), form, "/enterprises"))


@router.get("/enterprises/{number}/change")
def change(number: int, request: Request, work: WorkOf, principal: Officer) -> Response:
    """An enterprise to be changed as it stands."""
    frame = find_enterprise(work, number, today())
    (row,) = plain_rows(frame)
    form = RegisterForm(
        fields_of(EnterpriseChange, choices=_offered(work)),
        "/api/enterprises/{number}",
        f"/enterprises/{number}",
        path={"number": number},
        etag=etag_of(row["version"]),
        values={**row, "geometry": geometry_of(frame.geometry.iloc[0])},
        told_as=FORM_CALLS,
    )
    return form_page(request, work, FormPage(msg("修改「{name}」", name=row["name"]), form, form.back))


@router.get("/enterprises/{number}/inspect")
def inspect(number: int, request: Request, work: WorkOf, principal: Officer) -> Response:
    """An inspection to be recorded."""
    (row,) = plain_rows(find_enterprise(work, number, today()))
    back = f"/enterprises/{number}"
    form = RegisterForm(
        fields_of(NewInspection),
        "/api/enterprises/{number}/inspections",
        back,
        path={"number": number},
        values={"day": today().isoformat()},
    )
    return form_page(request, work, FormPage(msg("登记检查：{name}", name=row["name"]), form, back))


def _offered(work: Work) -> Mapping[str, Sequence[Choice]]:
    """Words the deployment knows and no schema."""
    documents = [(one.id, one.name_zh) for one in enterprise_terms(work.rulebook).criteria]
    return {"village_code": villages_offered(work), "criteria": documents}
