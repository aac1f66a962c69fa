"""Who judged what is kept for years: every signed-in check has a number, and what it stood on can be computed again."""

import hashlib
import json
import re
import threading
from datetime import datetime

import pytest
import shapely
from anyio import to_thread
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, NotSupportedError, OperationalError

from app.main import create_app
from app.platform.clock import today
from app.platform.principals import Role
from app.worker.loop import work_once
from gis_layers.stores.records import save_fact
from tests.app.conftest import site
from tests.app.visitors import add_account, browser, sign_in
from tests.running import anzhi_here

HERE = shapely.box(99.800, 39.300, 99.802, 39.301)
NUMBER = re.compile(rf"筛查-{today().year}-\d{{6}}")


def check(client, feature=None):
    body = json.dumps(feature or site(HERE))
    answer = client.post("/api/siting/check", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def kept(deployment):
    with deployment.engine.connect() as connection:
        return connection.execute(text("SELECT * FROM checks ORDER BY year, ordinal")).mappings().all()


def independent_digest(document) -> str:
    """As the guide tells it, by nothing of the product."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def test_a_signed_in_check_is_numbered_and_kept_with_all_it_stood_on(deployment, surveyed):
    add_account(deployment, "zhang", Role.PLANNER, department="规划站")
    visitor = browser(create_app(deployment, loopback=True))
    sign_in(visitor)
    answer = check(visitor)
    record, (row,) = answer["record"], kept(deployment)
    assert NUMBER.fullmatch(record["number"])
    assert (row["number"], row["actor"], row["role"], row["department"]) == (
        record["number"], "zhang", "planner", "规划站")  # fmt: skip
    assert (row["verdict"], row["borderline"]) == (answer["verdict"], answer["borderline"])
    assert (row["edition"], row["edition_fingerprint"]) == (
        answer["edition"]["number"], answer["edition"]["fingerprint"])  # fmt: skip
    assert (row["rulebook_version"], row["rulebook_fingerprint"]) == (
        answer["rulebook"]["version"], answer["rulebook"]["fingerprint"])  # fmt: skip
    assert row["at"] == datetime.fromisoformat(record["at"])


@pytest.mark.parametrize(
    "feature",
    [
        site(HERE),
        site(HERE, name="王家湾新居 😀", note="\u2028 \x7f é", count=2**40, share=1e-7, nothing=None),
        {**site(shapely.Point(99.8, 39.3)), "id": 7, "bbox": [1, 2.0, 3, 4]},
        {**site(shapely.box(568_900, 4_355_400, 569_000, 4_355_500)), "crs": "EPSG:4542"},
    ],
)
def test_both_digests_are_computed_again_from_what_was_sent_and_answered(client, feature):
    answer = check(client, feature)
    record = answer.pop("record")
    assert record["input_digest"] == independent_digest(json.loads(json.dumps(feature)))
    assert record["result_digest"] == independent_digest(answer)


def test_what_is_kept_of_the_input_is_checked_again_to_the_same_result(client, deployment, surveyed):
    first = check(client)["record"]
    (row,) = kept(deployment)
    again = client.post("/api/siting/check", content=row["input"], headers={"Content-Type": "application/json"})
    second = again.json()["record"]
    assert (second["input_digest"], second["result_digest"]) == (first["input_digest"], first["result_digest"])
    assert second["number"] > first["number"]


def test_an_input_too_large_to_keep_is_known_by_its_digest(client, deployment, monkeypatch):
    monkeypatch.setattr("app.judgement.logbook.LARGEST_INPUT", 100)
    record = check(client)["record"]
    (row,) = kept(deployment)
    assert row["input"] is None
    assert row["input_digest"] == record["input_digest"]


def test_a_guest_is_answered_and_nothing_is_kept(deployment):
    with deployment.sessions.begin() as session:
        save_fact(session, "synthetic", value=True)
    guest = TestClient(create_app(deployment, loopback=True))
    assert check(guest)["record"] is None
    assert kept(deployment) == []


def test_a_check_that_is_refused_takes_no_number(client, deployment):
    bow_tie = shapely.Polygon([(99.8, 39.3), (99.81, 39.31), (99.81, 39.3), (99.8, 39.31)])
    assert client.post("/api/siting/check", json=site(bow_tie)).status_code == 422
    assert check(client)["record"]["number"].endswith("000001")


def test_numbers_are_unique_without_gaps_and_go_up_with_time_under_many_at_once(client, deployment):
    """More at once than there are threads: none may be left without one to commit in."""
    crowd, threads_of_the_service, answered = 12, 3, []
    ready = threading.Barrier(crowd)

    async def few_threads():
        to_thread.current_default_thread_limiter().total_tokens = threads_of_the_service

    def ask():
        ready.wait()
        answered.append(check(client)["record"])

    client.portal.call(few_threads)
    threads = [threading.Thread(target=ask, daemon=True) for _ in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    ordinals = sorted(int(record["number"][-6:]) for record in answered)
    assert ordinals == list(range(1, crowd + 1))
    rows = kept(deployment)
    assert [row["ordinal"] for row in sorted(rows, key=lambda row: row["at"])] == ordinals


def test_a_failed_transaction_gives_its_number_back(deployment, client, monkeypatch):
    from app.siting import single_check

    record_single = single_check.record_single

    def then_fails(*arguments):
        record_single(*arguments)
        raise OperationalError("on purpose", {}, Exception())

    with monkeypatch.context() as patched:
        patched.setattr(single_check, "record_single", then_fails)
        assert client.post("/api/siting/check", json=site(HERE)).status_code >= 500
    assert check(client)["record"]["number"].endswith("000001")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checks SET verdict = 'permitted'",
        "DELETE FROM checks",
        "TRUNCATE checks",
        "UPDATE audit_entries SET actor = 'nobody'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "UPDATE audit_days SET hash = previous",
        "DELETE FROM audit_days",
        "TRUNCATE audit_days",
        "UPDATE check_counters SET last = 0",
        "UPDATE check_counters SET last = last - 1",
        "UPDATE check_counters SET last = last + 2",
        "UPDATE check_counters SET year = year - 1, last = last + 1",
        "DELETE FROM check_counters",
        "TRUNCATE check_counters",
    ],
)
def test_the_database_refuses_its_owner_any_change_of_the_record(client, deployment, statement):
    check(client)
    with deployment.engine.begin() as connection:
        owner = connection.scalar(text("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'checks'"))
        connection.execute(
            text("INSERT INTO audit_days (day, entries, checks, previous, hash) VALUES ('2026-01-01', 0, 0, :h, :h)"),
            {"h": "0" * 64},
        )
        assert owner
    # What reviews point to cannot be emptied before any trigger is asked.
    with pytest.raises((IntegrityError, NotSupportedError)), deployment.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_kept_input_belongs_to_its_digest(client, deployment):
    check(client)
    forged = 'INSERT INTO checks SELECT (jsonb_populate_record(checks, \'{"ordinal": 9, "number": "9", "input": "{}"}\')).* FROM checks'
    with pytest.raises(IntegrityError, match="input_as_digested"), deployment.engine.begin() as connection:
        connection.exec_driver_sql(forged)


def test_a_file_has_one_number_whoever_checks_it(deployment, client, surveyed, tmp_path):
    file = tmp_path / "sites.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [site(HERE), site(HERE)]}), encoding="utf-8")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    job = client.post("/api/siting/batch", files={"file": ("sites.geojson", file.read_bytes())}).json()
    assert work_once(deployment)
    batch = client.get(job["links"]["self"]).json()["result"]["record"]
    environment = {"ANZHI_DATABASE_URL": deployment.url}
    ran = anzhi_here(tmp_path, "check", file, "--out", tmp_path / "out.gpkg", "--json", **environment)
    console = json.loads(ran.stdout)["record"]
    assert batch["number"].endswith("000001")
    assert console["number"].endswith("000002")
    assert batch["input_digest"] == console["input_digest"] == digest
    assert batch["result_digest"] == console["result_digest"]
    ordered, typed = kept(deployment)
    assert (ordered["kind"], ordered["actor"], ordered["role"], ordered["file"]) == (
        "batch", "token:test", "viewer", "sites.geojson")  # fmt: skip
    assert (typed["kind"], typed["role"], typed["site_count"]) == ("console", "console", 2)
    assert ordered["verdicts"] == typed["verdicts"]
