"""A newer program migrates the database under a service that runs: it says so, and reads and writes no more."""

import threading

import pytest
from sqlalchemy import text

from app.platform.principals import Principal, Role
from app.queue.orders import GRADE, JobRequest, Quota, enqueue
from app.worker.loop import work_until
from gis_layers.database import SchemaWatch, head_revision
from gis_layers.stores import jobs
from tests.saying import tells

NEWER = "9999_of_tomorrow"
OFFICER = Principal("li", Role.OFFICER)


@pytest.fixture
def stands_at(deployment, monkeypatch):
    monkeypatch.setattr(SchemaWatch, "LOOK_S", 0.0)

    def stand(revision: str) -> None:
        with deployment.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})

    return stand


def test_a_running_service_notices_says_so_and_goes_on_once_it_may(client, stands_at):
    assert client.get("/api/zones").status_code == 200
    stands_at(NEWER)
    refused = client.get("/api/zones")
    assert (refused.status_code, refused.json()["code"], "Retry-After" in refused.headers) == (503, "migrated", True)
    assert tells(
        refused.json()["detail"], "数据库已由更新版本的程序升级，本服务已停止读写；请管理员用新版本重新启动服务"
    )
    health = client.get("/health")
    assert (health.status_code, health.json()["status"], health.json()["database"]) == (503, "degraded", "migrated")
    form = {"username": "somebody", "password": "something long"}
    assert client.post("/api/session", json=form).json()["code"] == "migrated"
    stands_at(head_revision())
    assert [client.get(path).status_code for path in ("/api/zones", "/health")] == [200, 200]


def test_nothing_is_written_into_a_newer_database(client, deployment, stands_at):
    stands_at(NEWER)
    count = text("SELECT count(*) FROM audit_entries")
    with deployment.engine.connect() as connection:
        before = connection.scalar(count)
    client.post("/api/session", json={"username": "somebody", "password": "something long"})
    with deployment.engine.connect() as connection:
        assert connection.scalar(count) == before


def test_a_statement_that_meets_what_changed_a_moment_ago_is_told_so(client, deployment, stands_at, monkeypatch):
    assert client.get("/api/editions").status_code == 200
    monkeypatch.setattr(SchemaWatch, "LOOK_S", 3600.0)
    stands_at(NEWER)
    with deployment.engine.begin() as connection:
        connection.execute(text("ALTER TABLE editions RENAME COLUMN reason TO reason_of_tomorrow"))
    answer = client.get("/api/editions")
    assert (answer.status_code, answer.json()["code"]) == (503, "migrated")


def test_the_worker_takes_no_job_of_a_newer_database(deployment, stands_at, caplog):
    with deployment.sessions.begin() as session:
        quota = Quota.of(OFFICER, deployment.settings)
        number = enqueue(session, JobRequest(GRADE, {"unit": "village"}), OFFICER, quota).id
    stands_at(NEWER)
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    work_until(deployment, stop)
    waits = [record for record in caplog.records if "the worker waits" in record.message]
    assert [NEWER in record.message for record in waits] == [True]
    stands_at(head_revision())
    with deployment.sessions() as session:
        assert jobs.find_job(session, number).state == "waiting"
