"""The guidance figures as a page: charts, each with its table, and the list of what should move."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.guidance.routes import BaselineNumber
from app.guidance.service import read_kpi
from app.http.dependencies import MomentOf, Viewer, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context
from app.maps.legend import legend_of
from app.platform.principals import Role
from risk_model.codes import enumeration

router = APIRouter(include_in_schema=False)

SUBJECTS = tuple(enumeration("guidance_subject"))


@router.get("/kpi")
def kpi(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    now: MomentOf,
    baseline: BaselineNumber = None,
) -> Response:
    """People, facilities and industry by the grade of their ground."""
    told = read_kpi(work, baseline=baseline, now=now)
    legend = legend_of(work.rulebook)
    return render(
        request,
        "kpi.html",
        town=page_context(work),
        kpi=told,
        grades=legend.of_scheme(told["scheme"]),
        legend=legend,
        subjects=SUBJECTS,
        may_keep=principal.role.covers(Role.OFFICER),
    )
