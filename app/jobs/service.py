"""One's own jobs: looked at, listed, cancelled, their files fetched."""

from __future__ import annotations

import datetime

from sqlalchemy.orm import Session

from app.platform.errors import NotFound, Refused
from app.platform.principals import Principal, Role
from app.queue.orders import find_own
from gis_layers.stores import jobs
from gis_layers.stores.jobs import Job
from gis_layers.stores.records import record_audit
from risk_model.message import msg


def list_own(session: Session, principal: Principal, *, limit: int, offset: int) -> tuple[list[Job], int]:
    """One page of the jobs whoever asks may see, newest first, and how many there are."""
    if principal.is_guest:
        return [], 0
    author = None if principal.role is Role.ADMIN else principal.name
    return jobs.list_jobs(session, author=author, limit=limit, offset=offset), jobs.count_jobs(session, author)


def cancel(session: Session, number: int, principal: Principal, now: datetime.datetime) -> Job:
    """Cancel a job that waits or runs; Refused where it has ended: what is written stays."""
    job = find_own(session, number, principal)
    if not jobs.cancel_job(session, number, now):
        raise Refused(msg("任务 {number} 已经结束，不能取消；已经写入的结果保留", number=number), code="ended")
    record_audit(session, actor=principal.name, action="cancel", subject=f"job {number}", detail={})
    session.refresh(job)
    return job


def forget(session: Session, number: int, principal: Principal) -> Job:
    """Delete the files that came of a job; Refused while it has not ended."""
    job = find_own(session, number, principal)
    if job.ended_at is None:
        raise Refused(
            msg("任务 {number} 还没有结束；要放弃它请取消（DELETE /api/jobs/{number}）", number=number),
            code="not-ended",
        )
    detail = {"files": jobs.forget_files(session, number)}
    record_audit(session, actor=principal.name, action="forget results", subject=f"job {number}", detail=detail)
    return job


def find_made(session: Session, number: int, name: str, principal: Principal) -> bytes:
    """A file that came of a job; NotFound while there is none."""
    find_own(session, number, principal)
    found = jobs.find_file(session, number, "made", name)
    if found is None:
        raise NotFound(
            msg("任务 {number} 没有名为 {name} 的成果文件；任务完成后才有，只保留一段时间", number=number, name=name)
        )
    return found[1]
