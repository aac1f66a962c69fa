"""What is handed in has a quota and a time to live, and what failed leaves nothing."""

import datetime
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.main import create_app
from app.platform.clock import now
from app.platform.errors import Refused
from app.platform.principals import Role
from app.platform.scratch import scratch_folder, sweep
from app.platform.settings import Settings
from app.platform.work import Work
from app.queue.orders import CHECK_SITES
from app.worker import loop
from app.worker.chores import forget_before
from app.worker.loop import work_once
from gis_layers.stores import jobs
from gis_layers.stores.records import save_fact
from tests.app.conftest import site
from tests.app.visitors import browser

SITES = json.dumps({"type": "FeatureCollection", "features": [site(shapely.box(99.800, 39.300, 99.802, 39.301))]})
LATER = datetime.timedelta(minutes=5)


def hand_in(client, content=SITES):
    return client.post("/api/siting/batch", files={"file": ("sites.geojson", content)})


def files_kept(deployment):
    with deployment.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT role, name FROM job_files ORDER BY 1, 2"))]


@pytest.fixture
def deployment(deployment, monkeypatch):
    """With a small quota."""
    small = {"batch_waiting": 3, "batch_mb": 1, "batch_total_mb": 2, "unit_sets": 1}
    object.__setattr__(deployment, "settings", Settings(**small))
    return deployment


def test_an_input_is_deleted_with_the_end_of_its_job_and_results_when_their_days_are_over(client, deployment, surveyed):
    ordered = hand_in(client).json()
    assert files_kept(deployment) == [("given", "sites.geojson")]
    assert work_once(deployment)
    assert files_kept(deployment) == [("made", "check.gpkg"), ("made", "check.xlsx"), ("made", "sites.geojson")]
    done = client.get(ordered["links"]["self"]).json()
    until = datetime.datetime.fromisoformat(done["files_until"])
    forget(deployment, until - datetime.timedelta(minutes=1))
    assert len(files_kept(deployment)) == 3
    forget(deployment, until + datetime.timedelta(minutes=1))
    assert files_kept(deployment) == []
    told = client.get(ordered["links"]["self"]).json()
    assert (told["state"], told["links"]["files"], told["files_until"]) == ("done", {}, None)
    assert client.get(done["links"]["files"]["check.gpkg"]).status_code == 404


def forget(deployment, at):
    with deployment.sessions.begin() as session:
        forget_before(Work(session, deployment), at, actor="test")


@pytest.mark.parametrize(
    "end", ["refused", "broken", "unreadable", "cancelled while waiting", "cancelled while running", "died"]
)
def test_a_job_that_came_to_nothing_leaves_no_bytes(client, deployment, surveyed, monkeypatch, tmp_path, end):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    check_as_ordered = loop.WORK[CHECK_SITES]

    def comes_to_nothing(work, job, progress):
        check_as_ordered(work, job, progress)
        if end == "cancelled while running":
            with deployment.sessions.begin() as other:
                jobs.cancel_job(other, job.id, now())
            return {}
        raise Refused("没有执行") if end == "refused" else RuntimeError(end)

    ordered = hand_in(client, "{" if end == "unreadable" else SITES).json()
    if end not in ("unreadable", "died"):
        monkeypatch.setitem(loop.WORK, CHECK_SITES, comes_to_nothing)
    if end == "cancelled while waiting":
        client.delete(ordered["links"]["self"])
    elif end == "died":
        with deployment.sessions.begin() as session:
            jobs.take_job(session, now()).attempts = jobs.MOST_ATTEMPTS
        with deployment.sessions.begin() as session:
            jobs.release_dead(session, now() + LATER)
    else:
        work_once(deployment)
    assert client.get(ordered["links"]["self"]).json()["state"] == ("cancelled" if "cancelled" in end else "failed")
    assert files_kept(deployment) == []
    assert list(tmp_path.rglob("anzhi-*")) == []
    with deployment.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM checks")) == 0
        assert connection.scalar(text("SELECT count(*) FROM pg_largeobject_metadata")) == 0


def test_an_account_has_only_so_many_jobs_before_it(client, deployment):
    assert [hand_in(client).status_code for _ in range(4)] == [202, 202, 202, 429]
    refused = hand_in(client).json()
    assert refused["used"]["waiting"] == 4
    assert refused["quota"]["waiting"] == 3
    assert "3" in refused["detail"]
    first = client.get("/api/jobs").json()["items"][-1]
    client.delete(first["links"]["self"])
    assert hand_in(client).status_code == 202


def test_an_account_keeps_only_so_many_bytes_and_makes_room_itself(client, deployment, surveyed):
    padded = SITES + " " * 600_000
    ordered = hand_in(client, padded).json()
    assert hand_in(client, padded).status_code == 429
    work_once(deployment)
    assert hand_in(client, padded).status_code == 202
    assert client.delete(ordered["links"]["self"] + "/files").json()["links"]["files"] == {}
    assert all(role == "given" for role, _ in files_kept(deployment))


def test_a_file_larger_than_all_one_may_keep_is_told_so(client, deployment):
    refused = hand_in(client, SITES + " " * 1_100_000)
    assert refused.status_code == 413
    assert refused.json()["quota"]["account_bytes"] == 1_000_000
    assert files_kept(deployment) == []


def test_all_accounts_together_keep_only_so_many_bytes(client, deployment, token):
    with deployment.sessions.begin() as session:
        for author in ("li", "wang"):
            job = jobs.order_job(session, CHECK_SITES, {}, author=author)
            jobs.save_file(session, job.id, "given", "sites.geojson", b" " * 900_000)
    refused = hand_in(client, SITES + " " * 300_000)
    assert refused.status_code == 429
    assert refused.json()["used"]["total_bytes"] > 2_000_000
    assert "ANZHI_BATCH_TOTAL_MB" in refused.json()["detail"]


def test_orders_at_once_do_not_slip_past_the_quota_together(client):
    answers, ready = [], threading.Barrier(6)

    def order():
        ready.wait()
        answers.append(hand_in(client).status_code)

    threads = [threading.Thread(target=order) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [202] * 3 + [429] * 3


def test_a_guest_orders_nothing_and_a_demo_account_the_least(deployment):
    with deployment.sessions.begin() as session:
        save_fact(session, "synthetic", value=True)
    app = create_app(deployment, loopback=True)
    assert hand_in(TestClient(app)).status_code == 401
    visitor = browser(app)
    signed_in = visitor.post("/api/session/demo", json={"role": "planner"}).json()
    visitor.headers["X-CSRF-Token"] = signed_in["csrf"]
    assert [hand_in(visitor).status_code for _ in range(3)] == [202, 202, 429]
    assert hand_in(visitor, SITES + " " * 110_000).status_code == 413


def test_an_account_hands_in_only_so_many_unit_sets(deployment, token):
    app = create_app(deployment, loopback=True)
    officer = TestClient(app, headers={"Authorization": f"Bearer {token(Role.OFFICER)}"})
    answers = [
        officer.post("/api/unit-sets", files={"file": ("u.geojson", SITES)}, data={"name": name}) for name in "甲乙"
    ]
    assert [answer.status_code for answer in answers] == [201, 429]
    assert answers[1].json()["quota"] == {"unit_sets": 1}


def test_the_scratch_folder_of_a_killed_process_is_swept_and_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    program = "import os, tempfile\nfrom app.platform.scratch import scratch_folder\nwith scratch_folder() as folder:\n    tempfile.mkdtemp(prefix='anzhi-batch-')\n    print(folder, flush=True)\n    os.kill(os.getpid(), 9)"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    killed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False
    )
    left = Path(killed.stdout.strip())
    assert list(left.iterdir())
    (tmp_path / "anzhi-scratch-of-somebody").mkdir()
    with scratch_folder() as mine:
        assert tempfile.mkdtemp().startswith(str(mine))
        sweep(tmp_path)
        assert mine.exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["anzhi-scratch-of-somebody"]
