"""A disk that fills while the service runs: told in words and by /health, and nothing is half-written."""

import errno
import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.main import create_app
from app.platform.deployment import data_folders
from app.platform.principals import Role
from app.platform.settings import Settings
from app.worker.loop import work_once
from gis_layers import disk
from gis_layers.disk import says_disk_is_full, says_server_disk_is_full
from gis_layers.embedded import folders
from gis_layers.stores import jobs
from tests.app.test_jobs import flooded
from tests.saying import tells

__all__ = ["flooded"]
FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100'; END $$
"""


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """The kernel refuses to write more into a file: what a full disk does, for this process alone."""
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.fixture
def officer(deployment, token) -> TestClient:
    app = create_app(deployment, loopback=True)
    return TestClient(app, headers={"Authorization": f"Bearer {token(Role.OFFICER)}"}, raise_server_exceptions=False)


@pytest.fixture
def full_table(deployment):
    """A table that has no room for another row."""

    def fill(table: str) -> None:
        with deployment.sessions.begin() as session:
            session.execute(text(FULL))
            session.execute(text(f"CREATE TRIGGER no_room BEFORE INSERT ON {table} EXECUTE FUNCTION no_room()"))

    return fill


def no_room(answer) -> str:
    assert answer.status_code == 507, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()["detail"]


def test_health_tells_of_a_disk_that_is_nearly_full_and_the_database_answers_all_the_same(client, monkeypatch):
    assert client.get("/health").json()["disk"] == "ok"
    monkeypatch.setattr(disk, "LEAST_FREE_BYTES", 2**60)
    answer = client.get("/health")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["disk"], told["database"]) == ("degraded", "full", "ok")
    assert client.get("/api/zones").status_code == 200


def test_each_folder_the_service_writes_to_is_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "ELSEWHERE", tmp_path / "elsewhere")
    own = tmp_path / "data"
    assert data_folders(Settings(data_dir=own)) == [own]
    moved = tmp_path / "elsewhere" / folders.short_hash(own)
    (moved / "postgres").mkdir(parents=True)
    assert data_folders(Settings(data_dir=own)) == [moved, own]
    outside = Settings(data_dir=own, database_url="postgresql://db/anzhi")
    assert data_folders(outside) == [own]
    monkeypatch.setattr(disk, "LEAST_FREE_BYTES", 2**60)
    assert disk.full_folders(own)[0] == own
    assert disk.free_bytes(own / "not" / "there") > 0


def test_an_upload_that_finds_no_room_is_answered_507_and_orders_nothing(officer, deployment, flooded):
    large = json.dumps({"type": "FeatureCollection", "features": [], "note": "x" * 3_000_000}).encode()
    with files_no_longer_than(2_000_000):
        refused = officer.post("/api/siting/batch?lang=en", files={"file": ("sites.geojson", large)})
    assert "nothing was saved" in no_room(refused)
    assert "/tmp" in no_room(refused)
    with deployment.sessions() as session:
        assert jobs.count_jobs(session, None) == 0


def test_a_database_that_finds_no_room_is_answered_507_with_its_folder(officer, deployment, full_table, flooded):
    full_table("jobs")
    refused = officer.post("/api/runs", json={"unit": "village"})
    assert str(data_folders(deployment.settings)[0]) in no_room(refused)
    assert "200 MB" in no_room(refused)
    with deployment.sessions() as session:
        assert jobs.count_jobs(session, None) == 0
    assert officer.get("/api/jobs").status_code == 200


def test_a_page_says_it_too(officer, full_table, flooded, deployment):
    from starlette.requests import Request

    from app.http import problems

    scope = {"type": "http", "app": officer.app, "headers": [(b"accept", b"text/html")], "path": "/x", "method": "GET"}
    scope |= {"query_string": b"", "server": ("localhost", 80), "scheme": "http", "state": {}}
    page = problems._answer_unexpected(Request(scope), OSError(errno.ENOSPC, "No space left on device"))
    assert page.status_code == 507
    assert tells(page.body.decode(), "磁盘已满（{folders}）；没有保存任何内容，请管理员腾出至少 200 MB 空间后重试")


def test_a_job_that_finds_no_room_fails_in_words_and_leaves_no_result(officer, deployment, full_table, flooded):
    address = officer.post("/api/runs", json={"unit": "village"}).headers["location"]
    full_table("grading_runs")
    assert work_once(deployment)
    job = officer.get(f"{address}?lang=en").json()
    assert (job["state"], job["result"]) == ("failed", None)
    assert "the disk is full" in job["error"]


def chained(error: Exception) -> Exception:
    try:
        try:
            raise error
        except type(error) as inner:
            raise RuntimeError("while parsing") from inner
    except RuntimeError as outer:
        return outer


def test_a_full_disk_is_known_in_every_disguise():
    import sqlite3

    from pyogrio.errors import DataSourceError

    full = [OSError(number, "full") for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)]
    full += [sqlite3.OperationalError("database or disk is full"), DataSourceError("write: No space left on device")]
    for error in full:
        assert says_disk_is_full(error)
        assert says_disk_is_full(chained(error))
        assert not says_server_disk_is_full(error)
    for error in (OSError(errno.EACCES, "no"), ValueError("No space left on device"), DataSourceError("not a file")):
        assert not says_disk_is_full(chained(error))
