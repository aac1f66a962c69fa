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

router = APIRouter(include_in_schema=False)

SUBJECTS = (("people", "人口", "人"), ("facilities", "K1–K3 设施", "处"), ("enterprises", "企业", "家"))
KINDS = {"people": "村民", "facilities": "设施", "stations": "站点", "enterprises": "企业"}
CONSTRAINTS = {"farmland": "永久基本农田", "ecological_redline": "生态保护红线", "urban_boundary": "城镇开发边界"}


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
        kinds=KINDS,
        constraint_names=CONSTRAINTS,
        may_keep=principal.role.covers(Role.OFFICER),
    )
