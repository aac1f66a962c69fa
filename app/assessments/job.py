"""A grading run as a job."""

from __future__ import annotations

from app.assessments.service import GradingOrder, grade_town
from app.platform.work import Work
from app.queue.orders import Progress
from gis_layers.stores.jobs import Job


def grade_as_ordered(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Grade what a job orders; the result names the run."""
    asked = job.payload
    order = GradingOrder(asked["unit"], job.created_by, asked.get("cell_m"), asked.get("set_id"))
    run = grade_town(work, order, progress=progress)
    return {"run": run.id, "unit": run.unit, "areas": run.area_count, "results_digest": run.results_digest}
