"""Chores: the work of the calendar. Those that need transactions of their own are given the deployment instead of one."""

from __future__ import annotations

import datetime
import time

from app.archive.verification import verify_database
from app.backups.service import make_nightly_backup
from app.hidden_dangers.steps import mark_overdue
from app.judgement.enterprise_grades import regrade_all
from app.platform import clock
from app.platform.deployment import Deployment
from app.platform.errors import Refused
from app.platform.work import Work
from app.queue.orders import Progress
from app.zones.effective_days import enforce_due
from gis_layers.stores import jobs
from gis_layers.stores.jobs import Job
from gis_layers.stores.records import record_audit
from gis_layers.stores.roads import count_roads
from gis_layers.stores.seals import ONE_DAY, last_day, rows_outside, seal_days
from risk_model.message import msg

AGAIN_AFTER_S = 1.0


def forget_results(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Forget the files of jobs that were kept long enough."""
    return {"jobs": forget_before(work, clock.now(), actor=job.created_by)}


def forget_before(work: Work, now: datetime.datetime, *, actor: str) -> int:
    """Forget what was to be kept until ``now``; of how many jobs that was."""
    kept = datetime.timedelta(days=work.settings.batch_days)
    forgotten = jobs.forget_results(work.session, now - kept)
    if forgotten:
        detail = {"jobs": forgotten, "kept_days": work.settings.batch_days}
        record_audit(work.session, actor=actor, action="forget results", subject="jobs", detail=detail)
    return forgotten


def regrade_enterprises(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Grade every enterprise anew: what stands around them may have changed since."""
    return {"changed": regrade_all(work, cause="reckoned_again", actor=job.created_by)}


def mark_overdue_dangers(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Note on every hidden danger that is past its deadline that it is, once."""
    return {"dangers": mark_overdue(work, clock.today(), actor=job.created_by)}


def enforce_drafts(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Put in force the drafts of zones whose day has come."""
    return enforce_due(work, clock.now(), clock.today(), actor=job.created_by)


def make_handbook(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Write the handbook of villages that are cut off; nothing where there are no roads to reckon by."""
    if count_roads(work.session) == 0:
        return {"villages": 0}
    # Commands that grade or import have no use for the room of paper.
    from app.dispatch.handbook import handbook_name, read_handbook  # noqa: PLC0415
    from app.reports.handbook import write_handbook  # noqa: PLC0415

    progress(0.0, msg("正在计算各村最近的力量"))
    book = read_handbook(work, clock.now())
    jobs.save_file(work.session, job.id, "made", handbook_name(clock.today()), write_handbook(book))
    return {"villages": len(book.sheets)}


def verify_seals(work: Work, job: Job, progress: Progress) -> dict[str, object]:
    """Compute every sealed day anew. Raises Refused where something was altered since."""
    found = verify_database(work.session)
    if found.troubles:
        raise Refused(
            msg(
                "封存记录核对不上，共 {number} 处；请管理员立即运行 anzhi audit verify 查看并保全现场",
                number=len(found.troubles),
            )
        )
    return {"days": found.days, "last_hash": found.last_hash}


def seal_past_days(deployment: Deployment, job: Job, progress: Progress) -> dict[str, object]:
    """Seal the audit's days that are over, waiting for whoever still writes. Raises Refused where they do not end."""
    today, until = clock.today(), time.monotonic() + job.payload.get("patience_s", 0)
    sealed = seal_days(deployment.sessions, today)
    while not _all_sealed(deployment, today):
        if time.monotonic() > until:
            raise Refused(msg("仍有写入没有结束，前一天没有封存；稍后自动重试，也可以在日程页上立即执行"))
        progress(0.0, msg("等待正在进行的写入结束"))
        time.sleep(AGAIN_AFTER_S)
        sealed += seal_days(deployment.sessions, today)
    return {"days": sealed}


def judge_reviews(deployment: Deployment, job: Job, progress: Progress) -> dict[str, object]:
    """Judge every joint review by the zones and rules in force."""
    # Commands that grade or import have no use for what answers of checks are told with.
    from app.siting.judged_anew import judge_reviews_anew  # noqa: PLC0415

    return judge_reviews_anew(deployment, progress)


def print_reports(deployment: Deployment, job: Job, progress: Progress) -> dict[str, object]:
    """Print the sites of a bulk check into one archive."""
    # Commands that grade or import have no use for the room of paper.
    from app.siting.report_archive import write_reports  # noqa: PLC0415

    return write_reports(deployment, job, progress)


def back_up(deployment: Deployment, job: Job, progress: Progress) -> dict[str, object]:
    """Make the nightly backup."""
    progress(0.0, msg("正在备份并验证"))
    return make_nightly_backup(deployment, lambda _: None, actor=job.created_by)


def _all_sealed(deployment: Deployment, today: datetime.date) -> bool:
    with deployment.sessions() as session:
        last = last_day(session)
        if last is None:
            return rows_outside(session, today) == 0
    return last.day >= today - ONE_DAY
