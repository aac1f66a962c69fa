"""The state of the registers: what changes it, what does not, and that no write is missed however late it is committed."""

from __future__ import annotations

import datetime

import pytest
from sqlalchemy import text

from gis_layers.stores.desk_state import read_desk_state
from gis_layers.stores.registers_state import OF_LAYER, WATCHED, read_layer_state, read_registers_state, read_writes

SQUARES = "MULTIPOLYGON(((99 39, 99.1 39, 99.1 39.1, 99 39)))"
INCIDENT = (
    "INSERT INTO incidents (kind, said, reported_by, occurred_at, created_by, geom) "
    "VALUES ('fire', 'a', 'b', now(), 'c', ST_GeomFromText('POINT(99.8 39.3)', 4490))"
)
NOW = datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)
ADDED = "INSERT INTO villages (code, name, geom) VALUES ('{0}', '{0}', ST_GeomFromText('" + SQUARES + "', 4490))"


def test_every_register_whose_state_is_told_notes_its_writes(sessions):
    told = {one.__tablename__ for tables in (WATCHED, *OF_LAYER.values()) for one in tables}
    noted = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_writes_are_noted'"
    with sessions() as session:
        assert told | {"closures", "duty_shifts", "dispatch_log"} == set(session.scalars(text(noted)))


@pytest.mark.parametrize("write", ["UPDATE villages SET name = 'another'", "DELETE FROM villages", "TRUNCATE villages"])
def test_what_is_added_changed_or_removed_changes_the_state(sessions, write):
    states = []
    for statement in (ADDED.format("a"), write):
        with sessions.begin() as session:
            states.append(read_registers_state(session))
            session.execute(text(statement))
            states.append(read_registers_state(session))
    with sessions() as session:
        last = read_registers_state(session)
    assert states[0] != states[1] == states[2] != states[3] == last
    assert len(set(states)) == 3


def test_whoever_writes_twice_and_reads_in_between_sees_both_writes(sessions):
    with sessions.begin() as session:
        session.execute(text(ADDED.format("a")))
        states = [read_registers_state(session)]
        for name in "bc":
            session.execute(text(f"UPDATE villages SET name = '{name}'"))
            states.append(read_registers_state(session))
    assert len(set(states)) == 3


def test_a_write_of_another_register_leaves_the_state(sessions):
    with sessions.begin() as session:
        before = read_layer_state(session, "roads")
        session.execute(text(ADDED.format("a")))
        assert read_layer_state(session, "roads") == before
        assert read_layer_state(session, "villages") != read_layer_state(session, "roads")


def test_what_is_rolled_back_leaves_the_state(sessions):
    with sessions() as session:
        before = read_registers_state(session)
        session.execute(text(ADDED.format("a")))
        assert read_registers_state(session) != before
        session.rollback()
        assert read_registers_state(session) == before


def test_a_change_committed_after_a_later_one_is_not_missed(sessions):
    with sessions.begin() as session:
        for code in "ab":
            session.execute(text(ADDED.format(code)))
    rename = text("UPDATE villages SET name = 'another' WHERE code = :code")
    with sessions() as slow, sessions() as quick, sessions() as reader:
        slow.execute(rename, {"code": "a"})
        quick.execute(rename, {"code": "b"})
        quick.commit()
        between = read_registers_state(reader)
        reader.rollback()
        slow.commit()
        assert read_registers_state(reader) != between


def test_the_desk_sees_an_entry_that_is_committed_after_a_later_one(sessions):
    entry = text("INSERT INTO dispatch_log (incident_id, act, occurred_at, taken_by) VALUES (1, 'note', now(), 'a')")
    with sessions.begin() as session:
        session.execute(text(INCIDENT))
    with sessions() as slow, sessions() as quick, sessions() as reader:
        slow.execute(entry)
        quick.execute(entry)
        quick.commit()
        between = read_desk_state(reader, NOW)
        reader.rollback()
        slow.commit()
        assert read_desk_state(reader, NOW) != between


def test_writes_are_told_of_registers_nobody_wrote_to(sessions):
    with sessions() as session:
        assert read_writes(session, ("roads", "villages")) == {"roads": "", "villages": ""}
