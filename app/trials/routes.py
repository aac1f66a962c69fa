"""``/api/trials``: other breaks and weights on a recorded run. Stateless: no route of this room writes anything."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.http.dependencies import Viewer, WorkOf
from app.trials.schemas import TrialForm, TrialsAnswer, UnitWord, WeighedAnswer
from app.trials.service import read_trials, run_trial

router = APIRouter(prefix="/api/trials", tags=["trials"])

RunNumber = Annotated[int | None, Query(description="the number of a run; the published one of the unit unless given")]


@router.get("")
def trials(work: WorkOf, principal: Viewer, unit: UnitWord = "village", run: RunNumber = None) -> TrialsAnswer:
    """Natural breaks, mean and deviation, and entropy weights beside the published fixed breaks."""
    return read_trials(work, unit, run)


@router.post("")
def trial(form: TrialForm, work: WorkOf, principal: Viewer) -> WeighedAnswer:
    """Weights tried on a run: what would change, and how far the order of areas stays. Nothing is kept."""
    return run_trial(work, form)
