"""The worker: takes one job after another and runs the service it asks for, in a process of its own.

Results of a job are one transaction, committed together with its end; progress and signs of life are short ones beside
it. A job whose worker dies leaves nothing and is taken again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.assessments.job import grade_as_ordered
from app.exchange.import_job import load_as_ordered, preview_as_ordered
from app.exchange.job import check_as_ordered
from app.platform import clock
from app.platform.deployment import Deployment
from app.platform.errors import AnzhiError
from app.platform.work import Work
from app.queue.orders import CHECK_SITES, GRADE, LOAD_IMPORT, PREVIEW_IMPORT, WRITE_HANDBOOK, WRITE_REPORTS, Progress
from app.worker import chores
from app.worker.upkeep import Upkeep
from gis_layers.database import SchemaAhead, SchemaWatch, first_line, is_lost
from gis_layers.disk import says_disk_is_full
from gis_layers.errors import GisError
from gis_layers.stores import jobs
from gis_layers.stores.jobs import Job
from gis_layers.stores.refusals import refusals_named
from gis_layers.stores.review_notices import JUDGE_ANEW
from risk_model.errors import RiskModelError
from risk_model.message import msg

log = logging.getLogger(__name__)

Service = Callable[[Work, Job, Progress], dict[str, object]]
WORK: Mapping[str, Service] = {
    GRADE: grade_as_ordered,
    CHECK_SITES: check_as_ordered,
    PREVIEW_IMPORT: preview_as_ordered,
    LOAD_IMPORT: load_as_ordered,
    "forget results": chores.forget_results,
    "regrade enterprises": chores.regrade_enterprises,
    "mark overdue": chores.mark_overdue_dangers,
    "enforce drafts": chores.enforce_drafts,
    WRITE_HANDBOOK: chores.make_handbook,
    "verify seals": chores.verify_seals,
}
"""Which service does which kind of job; it answers the job's result."""
APART: Mapping[str, Callable[[Deployment, Job, Progress], dict[str, object]]] = {
    "seal days": chores.seal_past_days,
    "back up": chores.back_up,
    JUDGE_ANEW: chores.judge_reviews,
    WRITE_REPORTS: chores.print_reports,
}
"""Likewise, those that go through transactions of their own and may be done twice without harm."""

LOOK_EVERY_S = 0.5
TELL_EVERY_S = 0.4
SIGN_OF_LIFE_EVERY_S = 5.0


LONGEST_PAUSE_S = 10.0


class Cancelled(Exception):
    """The job is no longer wanted by whoever ordered it, or another worker has it."""


class Stopped(BaseException):
    """The worker itself is told to stop; raised from a signal into whatever is being computed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A job as this worker holds it."""

    id: int
    kind: str
    attempt: int


class ConnectionFell(Exception):
    """The database went away in the midst of a job, which is to be begun again."""

    def __init__(self, taken: Taken, trouble: BaseException) -> None:
        super().__init__(str(trouble))
        self.taken, self.trouble = taken, trouble


class Weather:
    """Whether the database answers: told when it stops and when it does again, with ever longer pauses between."""

    def __init__(self) -> None:
        self._gone_at: float | None = None
        self._pause_s = LOOK_EVERY_S

    def worse(self, trouble: BaseException) -> float:
        """Note that the database did not answer; for how many seconds to wait before it is asked again."""
        if self._gone_at is None:
            self._gone_at, self._pause_s = monotonic(), LOOK_EVERY_S
            if is_lost(trouble) or says_disk_is_full(trouble) or isinstance(trouble, SchemaAhead):
                log.warning("the worker waits for the database: %s", first_line(trouble))
            else:
                log.error("the worker could not look for jobs; it tries again and again", exc_info=trouble)
        pause_s, self._pause_s = self._pause_s, min(self._pause_s * 2, LONGEST_PAUSE_S)
        return pause_s

    def better(self) -> None:
        """Note that it answered."""
        if self._gone_at is not None:
            log.warning("the worker works again after %.0f s without the database", monotonic() - self._gone_at)
            self._gone_at = None


def work_until(deployment: Deployment, stop: threading.Event) -> None:
    """Take jobs until ``stop`` is set, and keep up what is due beside them; while the database is away, wait for it."""
    weather, upkeep, fallen = Weather(), Upkeep(deployment), None
    SchemaWatch().over(deployment.sessions)
    while not stop.is_set():
        pause_s = LOOK_EVERY_S
        try:
            if fallen is not None:
                _give_back(deployment, fallen)
            fallen = None
            busy = work_once(deployment)
            weather.better()
            upkeep.when_due()
        except ConnectionFell as fall:
            fallen, busy, pause_s = fall.taken, False, weather.worse(fall.trouble)
        except Exception as trouble:  # noqa: BLE001 - the weather tells it, once
            busy, pause_s = False, weather.worse(trouble)
        if not busy:
            stop.wait(pause_s)


def _give_back(deployment: Deployment, fallen: Taken) -> None:
    with deployment.sessions.begin() as session:
        jobs.release_fallen(session, fallen.id, fallen.attempt, clock.now())


def work_once(deployment: Deployment) -> bool:
    """Take one job and end it; False where none waits. Raises ConnectionFell where the database left in the midst."""
    with deployment.sessions.begin() as session:
        jobs.release_dead(session, clock.now())
        job = jobs.take_job(session, clock.now())
        taken = None if job is None else Taken(job.id, job.kind, job.attempts)
    if taken is None:
        return False
    try:
        with _showing_life(deployment, taken):
            _run(deployment, taken)
    except DBAPIError as trouble:
        if not is_lost(trouble):
            raise
        raise ConnectionFell(taken, trouble) from trouble
    return True


def _run(deployment: Deployment, taken: Taken) -> None:
    try:
        if taken.kind in APART:
            _run_apart(deployment, taken)
            return
        with refusals_named(), deployment.sessions.begin() as session:
            job = jobs.read_job(session, taken.id)
            result = WORK[taken.kind](Work(session, deployment), job, _teller(deployment, taken))
            _keep(session, taken, result)
    except Cancelled:
        with deployment.sessions.begin() as session:
            jobs.stop_cancelled(session, taken.id, taken.attempt, clock.now())
    except Stopped:
        with deployment.sessions.begin() as session:
            jobs.release_job(session, taken.id, taken.attempt)
        raise
    except (AnzhiError, GisError, RiskModelError) as refusal:
        _fail(deployment, taken, str(refusal))
    except Exception as trouble:
        if is_lost(trouble):
            raise
        log.exception("job %s (%s) failed", taken.id, taken.kind)
        if says_disk_is_full(trouble):
            _fail(deployment, taken, msg("磁盘已满；没有写入任何结果，请管理员腾出空间后重新提交"))
            return
        _fail(
            deployment,
            taken,
            msg("任务执行时出错（{kind}）；没有写入任何结果，详情见服务日志", kind=type(trouble).__name__),
        )


def _run_apart(deployment: Deployment, taken: Taken) -> None:
    with deployment.sessions() as session:
        job = jobs.read_job(session, taken.id)
    result = APART[taken.kind](deployment, job, _teller(deployment, taken))
    with deployment.sessions.begin() as session:
        _keep(session, taken, result)


def _keep(session: Session, taken: Taken, result: dict[str, object]) -> None:
    """End the job in the transaction of its results; Cancelled, which takes them all back, where it is not wanted any more."""
    if not jobs.end_job(session, taken.id, taken.attempt, now=clock.now(), result=result):
        raise Cancelled


def _fail(deployment: Deployment, taken: Taken, why: str) -> None:
    with deployment.sessions.begin() as session:
        jobs.end_job(session, taken.id, taken.attempt, now=clock.now(), error=why)


def _teller(deployment: Deployment, taken: Taken) -> Progress:
    """Writes progress at most every ``TELL_EVERY_S`` and raises Cancelled where the job is no longer wanted."""
    last = {"at": -TELL_EVERY_S}

    def tell(progress: float, step: str) -> None:
        if monotonic() - last["at"] < TELL_EVERY_S:
            return
        last["at"] = monotonic()
        if not _report(deployment, taken, progress, step):
            raise Cancelled

    return tell


def _report(deployment: Deployment, taken: Taken, progress: float | None = None, step: str | None = None) -> bool:
    with deployment.sessions.begin() as session:
        return jobs.report_progress(session, taken.id, taken.attempt, now=clock.now(), progress=progress, step=step)


@contextmanager
def _showing_life(deployment: Deployment, taken: Taken) -> Iterator[None]:
    """While inside, a thread shows every few seconds that the worker lives, also where a step takes long."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(SIGN_OF_LIFE_EVERY_S):
            try:
                _report(deployment, taken)
            except Exception as trouble:
                if not is_lost(trouble):  # of a lost database the job itself will tell
                    log.exception("job %s could not show a sign of life", taken.id)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
