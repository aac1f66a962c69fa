"""The trial page: other breaks and weights beside the published ones."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.http.dependencies import Viewer, WorkOf
from app.http.i18n import answer_in_language, chosen_language
from app.http.templates import render
from app.judgement.page_context import page_context
from app.maps.legend import legend_of
from app.trials.routes import RunNumber
from app.trials.schemas import UnitWord
from app.trials.service import read_trials
from risk_model.grading import grading_terms
from risk_model.weights import JUDGEMENTS

router = APIRouter(include_in_schema=False)


@router.get("/areas/trial")
def trial(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    unit: UnitWord = "village",
    run: RunNumber = None,
) -> Response:
    """Results other methods would give for a run; nothing is published from here."""
    legend = legend_of(work.rulebook)
    return render(
        request,
        "trial.html",
        town=page_context(work),
        told=answer_in_language(read_trials(work, unit, run), chosen_language(request)),
        unit=unit,
        grades=legend.of_scheme(grading_terms(work.rulebook).scheme),
        legend=legend,
        hazard_names={entry.hazard: entry.name for entry in legend.hazards},
        scale=JUDGEMENTS,
    )
