"""Work that comes by itself: every turn once, what was missed once, whoever looks and however many; seen and started by an admin."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import text

from app.main import create_app
from app.platform import clock
from app.platform.calendar import CalendarEntry, due, entries_of, retries_due, retry_at, timetable_of
from app.platform.clock import CHINA
from app.platform.deployment import connect
from app.platform.principals import Role
from app.platform.settings import Settings
from app.worker.chores import seal_past_days
from app.worker.loop import APART, WORK, work_once
from app.worker.upkeep import order_due
from gis_layers.stores import jobs
from gis_layers.stores.calendar import FailedTurn
from gis_layers.stores.records import record_audit
from risk_model.codes import enumeration
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.visitors import add_account, audited, browser, sign_in
from tests.saying import tells

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
MOMENTS = st.timedeltas(datetime.timedelta(0), 400 * DAY).map(
    lambda later: datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + later
)
TIMES = st.sampled_from(
    ["hourly 00", "hourly 59", "daily 00:00", "daily 23:59", "weekly mon 00:00", "weekly sun 04:30"]
)


def an_entry(when: str, key: str = "x") -> CalendarEntry:
    return CalendarEntry(key, "kind", timetable_of(when))


def looked(entry: CalendarEntry, begun: datetime.datetime, looks: list[datetime.datetime]) -> list[datetime.datetime]:
    """The turns that are ordered where somebody looks at these moments."""
    last, turns = {entry.key: begun}, []
    for now in looks:
        for turn in due([entry], last, now):
            turns.append(turn.at)
            last[entry.key] = turn.at
    return turns


@given(TIMES, MOMENTS, st.lists(st.timedeltas(datetime.timedelta(0), 20 * DAY), min_size=1, max_size=20))
def test_no_turn_comes_twice_and_none_is_left_undone(when, begun, pauses):
    entry, looks = an_entry(when), [begun]
    for pause in pauses:
        looks.append(looks[-1] + pause)
    turns = looked(entry, begun, looks)
    assert turns == sorted(set(turns))
    assert all(begun < turn <= looks[-1] for turn in turns)
    latest = entry.timetable.latest(looks[-1])
    assert (turns[-1:] == [latest]) == (latest > begun)


@given(TIMES, MOMENTS, st.timedeltas(datetime.timedelta(0), 400 * DAY))
def test_however_many_were_missed_they_are_made_up_for_once(when, begun, stood_still):
    assert len(due([an_entry(when)], {"x": begun}, begun + stood_still)) <= 1


@given(TIMES, MOMENTS)
def test_who_looks_often_enough_misses_none(when, begun):
    entry = an_entry(when)
    every = entry.timetable.every
    turns = looked(entry, begun, [begun + every / 4 * number for number in range(21)])
    assert len(turns) == 5
    assert {later - earlier for earlier, later in pairwise(turns)} == {every}


@given(TIMES, MOMENTS)
def test_a_turn_is_at_its_time_in_beijing(when, now):
    timetable = timetable_of(when)
    at = timetable.latest(now)
    assert at <= now < timetable.following(now) == at + timetable.every
    told = at.astimezone(CHINA)
    kind, *rest = when.split()
    assert f"{told:%M}" == rest[-1][-2:]
    assert kind == "hourly" or f"{told:%H:%M}" == rest[-1]
    assert kind != "weekly" or f"{told:%a}".lower() == rest[0]


def test_an_entry_nobody_knew_begins_with_its_next_turn():
    assert due([an_entry("daily 00:05")], {}, datetime.datetime(2026, 11, 26, tzinfo=datetime.UTC)) == []


def test_a_deployment_sets_other_times_and_a_wrong_one_is_named():
    there = {one.key: one.timetable for one in entries_of(" backup=weekly SUN  03:00 , regrade=off")}
    assert (there["backup"].written, there["regrade"]) == ("weekly sun 03:00", None)
    for wrong, named in (("backups=off", "backups"), ("backup=daily 24:00", "24:00"), ("backup", "daily HH:MM")):
        with pytest.raises(ValidationError, match=named):
            Settings(calendar=wrong)


def test_every_entry_is_work_the_worker_knows():
    assert {one.kind for one in entries_of("")} <= WORK.keys() | APART.keys()


def test_every_kind_of_job_is_called_by_the_file_of_codes():
    assert set(enumeration("job_kind")) == WORK.keys() | APART.keys()
    assert all(str(one.name) != one.kind for one in entries_of(""))


@pytest.fixture
def begun(deployment):
    """A moment two days ago, when a worker looked into the calendar for the first time."""
    moment = clock.now() - 2 * DAY
    assert order_due(deployment, moment) == []
    return moment


def ordered(deployment) -> list[tuple[str, str]]:
    with deployment.engine.connect() as connection:
        rows = connection.execute(text("SELECT entry, state FROM jobs WHERE entry IS NOT NULL ORDER BY entry, id"))
        return [tuple(row) for row in rows]


DAILY = {"handbook", "seal", "drafts", "forget", "backup", "regrade", "overdue", "reviews"}
"""What comes at least once a day."""


def test_what_was_missed_is_ordered_once_and_not_again(deployment, begun):
    now = begun + 2 * DAY
    assert sorted(order_due(deployment, now)) == sorted(DAILY | weekly(begun, now))
    assert order_due(deployment, now) == []
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE jobs SET state = 'cancelled', ended_at = now()"))
    assert order_due(deployment, now) == []
    assert set(order_due(deployment, now + DAY)) >= DAILY


def weekly(begun, now) -> set[str]:
    return {"verify"} if timetable_of("weekly sun 04:30").latest(now) > begun else set()


def test_a_turn_waits_until_the_one_before_has_ended_and_is_not_lost(deployment, begun):
    order_due(deployment, begun + DAY)
    assert "backup" not in order_due(deployment, begun + 2 * DAY)
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE jobs SET state = 'cancelled', ended_at = now()"))
    assert "backup" in order_due(deployment, begun + 2 * DAY)


def test_machines_that_look_at_the_same_moment_order_each_turn_once(deployment, begun):
    now, machines = begun + 2 * DAY, [connect(Settings(), deployment.url) for _ in range(3)]
    together = threading.Barrier(len(machines))

    def look(machine):
        together.wait()
        return order_due(machine, now)

    with ThreadPoolExecutor(len(machines)) as threads:
        found = [key for keys in threads.map(look, machines) for key in keys]
    for machine in machines:
        machine.engine.dispose()
    assert sorted(found) == [entry for entry, _ in ordered(deployment)]
    assert len(found) == len(set(found))


def test_a_turn_whose_worker_was_killed_is_taken_again(deployment, begun):
    with deployment.sessions.begin() as session:
        record_audit(session, actor="zhang", action="act", subject="thing", detail={})
    only(deployment, "seal")
    assert order_due(deployment, begun + 2 * DAY) == ["seal"]
    with deployment.sessions.begin() as session:
        assert jobs.take_job(session, clock.now() - jobs.DEAD_AFTER * 2).kind == "seal days"
    assert order_due(deployment, begun + 2 * DAY) == []
    assert work_once(deployment)
    assert ordered(deployment) == [("seal", "done")]


PAUSES = tuple(datetime.timedelta(minutes=pause) for pause in (5, 15, 60))


@given(TIMES, MOMENTS, st.integers(0, 4), st.timedeltas(datetime.timedelta(0), DAY), st.timedeltas(-HOUR, 2 * DAY))
def test_a_failed_turn_is_begun_again_after_its_pause_and_before_the_next_turn(when, begun, retry, took, later):
    entry = CalendarEntry("x", "kind", timetable_of(when), pauses=PAUSES)
    turn = entry.timetable.latest(begun)
    failed = FailedTurn(turn, retry, turn + took)
    at, now = retry_at(entry, failed), failed.ended_at + later
    found = retries_due([entry], {"x": failed}, now)
    if found:
        assert (found[0].at, found[0].retry) == (turn, retry + 1)
        assert at == failed.ended_at + PAUSES[retry] <= now < turn + entry.timetable.every
    else:
        assert at is None or now < at or now >= turn + entry.timetable.every
    assert (at is None) == (retry >= 3 or failed.ended_at + PAUSES[retry] >= turn + entry.timetable.every)


def test_every_entry_pauses_longer_each_time_and_ends_before_its_next_turn():
    for entry in entries_of(""):
        assert entry.pauses
        assert list(entry.pauses) == sorted(entry.pauses)
        assert sum(entry.pauses, datetime.timedelta(0)) < entry.timetable.every


def fail(deployment, key: str, now: datetime.datetime) -> None:
    """Have a worker take the waiting job of an entry and fail at it."""
    with deployment.sessions.begin() as session:
        job = jobs.take_job(session, now)
        assert job.entry == key
        assert jobs.end_job(session, job.id, job.attempts, now=now, error="the disk is away")


def only(deployment, key: str) -> None:
    others = [one.key for one in entries_of("") if one.key != key]
    object.__setattr__(deployment, "settings", Settings(calendar=", ".join(f"{one}=off" for one in others)))


def test_a_turn_that_failed_is_begun_again_with_longer_and_longer_pauses_then_left(deployment, begun):
    only(deployment, "backup")
    now = timetable_of("daily 02:30").latest(begun) + DAY
    assert order_due(deployment, now) == ["backup"]
    for pause in entries_of("")[2].pauses:
        fail(deployment, "backup", now)
        assert order_due(deployment, now + pause - datetime.timedelta(seconds=1)) == []
        now += pause
        assert order_due(deployment, now) == ["backup"]
        assert order_due(deployment, now) == []
    fail(deployment, "backup", now)
    assert order_due(deployment, now + 12 * HOUR) == []
    assert order_due(deployment, now + DAY) == ["backup"]
    with deployment.engine.connect() as connection:
        kept = connection.execute(text("SELECT retry, state FROM jobs WHERE entry = 'backup' ORDER BY id")).all()
    assert [tuple(row) for row in kept] == [*((number, "failed") for number in range(5)), (0, "waiting")]


def test_machines_that_look_at_the_same_moment_retry_a_turn_once(deployment, begun):
    only(deployment, "backup")
    now = timetable_of("daily 02:30").latest(begun) + DAY
    order_due(deployment, now)
    fail(deployment, "backup", now)
    machines = [connect(deployment.settings, deployment.url) for _ in range(3)]
    together = threading.Barrier(len(machines))

    def look(machine):
        together.wait()
        return order_due(machine, now + HOUR)

    with ThreadPoolExecutor(len(machines)) as threads:
        found = [key for keys in threads.map(look, machines) for key in keys]
    for machine in machines:
        machine.engine.dispose()
    assert found == ["backup"]


@pytest.mark.parametrize("since", ["done", "cancelled"])
def test_what_was_done_by_hand_or_called_off_is_not_begun_again(deployment, begun, since):
    only(deployment, "backup")
    now = timetable_of("daily 02:30").latest(begun) + DAY
    order_due(deployment, now)
    fail(deployment, "backup", now)
    with deployment.sessions.begin() as session:
        row = {"state": since, "at": now + datetime.timedelta(minutes=1)}
        if since == "done":
            session.execute(text("INSERT INTO jobs (kind, entry, state, created_by, result, ended_at) VALUES ('back up', 'backup', :state, 'root', '{}', :at)"), row)  # fmt: skip
        else:
            session.execute(text("UPDATE jobs SET state = :state, ended_at = :at, error = NULL"), row)
    assert order_due(deployment, now + HOUR) == []


def test_an_administrator_sees_when_a_failed_turn_is_begun_again(as_, deployment):  # noqa: F811
    only(deployment, "backup")
    now = clock.now()
    order_due(deployment, now - 2 * DAY)
    assert order_due(deployment, now) == ["backup"]
    fail(deployment, "backup", now)
    told = {one["id"]: one for one in as_(Role.ADMIN).get("/api/calendar").json()["items"]}["backup"]
    again = retry_at(entries_of("")[2], FailedTurn(timetable_of("daily 02:30").latest(now), 0, now))
    assert (told["again"] and datetime.datetime.fromisoformat(told["again"])) == again
    assert (told["last"]["state"], told["last"]["retry"]) == ("failed", 0)
    app = create_app(deployment, loopback=True)
    add_account(deployment, "root", Role.ADMIN)
    page = browser(app)
    sign_in(page, "root")
    said = "{moment} 自动重试" if again else "不再重试，等待下次执行"
    assert tells(page.get("/calendar").text, said)


@pytest.mark.parametrize("key", ["seal", "drafts", "forget", "regrade", "overdue", "verify"])
def test_an_administrator_starts_it_by_hand_and_sees_what_came_of_it(as_, deployment, key):  # noqa: F811
    admin = as_(Role.ADMIN)
    before = {one["id"]: one for one in admin.get("/api/calendar").json()["items"]}
    assert before[key]["last"] is None
    answer = admin.post(f"/api/calendar/{key}/run")
    assert (answer.status_code, answer.headers["location"]) == (202, f"/api/jobs/{answer.json()['job']}")
    again = admin.post(f"/api/calendar/{key}/run")
    assert (again.status_code, again.json()["code"]) == (409, "not-ended")
    assert work_once(deployment)
    after = {one["id"]: one for one in admin.get("/api/calendar").json()["items"]}
    assert (after[key]["last"]["state"], after[key]["last"]["error"]) == ("done", None)
    assert after[key]["next"] == before[key]["next"]
    assert ("token:admin", "run by hand") in audited(deployment)
    assert admin.post("/api/calendar/no-such/run").status_code == 404
    assert as_(Role.OFFICER).get("/api/calendar").status_code == 403
    assert as_(Role.OFFICER).post(f"/api/calendar/{key}/run").status_code == 403


def test_a_day_is_sealed_once_nobody_writes_any_more(deployment):
    with deployment.sessions.begin() as session:
        record_audit(session, actor="zhang", action="act", subject="thing", detail={})
        session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER ALL"))
        session.execute(text("UPDATE audit_entries SET at = at - interval '3 days'"))
    writing, waited = deployment.sessions(), []
    record_audit(writing, actor="zhang", action="act", subject="late", detail={})

    def tell(_progress, step):
        waited.append(step)
        writing.rollback()

    class Patient:
        payload = {"patience_s": 60}  # noqa: RUF012

    assert seal_past_days(deployment, Patient(), tell)["days"] == 3
    assert waited
    writing.close()


def test_altered_records_are_told_by_the_failure_of_their_verification(as_, deployment):  # noqa: F811
    admin = as_(Role.ADMIN)
    with deployment.sessions.begin() as session:
        session.execute(text(f"INSERT INTO audit_days (day, entries, checks, previous, hash) VALUES ('2026-01-01', 1, 0, '{'0' * 64}', '{'a' * 64}')"))  # fmt: skip
    admin.post("/api/calendar/verify/run")
    assert work_once(deployment)
    last = {one["id"]: one["last"] for one in admin.get("/api/calendar").json()["items"]}["verify"]
    assert last["state"] == "failed"
    assert "anzhi audit verify" in last["error"]


def test_the_nightly_backup_is_proven_and_the_oldest_goes(as_, deployment, tmp_path):  # noqa: F811
    object.__setattr__(deployment, "settings", Settings(data_dir=tmp_path, backup_keep=1))
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("anzhi-20260101-023000.zip", "mine.zip"):
        (folder / name).write_bytes(b"before")
    as_(Role.ADMIN).post("/api/calendar/backup/run")
    assert work_once(deployment)
    with deployment.sessions() as session:
        job = jobs.list_jobs(session, author=None, limit=1, offset=0)[0]
        assert (job.state, job.error) == ("done", None)
    made = Path(job.result["out"])
    assert sorted(path.name for path in folder.iterdir()) == sorted([made.name, "mine.zip"])
    assert (made.parent, job.result["removed"]) == (folder, ["anzhi-20260101-023000.zip"])
    assert audited(deployment)[-1] == ("token:admin", "make backup")


def test_the_page_of_the_calendar_is_an_administrators(deployment):
    app, pages = create_app(deployment, loopback=True), {}
    for name, role in (("root", Role.ADMIN), ("wang", Role.OFFICER)):
        add_account(deployment, name, role)
        pages[name] = browser(app)
        sign_in(pages[name], name)
    assert pages["wang"].get("/calendar").status_code == 403
    assert "备份整个系统并验证" in pages["root"].get("/calendar").text
    assert pages["root"].post("/calendar/seal/run").headers["location"] == "/calendar"
    assert tells(pages["root"].post("/calendar/seal/run").text, "「{name}」正在排队或执行；请等它结束")
    english = pages["root"].get("/calendar?lang=en").text
    assert "seal the records of the day before" in english
    assert "waiting" in english
