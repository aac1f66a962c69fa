"""The graded areas as a page: a map, a table of all areas beside it, and the reasons of the one chosen."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app.assessments.routes import RunNumber
from app.assessments.schemas import describe_run
from app.assessments.service import read_shown_areas, shown_run
from app.assessments.units import UnitKind
from app.dependencies import DeploymentOf, SessionOf, Viewer
from app.features import plain_rows
from app.maps.areas_map import AreasMapView, draw_areas_map
from app.maps.legend import Legend, legend_of
from app.rendering import render
from app.town import describe_frame, town_bounds
from risk_model.grading import grading_terms

router = APIRouter(include_in_schema=False)

LISTED = 200
"""How many areas the table lists, worst first; a town has fewer villages, a grid has many more cells."""


@router.get("/maps/areas")
def areas(
    request: Request,
    session: SessionOf,
    deployment: DeploymentOf,
    asking: Viewer,
    unit: UnitKind = "village",
    run: RunNumber = None,
) -> Response:
    """Every village or grid cell by its grade."""
    shown = shown_run(session, unit, run)
    legend = legend_of(deployment.rulebook)
    view = AreasMapView(legend, town_bounds(session, deployment), unit, shown and shown.id)
    return render(
        request,
        "areas.html",
        map=draw_areas_map(view),
        legend=legend,
        town=describe_frame(session, deployment),
        unit=unit,
        run=shown and describe_run(shown),
        grades=legend.of_scheme(grading_terms(deployment.rulebook).scheme),
        areas=[] if shown is None else _listed(session, shown, legend),
    )


def _listed(session: Session, run: Any, legend: Legend) -> list[dict[str, Any]]:
    frame, _ = read_shown_areas(session, run, None, limit=LISTED, offset=0)
    return [{**row, "gaps": [legend.hazard_name(gap) for gap in row["data_gaps"]]} for row in plain_rows(frame)]
