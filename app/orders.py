"""Ordering work for the worker, and how an order is told of: shared by every feature that has such work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.errors import SignInNeeded
from app.security import Principal
from gis_layers.stores import jobs
from gis_layers.stores.records import record_audit

Progress = Callable[[float, str], None]
"""Told how far the work is (0–1) and what is being done; raises where the work is to stop."""

GRADE, CHECK_SITES = "grade", "check sites"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, with what, and the file that was handed in for it (name and bytes), if any."""

    kind: str
    payload: dict[str, Any]
    file: tuple[str, bytes] | None = None


def place_order(session: Session, order: Order, asking: Principal) -> Any:
    """Put an order into the queue; a guest is asked to sign in, because whoever orders must be found again."""
    if asking.is_guest:
        raise SignInNeeded("请先登录：后台任务要记在提交人名下")
    job = jobs.order_job(session, order.kind, order.payload, author=asking.name)
    if order.file is not None:
        jobs.save_file(session, job.id, "given", *order.file)
    record_audit(
        session, actor=asking.name, action=f"order {order.kind}", subject=f"job {job.id}", detail=order.payload
    )
    return job


def describe_job(session: Session, job: Any) -> dict[str, Any]:
    """A job in plain values, with the addresses of what came of it."""
    address = f"/api/jobs/{job.id}"
    why = (job.result or {}).get("error", job.error) if job.error else None
    files = {name: f"{address}/files/{name}" for name in jobs.list_files(session, job.id, "made")}
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "cancel_asked": job.cancel_asked,
        "progress": round(job.progress, 4),
        "step": job.step,
        "order": job.payload,
        "attempts": job.attempts,
        "created_at": job.created_at.isoformat(),
        "created_by": job.created_by,
        "started_at": job.started_at and job.started_at.isoformat(),
        "ended_at": job.ended_at and job.ended_at.isoformat(),
        "result": None if job.error else job.result,
        "error": why,
        "links": {"self": address, "files": files},
    }
