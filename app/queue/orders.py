"""Ordering work for the worker, and how an order is told of: shared by every feature that has such work."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import cast

from sqlalchemy.orm import Session

from app.platform.errands import heed
from app.platform.errors import LargerThanQuota, NotFound, QuotaReached, SignInNeeded
from app.platform.principals import Principal, Role
from app.platform.settings import Settings
from app.queue.schemas import JobAnswer
from gis_layers.stores import jobs
from gis_layers.stores.jobs import Job, Usage
from gis_layers.stores.records import record_audit
from risk_model.message import msg

Progress = Callable[[float, str], None]
"""Told how far the work is (0–1) and what is being done; raises where the work is to stop."""

GRADE, CHECK_SITES = "grade", "check sites"
WRITE_HANDBOOK = "write handbook"
WRITE_REPORTS = "write reports"
SITES_SHOWN = "sites.geojson"
"""The file of a bulk check its page shows and its reports are printed from."""
PREVIEW_IMPORT, LOAD_IMPORT = "preview import", "load import"


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A task, its values, and the files that were handed in for it (name and bytes)."""

    kind: str
    payload: Mapping[str, object]
    files: tuple[tuple[str, bytes], ...] = ()


MB = 1_000_000
DEMO_WAITING = 2


@dataclass(frozen=True, slots=True)
class Quota:
    """Most jobs an account may have waiting or running, and bytes of files it, and all together, may keep."""

    waiting: int
    account_bytes: int
    total_bytes: int

    @classmethod
    def of(cls, principal: Principal, settings: Settings) -> Quota:
        """The quota of whoever asks; a demo account, which anybody may enter, has the smallest, a guest none."""
        waiting, own = settings.batch_waiting, settings.batch_mb * MB
        if principal.is_demo:
            waiting, own = min(waiting, DEMO_WAITING), own // 10
        return cls(waiting, own, settings.batch_total_mb * MB)


def check_quota(session: Session, principal: Principal, quota: Quota, more_bytes: int) -> None:
    """Raises, before a file of ``more_bytes`` is read, what ``enqueue`` would raise for it."""
    heed()
    if principal.is_guest:
        raise SignInNeeded(msg("请先登录：后台任务要记在提交人名下"))
    if more_bytes > quota.account_bytes:
        raise LargerThanQuota(
            msg(
                "文件 {size} MB，超过每个账号的配额 {most} MB；请分成几个文件提交",
                size=-(-more_bytes // MB),
                most=quota.account_bytes // MB,
            ),
            quota=asdict(quota),
        )
    used = jobs.read_usage(session, principal.name)
    _refuse_over(Usage(used.waiting + 1, used.account_bytes + more_bytes, used.total_bytes + more_bytes), quota)


def _refuse_over(used: Usage, quota: Quota) -> None:
    figures = (asdict(used), asdict(quota))
    if used.waiting > quota.waiting:
        raise QuotaReached(
            msg("已有 {most} 个任务在排队或执行，这是每个账号的上限；请等其中一个结束，或取消一个", most=quota.waiting),
            used=figures[0],
            quota=figures[1],
        )
    if used.account_bytes > quota.account_bytes:
        raise QuotaReached(
            msg(
                "与您的任务一起保存的文件将超过 {most} MB；请下载后删除旧任务的成果文件（DELETE /api/jobs/编号/files），或等任务结束",
                most=quota.account_bytes // MB,
            ),
            used=figures[0],
            quota=figures[1],
        )
    if used.total_bytes > quota.total_bytes:
        raise QuotaReached(
            msg(
                "本系统与任务一起保存的文件将超过 {most} MB；请稍后再试，或请管理员调大 ANZHI_BATCH_TOTAL_MB",
                most=quota.total_bytes // MB,
            ),
            used=figures[0],
            quota=figures[1],
        )


def enqueue(session: Session, order: JobRequest, principal: Principal, quota: Quota) -> Job:
    """Put an order into the queue; a guest is asked to sign in, because whoever orders must be found again.

    Raises QuotaReached. Orders are counted one after another until the transaction ends: let this be the last it does.
    """
    check_quota(session, principal, quota, sum(len(content) for _, content in order.files))
    payload = dict(order.payload)
    job = jobs.order_job(session, order.kind, payload, author=principal.name)
    for name, content in order.files:
        jobs.save_file(session, job.id, "given", name, content)
    record_audit(session, actor=principal.name, action=f"order {order.kind}", subject=f"job {job.id}", detail=payload)
    jobs.lock_orders(session)
    _refuse_over(jobs.read_usage(session, principal.name), quota)
    return job


def find_own(session: Session, number: int, principal: Principal) -> Job:
    """A job of whoever asks (an admin sees all); NotFound for others, so that nobody learns what colleagues do."""
    job = jobs.find_job(session, number)
    if job is None or principal.is_guest or (principal.role is not Role.ADMIN and job.created_by != principal.name):
        raise NotFound(msg("没有编号为 {number} 的任务，或它不是您提交的；自己的任务见 /api/jobs", number=number))
    return job


def describe_job(session: Session, job: Job, settings: Settings) -> JobAnswer:
    """A job in plain values, with the addresses of what came of it, and until when its files are kept."""
    address = f"/api/jobs/{job.id}"
    why = (job.result or {}).get("error", job.error) if job.error else None
    files = {name: f"{address}/files/{name}" for name in jobs.list_files(session, job.id, "made")}
    kept = datetime.timedelta(days=settings.batch_days)
    told = {
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
        "started_at": _written(job.started_at),
        "ended_at": _written(job.ended_at),
        "result": None if job.error else job.result,
        "error": why if isinstance(why, str) else None,
        "files_until": _written(job.ended_at + kept) if files and job.ended_at else None,
        "links": {"self": address, "files": files},
    }
    return cast("JobAnswer", told)


def _written(moment: datetime.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
