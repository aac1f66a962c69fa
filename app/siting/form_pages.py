"""Forms of projects: one registered or changed on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.http.dependencies import WorkOf, require
from app.http.forms import Choice, RegisterForm, fields_of
from app.maps.form_page import FormPage, form_page
from app.platform.etags import etag_of
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.siting.outlines import find_project
from app.siting.schemas import NewProject, StoredProjectChange
from risk_model.message import bilingual, msg

router = APIRouter(include_in_schema=False)
Planner = Annotated[Principal, Depends(require(Role.PLANNER))]
BACK = "/registers/projects?row={id}#marked"


@router.get("/projects/new")
def new(request: Request, work: WorkOf, principal: Planner) -> Response:
    """A project to be registered."""
    form = RegisterForm(fields_of(NewProject, choices=_offered(work)), "/api/projects", BACK)
    return form_page(request, work, FormPage(msg("登记项目"), form, "/registers/projects"))


@router.get("/projects/{number}/change")
def change(number: int, request: Request, work: WorkOf, principal: Planner) -> Response:
    """A project to be changed as it stands."""
    stored = find_project(work.session, number)
    form = RegisterForm(
        fields_of(StoredProjectChange, choices=_offered(work)),
        "/api/projects/{number}",
        BACK,
        path={"number": number},
        etag=etag_of(stored["version"]),
        values={**stored},
    )
    leave = BACK.format(id=number)
    return form_page(request, work, FormPage(msg("修改「{name}」", name=stored["name"]), form, leave))


def _offered(work: Work) -> Mapping[str, Sequence[Choice]]:
    """Buildings and classes as the rulebook in force calls them."""
    terms = work.rulebook.terms
    classes = [
        (one.value, bilingual(f"{one.value} {zh}", f"{one.value} {en}")) for one, (zh, en) in terms.class_names.items()
    ]
    return {"building_type": [(one.key, one.name) for one in terms.building_types.values()], "project_class": classes}
