"""A database that goes away in the midst of work: the job is begun again, the worker waits in a few words."""

import logging
import signal
import socket
import threading

import psycopg2
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.platform.deployment import Deployment
from app.platform.principals import Principal, Role
from app.platform.settings import Settings
from app.queue.orders import GRADE, JobRequest, Quota, enqueue
from app.worker import loop
from app.worker.loop import ConnectionFell, Stopped, Weather, work_once, work_until
from app.worker.process import _connected
from gis_layers import connections
from gis_layers.database import is_lost, is_silent, open_engine
from gis_layers.stores import jobs
from tests.app.test_jobs import flooded

__all__ = ["flooded"]
NOWHERE = "postgresql+psycopg2://nobody@/none?host=/nonexistent"
END_THE_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def ordered(deployment: Deployment, flooded) -> int:
    with deployment.sessions.begin() as session:
        officer = Principal("li", Role.OFFICER)
        return enqueue(session, JobRequest(GRADE, {"unit": "village"}), officer, Quota.of(officer, Settings())).id


def state(deployment: Deployment, number: int) -> tuple[str, int]:
    with deployment.sessions() as session:
        found = jobs.find_job(session, number)
        return found.state, found.attempts


def end_every_connection(deployment: Deployment) -> None:
    """What a restarted server does to all its sessions."""
    other = create_engine(deployment.url)
    with other.connect() as connection:
        connection.execute(text(END_THE_OTHERS))
    other.dispose()


def falls_at_the_statement(session, deployment, progress):
    end_every_connection(deployment)
    session.execute(text("SELECT 1"))


def falls_at_the_progress(session, deployment, progress):
    end_every_connection(deployment)
    with deployment.sessions() as other:
        other.connection()
        end_every_connection(deployment)
        progress(0.5, "量算各灾种面积")
        other.execute(text("SELECT 1"))


def falls_at_the_commit(session, deployment, progress):
    session.execute(text("SELECT 1"))
    end_every_connection(deployment)
    return {}


@pytest.mark.parametrize("falls", [falls_at_the_statement, falls_at_the_progress, falls_at_the_commit])
def test_a_job_whose_connection_fell_is_done_with_its_next_attempt(deployment, ordered, monkeypatch, caplog, falls):
    grade, times = loop.WORK[GRADE], []
    stop = threading.Event()

    def falls_once(work, job, progress):
        times.append(job.attempts)
        if len(times) == 1:
            return falls(work.session, work.deployment, progress)
        result = grade(work, job, progress)
        stop.set()
        return result

    monkeypatch.setitem(loop.WORK, GRADE, falls_once)
    work_until(deployment, stop)
    assert times == [1, 2]
    assert state(deployment, ordered) == ("done", 2)
    assert [record.levelname for record in caplog.records if record.exc_info] == []
    assert len([record for record in caplog.records if "waits for the database" in record.message]) == 1
    assert len([record for record in caplog.records if "works again" in record.message]) == 1


def test_a_job_that_takes_the_database_down_each_time_is_not_tried_for_ever(deployment, ordered, monkeypatch):
    def falls(work, job, progress):
        return falls_at_the_statement(work.session, work.deployment, progress)

    monkeypatch.setitem(loop.WORK, GRADE, falls)
    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        with pytest.raises(ConnectionFell) as fall:
            work_once(deployment)
        assert fall.value.taken.attempt == attempt
        assert state(deployment, ordered) == ("running", attempt)
        loop._give_back(deployment, fall.value.taken)
    assert not work_once(deployment)
    assert state(deployment, ordered) == ("failed", jobs.MOST_ATTEMPTS)


def test_what_another_worker_has_taken_meanwhile_is_not_given_back(deployment, ordered):
    with deployment.sessions.begin() as session:
        first = jobs.take_job(session, loop.clock.now())
        taken = loop.Taken(first.id, first.kind, first.attempts)
    loop._give_back(deployment, taken)
    with deployment.sessions.begin() as session:
        jobs.take_job(session, loop.clock.now())
    loop._give_back(deployment, taken)
    assert state(deployment, ordered) == ("running", 2)


def test_a_worker_without_database_says_one_line_and_asks_ever_more_rarely(caplog, monkeypatch):
    pauses = []

    class Stop(threading.Event):
        def wait(self, timeout=None):
            pauses.append(timeout)
            if len(pauses) == 8:
                self.set()
            return self.is_set()

    assert _connected(Settings(), NOWHERE, Stop()) is None
    assert pauses == [0.5, 1, 2, 4, 8, 10, 10, 10]
    (line,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.message.startswith("the worker waits for the database")
    assert line.exc_info is None


def test_the_weather_is_told_when_it_changes_only(caplog):
    weather = Weather()
    weather.better()
    for _ in range(3):
        weather.worse(of(open_engine(NOWHERE)))
    weather.better()
    weather.better()
    assert [record.message.split(":")[0][:22] for record in caplog.records] == [
        "the worker waits for t",
        "the worker works again",
    ]


def of(engine, *statements: str) -> Exception:
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    except DBAPIError as trouble:
        return trouble
    raise AssertionError(statements)


def test_what_is_lost_is_told_from_what_is_refused(deployment, database_url):
    gone = of(open_engine(NOWHERE))
    cancelled = of(deployment.engine, "SET statement_timeout = '1ms'", "SELECT pg_sleep(1)")
    ended = of(deployment.engine, "SELECT pg_terminate_backend(pg_backend_pid())")
    wrong = of(deployment.engine, "SELECT 1/0")
    assert [is_lost(error) for error in (gone, cancelled, ended, wrong)] == [True, False, True, False]
    assert not any(is_silent(error) for error in (gone, cancelled, ended, wrong))
    assert not is_lost(ValueError())


def test_a_slow_answer_of_a_server_that_lives_is_waited_for(deployment, monkeypatch):
    monkeypatch.setattr(connections, "ASK_AFTER_S", 0.02)
    monkeypatch.setattr(connections, "SILENT_S", 0.0001)
    with deployment.engine.connect() as connection:
        assert connection.execute(text("SELECT 7 FROM pg_sleep(0.2)")).scalar() == 7


def test_a_server_that_answers_no_look_is_waited_for_no_longer(deployment, monkeypatch):
    """The session sleeps as a frozen server's does; the looks are what finds out."""
    monkeypatch.setattr(connections, "ASK_AFTER_S", 0.02)
    monkeypatch.setattr(connections.Pulse, "_answers", lambda _: False)
    monkeypatch.setattr(connections, "SILENT_S", 0.1)
    trouble = of(deployment.engine, "SELECT pg_sleep(3600)")
    assert is_lost(trouble)
    assert is_silent(trouble)


def test_a_statement_that_lasts_can_be_left_by_a_signal(deployment):
    """Without a wait of our own neither Ctrl-C nor the end of the worker is heard before the server answers."""

    def tell(*_):
        raise Stopped

    before = signal.signal(signal.SIGALRM, tell)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(Stopped), deployment.engine.connect() as connection:
            connection.execute(text("SELECT pg_sleep(30)"))
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_look_is_over_in_time_also_where_the_server_never_lets_anybody_in(tmp_path):
    """A listener that accepts and says nothing is what a stopped postmaster looks like from outside."""
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / ".s.PGSQL.5432"))
        mute.listen(0)
        for _ in range(3):  # the first fill the queue of the kernel, which turns the others away
            with pytest.raises(connections.DatabaseSilent):
                psycopg2.connect(
                    host=str(tmp_path), user="anzhi", dbname="anzhi", connection_factory=Hasty, connect_timeout=0
                )


class Hasty(connections.PromptConnection):
    patience_s = 0.2
