"""A grading run as a job."""

from __future__ import annotations

from typing import Any

from app.assessments.service import GradingOrder, grade_town
from app.platform.work import Work
from app.queue.orders import Progress


def grade_as_ordered(work: Work, job: Any, progress: Progress) -> dict[str, Any]:
    """Grade what a job orders; the result names the run."""
    asked = job.payload
    order = GradingOrder(asked["unit"], job.created_by, asked.get("cell_m"), asked.get("set_id"))
    run = grade_town(work, order, progress=progress)
    return {"run": run.id, "unit": run.unit, "areas": run.area_count, "results_digest": run.results_digest}
