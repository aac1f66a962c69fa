"""One's own jobs: looked at, listed, cancelled, their files fetched."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.errors import NotFound, Refused
from app.security import Principal, Role
from gis_layers.stores import jobs
from gis_layers.stores.records import record_audit
from risk_model.said import said


def find_own(session: Session, number: int, asking: Principal) -> Any:
    """A job of whoever asks (an admin sees all); NotFound for others, so that nobody learns what colleagues do."""
    job = jobs.find_job(session, number)
    if job is None or not _may_see(job, asking):
        raise NotFound(said("没有编号为 {number} 的任务，或它不是您提交的；自己的任务见 /api/jobs", number=number))
    return job


def list_own(session: Session, asking: Principal, *, limit: int, offset: int) -> tuple[list[Any], int]:
    """One page of the jobs whoever asks may see, newest first, and how many there are."""
    if asking.is_guest:
        return [], 0
    author = None if asking.role is Role.ADMIN else asking.name
    return jobs.list_jobs(session, author=author, limit=limit, offset=offset), jobs.count_jobs(session, author)


def cancel(session: Session, number: int, asking: Principal, now: datetime.datetime) -> Any:
    """Cancel a job that waits or runs; Refused where it has ended: what is written stays."""
    find_own(session, number, asking)
    if not jobs.cancel_job(session, number, now):
        raise Refused(said("任务 {number} 已经结束，不能取消；已经写入的结果保留", number=number), code="ended")
    record_audit(session, actor=asking.name, action="cancel", subject=f"job {number}", detail={})
    return jobs.find_job(session, number)


def forget(session: Session, number: int, asking: Principal) -> Any:
    """Delete the files that came of a job; Refused while it has not ended."""
    job = find_own(session, number, asking)
    if job.ended_at is None:
        raise Refused(
            said("任务 {number} 还没有结束；要放弃它请取消（DELETE /api/jobs/{number}）", number=number),
            code="not-ended",
        )
    detail = {"files": jobs.forget_files(session, number)}
    record_audit(session, actor=asking.name, action="forget results", subject=f"job {number}", detail=detail)
    return job


def find_made(session: Session, number: int, name: str, asking: Principal) -> bytes:
    """A file that came of a job; NotFound while there is none."""
    find_own(session, number, asking)
    found = jobs.find_file(session, number, "made", name)
    if found is None:
        raise NotFound(
            said("任务 {number} 没有名为 {name} 的成果文件；任务完成后才有，只保留一段时间", number=number, name=name)
        )
    return found[1]


def _may_see(job: Any, asking: Principal) -> bool:
    return not asking.is_guest and (asking.role is Role.ADMIN or job.created_by == asking.name)
