"""Work in the background: ordered over HTTP, done by the worker in one transaction, watched, cancelled, never half done."""

import datetime
import threading

import geopandas as gpd
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.main import create_app
from app.platform.clock import now
from app.platform.deployment import Deployment
from app.platform.principals import Principal, Role
from app.queue.orders import GRADE, JobRequest, Quota, describe_job, enqueue
from app.worker import loop
from app.worker.loop import Stopped, work_once
from gis_layers.stores import jobs, places, runs
from tests.app.seeds import publish_zones, seeded_database
from tests.saying import says, tells

WEST, EAST = shapely.box(99.75, 39.30, 99.77, 39.32), shapely.box(99.77, 39.30, 99.79, 39.32)
OFFICER = Principal("li", Role.OFFICER)
LATER = datetime.timedelta(minutes=5)


@seeded_database()
def flooded(deployment: Deployment) -> None:
    """Two villages and one surveyed flood: enough to be graded as lacking data."""
    frame = gpd.GeoDataFrame(
        {"code": ["v1", "v2"], "name": ["西村", "东村"], "population": [1000, 200]},
        geometry=[shapely.multipolygons([shape]) for shape in (WEST, EAST)],
        crs=4490,
    )
    with deployment.sessions.begin() as session:
        places.append_places(session, "villages", frame)
    publish_zones(deployment, "flood", WEST, grade=("高", 2, "flood4"))


@pytest.fixture
def officer(deployment, token) -> TestClient:
    app = create_app(deployment, loopback=True)
    headers = {"Authorization": f"Bearer {token(Role.OFFICER)}"}
    return TestClient(app, headers=headers, raise_server_exceptions=False)


@pytest.fixture
def order(deployment):
    def do(**payload) -> int:
        with deployment.sessions.begin() as session:
            quota = Quota.of(OFFICER, deployment.settings)
            return enqueue(session, JobRequest(GRADE, {"unit": "village", **payload}), OFFICER, quota).id

    return do


@pytest.fixture
def job(deployment):
    def look(number: int):
        with deployment.sessions() as session:
            return jobs.find_job(session, number)

    return look


def take(deployment, at=None):
    with deployment.sessions.begin() as session:
        return jobs.take_job(session, at or now())


def test_an_ordered_run_is_accepted_done_by_the_worker_and_published(officer, deployment, flooded):
    ordered = officer.post("/api/runs", json={"unit": "grid", "cell_m": 500})
    assert ordered.status_code == 202, ordered.text
    address = ordered.headers["location"]
    assert officer.get(address).json()["state"] == "waiting"
    assert work_once(deployment)
    done = officer.get(address).json()
    assert (done["state"], done["progress"], done["error"]) == ("done", 1.0, None)
    run = officer.get(f"/api/runs/{done['result']['run']}").json()
    assert (run["unit"], run["cell_m"], run["created_by"]) == ("grid", 500.0, "token:test")
    assert not work_once(deployment)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"unit": "grid"}, 422),
        ({"unit": "village", "cell_m": 100}, 422),
        ({"unit": "polygons"}, 422),
        ({"unit": "polygons", "set": "无此集"}, 404),
        ({"unit": "grid", "cell_m": 10}, 202),
        ({"unit": "county"}, 422),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused_at_once(officer, flooded, body, status):
    assert officer.post("/api/runs", json=body).status_code == status


def test_only_officers_order_runs(client, flooded):
    assert client.post("/api/runs", json={"unit": "village"}).status_code == 403


def test_nothing_is_ordered_before_an_edition(officer):
    refused = officer.post("/api/runs", json={"unit": "village"})
    assert refused.status_code == 409
    assert says(refused.json()["detail"], "还没有启用任何一版区划，没有分级的依据；请先导入区划成果并启用")


def test_colleagues_do_not_see_each_others_jobs(client, officer, deployment, order, flooded):
    number = order()
    for asking in (client, officer):
        assert asking.get(f"/api/jobs/{number}").status_code == 404
        assert asking.delete(f"/api/jobs/{number}").status_code == 404
        assert asking.get("/api/jobs").json()["total"] == 0
    officer.post("/api/runs", json={"unit": "village"})
    assert [one["kind"] for one in officer.get("/api/jobs").json()["items"]] == ["grade"]


def test_a_waiting_job_is_cancelled_at_once_and_never_done(officer, deployment, flooded):
    address = officer.post("/api/runs", json={"unit": "village"}).headers["location"]
    assert officer.delete(address).json()["state"] == "cancelled"
    assert not work_once(deployment)
    assert officer.delete(address).status_code == 409


def test_cancelling_a_running_job_leaves_no_run(deployment, order, job, flooded, monkeypatch):
    number = order()

    def cancelled_meanwhile(work, ordered, progress):
        with deployment.sessions.begin() as other:
            jobs.cancel_job(other, number, now())
        progress(0.5, "量算各灾种面积")
        raise AssertionError("the work goes on after it was cancelled")

    monkeypatch.setitem(loop.WORK, GRADE, cancelled_meanwhile)
    work_once(deployment)
    assert job(number).state == "cancelled"


def test_a_cancellation_in_the_last_moment_takes_the_results_back(deployment, order, job, flooded, monkeypatch):
    number, grade = order(), loop.WORK[GRADE]

    def done_then_cancelled(work, ordered, progress):
        result = grade(work, ordered, progress)
        with deployment.sessions.begin() as other:
            jobs.cancel_job(other, number, now())
        return result

    monkeypatch.setitem(loop.WORK, GRADE, done_then_cancelled)
    work_once(deployment)
    assert job(number).state == "cancelled"
    with deployment.sessions() as session:
        assert runs.latest_run(session, "village") is None


def test_progress_rises_and_is_seen_while_the_results_are_not(deployment, order, job, flooded, monkeypatch):
    number, grade, seen = order(), loop.WORK[GRADE], []

    def watched(work, ordered, progress):
        def tell(share, step):
            progress(share, step)
            seen.append((share, job(number).progress, job(number).step))

        return grade(work, ordered, tell)

    monkeypatch.setitem(loop.WORK, GRADE, watched)
    monkeypatch.setattr(loop, "TELL_EVERY_S", 0.0)
    work_once(deployment)
    told = [share for share, _, _ in seen]
    assert told == sorted(told)
    assert len(told) > 10
    assert [shown for _, shown, _ in seen] == pytest.approx(told)
    assert {step for _, _, step in seen} == {"读取单元与区划", "量算各灾种面积", "保存结果"}


def test_two_workers_never_take_the_same_job(deployment, order, flooded):
    numbers = {order() for _ in range(6)}
    taken, ready = [], threading.Barrier(3)

    def work():
        ready.wait()
        while (one := take(deployment)) is not None:
            taken.append(one.id)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(numbers)


def test_the_job_of_a_killed_worker_is_done_by_the_next(deployment, order, job, flooded):
    number = order()
    take(deployment, now() - LATER)
    assert job(number).state == "running"
    assert work_once(deployment)
    assert (job(number).state, job(number).attempts) == ("done", 2)


def test_a_job_that_kills_its_workers_fails_and_says_so(deployment, order, job, flooded):
    number = order()
    for _ in range(jobs.MOST_ATTEMPTS):
        with deployment.sessions.begin() as session:
            jobs.release_dead(session, now())
        take(deployment, now() - LATER)
    assert not work_once(deployment)
    assert job(number).state == "failed"
    assert tells(
        job(number).error,
        "执行它的进程或它的数据库 {attempts} 次中途结束，已不再重试；没有写入任何结果，请检查服务器内存后重新提交",
        attempts=jobs.MOST_ATTEMPTS,
    )
    with deployment.sessions() as session:
        assert str(describe_job(session, job(number), deployment.settings)["error"]) == job(number).error


def test_a_worker_that_was_given_up_cannot_end_the_job_of_its_successor(deployment, order, job, flooded):
    number = order()
    slow = take(deployment, now() - LATER)
    with deployment.sessions.begin() as session:
        jobs.release_dead(session, now())
    take(deployment)
    with deployment.sessions.begin() as session:
        assert not jobs.report_progress(session, number, slow.attempts, now=now(), progress=0.9, step=None)
        assert not jobs.end_job(session, number, slow.attempts, now=now(), result={"run": 1})
    assert (job(number).state, job(number).result) == ("running", None)


def test_a_worker_told_to_stop_gives_its_job_back(deployment, order, job, flooded, monkeypatch):
    number = order()

    def stopped(work, ordered, progress):
        raise Stopped

    monkeypatch.setitem(loop.WORK, GRADE, stopped)
    with pytest.raises(Stopped):
        work_once(deployment)
    assert (job(number).state, job(number).attempts, job(number).progress) == ("waiting", 0, 0.0)


@pytest.mark.parametrize("trouble", [ValueError("secret detail"), KeyError("unit")])
def test_an_error_nobody_foresaw_fails_the_job_without_telling_its_inside(
    deployment, order, job, flooded, monkeypatch, trouble
):
    def broken(work, ordered, progress):
        raise trouble

    monkeypatch.setitem(loop.WORK, GRADE, broken)
    number = order()
    work_once(deployment)
    assert job(number).state == "failed"
    assert "secret" not in job(number).error
    assert tells(job(number).error, "任务执行时出错（{kind}）；没有写入任何结果，详情见服务日志")


def test_why_a_job_failed_is_told_in_the_language_of_whoever_looks(
    client, token, deployment, order, job, flooded, monkeypatch
):
    def broken(work, ordered, progress):
        raise ZeroDivisionError

    monkeypatch.setitem(loop.WORK, GRADE, broken)
    number = order()
    work_once(deployment)
    admin = {"Authorization": f"Bearer {token(Role.ADMIN)}"}
    chinese = client.get(f"/api/jobs/{number}", headers=admin).json()
    assert chinese["error"] == "任务执行时出错（ZeroDivisionError）；没有写入任何结果，详情见服务日志"
    assert (chinese["result"], job(number).error) == (None, chinese["error"])
    english = client.get(f"/api/jobs/{number}?lang=en", headers=admin).json()
    assert english["error"].startswith("the job met an error (ZeroDivisionError); nothing was written")
    (listed,) = client.get("/api/jobs?lang=en", headers=admin).json()["items"]
    assert listed["error"] == english["error"]


def test_what_is_refused_while_working_is_told_in_its_own_words(deployment, order, job, flooded):
    number = order()
    with deployment.sessions.begin() as session:
        session.execute(text("DELETE FROM villages"))
    work_once(deployment)
    assert says(job(number).error, "还没有载入村界，没有可分级的单元；请先运行 anzhi import villages FILE")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE jobs SET state = 'done'",
        "UPDATE jobs SET state = 'running'",
        "UPDATE jobs SET state = 'failed', ended_at = now()",
        "UPDATE jobs SET progress = 1.5",
    ],
)
def test_no_client_can_make_a_job_say_what_is_not_so(deployment, order, flooded, change):
    order()
    with pytest.raises(IntegrityError), deployment.sessions.begin() as session:
        session.execute(text(change))
