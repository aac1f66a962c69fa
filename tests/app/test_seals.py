"""The audit is sealed day by day: whatever is changed behind the database's back is found, and files carry the proof."""

import datetime
import hashlib
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.archive.files import export_days
from app.archive.verification import verify_database, verify_file
from app.judgement.logbook import FileInput, Grounds, Maker, record_file
from app.platform.errors import BadParameter
from gis_layers.stores.records import record_audit
from gis_layers.stores.seals import list_days, read_days, seal_days
from tests.running import anzhi_here

TODAY = datetime.date(2026, 11, 26)
DAYS = [TODAY - datetime.timedelta(days=n) for n in (3, 2, 1)]
UNLOCK = "ALTER TABLE audit_entries DISABLE TRIGGER USER; ALTER TABLE checks DISABLE TRIGGER USER; ALTER TABLE audit_days DISABLE TRIGGER USER; ALTER TABLE check_counters DISABLE TRIGGER USER"
MOVE = "UPDATE {table} SET at = at - interval '{days} days' WHERE {where}"


@pytest.fixture
def written(deployment):
    """Three days with entries and checks, the newest yesterday; as if they had been written then."""
    grounds = Grounds(DAYS[0], 3, "e" * 64, "2026.1", "r" * 64)
    with deployment.sessions.begin() as session:
        session.execute(text(UNLOCK))
        session.execute(text("DELETE FROM audit_entries"))
        for number, day in enumerate(DAYS):
            for entry in range(3):
                record_audit(
                    session,
                    actor="zhang",
                    action="act",
                    subject=f"thing {entry}",
                    detail={"day": number, "n": [1.10, "值"]},
                )
            for _ in range(2):
                given = FileInput("sites.csv", hashlib.sha256(str(number).encode()).hexdigest())
                record_file(session, Maker("li", "planner"), given, ({"permitted": number}, "a" * 64), grounds)
            at = datetime.datetime.combine(day, datetime.time(1, 30), datetime.timezone(datetime.timedelta(hours=8)))
            for table in ("audit_entries", "checks"):
                session.execute(text(f"UPDATE {table} SET at = :at WHERE at > now()"), {"at": at})
        session.execute(text(UNLOCK.replace("DISABLE", "ENABLE")))
    assert seal_days(deployment.sessions, TODAY) == 3
    return deployment


def export(deployment, path, first=None, last=None):
    with deployment.sessions() as session:
        return export_days(session, path, first, last)


def test_a_day_is_sealed_once_and_only_when_it_is_over(written):
    assert seal_days(written.sessions, TODAY) == 0
    with written.sessions() as session:
        days = read_days(session)
        assert [(day.day, day.entries, day.checks) for day in days] == [(day, 3, 2) for day in DAYS]
        assert [day.previous for day in days] == ["0" * 64, days[0].hash, days[1].hash]
        assert verify_database(session).troubles == []


def test_quiet_days_are_sealed_too(written):
    assert seal_days(written.sessions, TODAY + datetime.timedelta(days=3)) == 3
    with written.sessions() as session:
        assert [(day.entries, day.checks) for day in list_days(session, limit=3, offset=0)] == [(0, 0)] * 3
        assert verify_database(session).troubles == []


def test_nothing_is_sealed_while_somebody_still_writes(written):
    tomorrow = TODAY + datetime.timedelta(days=1)
    with written.sessions() as writing:
        record_audit(writing, actor="zhang", action="act", subject="late", detail={})
        assert seal_days(written.sessions, tomorrow) == 0
    assert seal_days(written.sessions, tomorrow) == 1


def test_an_entry_bears_the_moment_it_was_written_not_that_of_its_transaction(deployment):
    with deployment.sessions.begin() as session:
        began = session.scalar(text("SELECT now()"))
        session.execute(text("SELECT pg_sleep(0.01)"))
        record_audit(session, actor="zhang", action="act", subject="thing", detail={})
        assert session.scalar(text("SELECT max(at) FROM audit_entries")) > began


TAMPERING = {
    "entry changed": "UPDATE audit_entries SET {column} = {column} || 'x' WHERE id = {entry}",
    "detail changed": "UPDATE audit_entries SET detail = jsonb_set(detail, '{{day}}', '99') WHERE id = {entry}",
    "moment changed": "UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE id = {entry}",
    "entry to another day": "UPDATE audit_entries SET at = at - interval '1 day' WHERE id = {entry}",
    "entry to the first of times": "UPDATE audit_entries SET at = '2020-01-01' WHERE id = {entry}",
    "entry removed": "DELETE FROM audit_entries WHERE id = {entry}",
    "entry added": "INSERT INTO audit_entries (at, actor, action, subject) SELECT at, 'x', 'y', 'z' FROM audit_entries WHERE id = {entry}",
    "entries swapped": "UPDATE audit_entries SET subject = 'thing ' || (4 - right(subject, 1)::int) WHERE at::date = (SELECT at::date FROM audit_entries WHERE id = {entry})",
    "check changed": "UPDATE checks SET role = role || 'x' WHERE ordinal = {check}",
    "check removed": "DELETE FROM checks WHERE ordinal = {check}",
    "last check removed with its number": "DELETE FROM checks WHERE ordinal = 6",
    "number given back": "DELETE FROM checks WHERE ordinal = 6; UPDATE check_counters SET last = 5",
    "seal changed": "UPDATE audit_days SET hash = reverse(hash) WHERE day = '{day}'",
    "seal removed": "DELETE FROM audit_days WHERE day = '{day}' AND day < (SELECT max(day) FROM audit_days)",
    "chain changed": "UPDATE audit_days SET previous = reverse(hash) WHERE day = '{day}'",
}  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    how=st.sampled_from(sorted(TAMPERING)),
    column=st.sampled_from(["actor", "action", "subject"]),
    entry=st.integers(0, 8),
    check=st.integers(1, 6),
    day=st.sampled_from(DAYS),
)
def test_whatever_is_altered_by_who_may_switch_the_triggers_off_is_found(written, how, column, entry, check, day):
    with written.sessions() as session:
        number = session.scalar(text("SELECT min(id) FROM audit_entries WHERE actor = 'zhang'")) + entry
        session.execute(text(UNLOCK))
        statement = TAMPERING[how].format(column=column, entry=number, check=check, day=day)
        before = session.scalar(text("SELECT count(*) FROM audit_days"))
        done = session.execute(text(statement))
        removed_the_last_seal = how == "seal removed" and before == session.scalar(
            text("SELECT count(*) FROM audit_days")
        )
        assert removed_the_last_seal or done.rowcount != 0
        assert bool(verify_database(session).troubles) is not removed_the_last_seal
        session.rollback()


def test_a_day_sealed_anew_after_it_was_altered_does_not_fit_the_next(written):
    with written.sessions() as session:
        session.execute(text(UNLOCK))
        session.execute(text("UPDATE audit_entries SET actor = 'x' WHERE actor = 'zhang'"))
        for day in DAYS[:-1]:
            session.execute(text("DELETE FROM audit_days WHERE day = :day"), {"day": day})
        session.execute(text("DELETE FROM audit_days WHERE day = :day"), {"day": DAYS[0]})
        assert verify_database(session).troubles
        session.rollback()


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_an_export_is_verified_against_itself_and_the_deployment(written, tmp_path, kind):
    done = export(written, tmp_path / f"audit.{kind}", DAYS[1])
    with written.sessions() as session:
        assert verify_file(session, done.out).troubles == []
        assert verify_file(None, done.out).days == 2
        last = read_days(session)[-1]
    listed = done.hashes.read_text().splitlines()
    assert listed[0] == f"{hashlib.sha256(done.out.read_bytes()).hexdigest()}  audit.{kind}"
    assert listed[-1] == f"# {last.day} {last.hash}"


def test_the_hash_of_a_day_is_computed_from_the_export_by_nothing_of_the_product(written, tmp_path):
    text_of_days = export(written, tmp_path / "audit.jsonl").out.read_bytes()
    lines, previous, seen = [], "0" * 64, 0
    for line in text_of_days.splitlines(keepends=True):
        document = json.loads(line)
        if "hash" not in document:
            lines.append(line)
            continue
        assert json.loads(lines[0])["previous"] == previous
        assert hashlib.sha256(b"".join(lines)).hexdigest() == document["hash"]
        previous, lines, seen = document["hash"], [], seen + 1
    assert seen == 3


@pytest.fixture
def exported(written, tmp_path):
    return {kind: export(written, tmp_path / f"audit.{kind}").out for kind in ("jsonl", "csv")}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["jsonl", "csv"]),
    how=st.sampled_from(["change", "delete", "insert", "swap"]),
    seed=st.integers(0, 10**6),
)
def test_a_line_of_an_export_changed_deleted_inserted_or_moved_is_found(written, exported, kind, how, seed):
    file, chance = exported[kind], random.Random(seed)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    one, other = sorted(chance.sample(range(1, len(lines)), 2))
    altered = list(lines)
    if how == "change":
        place = chance.randrange(len(lines[one]) - 2)
        letter = chance.choice([letter for letter in "0aZ" if letter != lines[one][place]])
        altered[one] = lines[one][:place] + letter + lines[one][place + 1 :]
    elif how == "delete":
        del altered[one]
    elif how == "insert":
        altered.insert(other, lines[one])
    else:
        altered[one], altered[other] = lines[other], lines[one]
    if altered == lines:
        return
    path = file.with_name(f"altered.{kind}")
    path.write_text("".join(altered), encoding="utf-8")
    with written.sessions() as session:
        try:
            found = verify_file(session, path).troubles
        except BadParameter:
            return
    assert found


def test_the_console_exports_and_verifies_and_fails_on_what_was_altered(written, tmp_path):
    environment, out = {"ANZHI_DATABASE_URL": written.url}, tmp_path / "audit.jsonl"
    told = anzhi_here(tmp_path, "audit", "export", out, "--from", DAYS[0], "--to", DAYS[-1], "--json", **environment)
    assert told.returncode == 0, told.stderr
    assert [day["day"] for day in json.loads(told.stdout)["days"]] == [day.isoformat() for day in DAYS]
    for asked in ((out,), ()):
        well = anzhi_here(tmp_path, "audit", "verify", *asked, **environment)
        assert well.returncode == 0, well.stderr
    out.write_text(out.read_text().replace("zhang", "chang", 1))
    assert anzhi_here(tmp_path, "audit", "verify", out, **environment).returncode == 1
    with written.sessions.begin() as session:
        session.execute(text(UNLOCK))
        session.execute(text("UPDATE audit_entries SET actor = 'chang' WHERE id = (SELECT min(id) FROM audit_entries)"))
    altered = anzhi_here(tmp_path, "audit", "verify", "--json", **environment)
    assert altered.returncode == 1
    assert str(DAYS[0]) in json.loads(altered.stdout)["troubles"][0]
    with written.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_entries WHERE action = 'export audit'")) == 1
