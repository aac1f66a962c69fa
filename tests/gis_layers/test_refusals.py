"""Every constraint of the database is answered by the field it is about, or has a written reason why nobody meets it."""

import re

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gis_layers.database import open_engine
from gis_layers.stores.refusals import CONSTRAINTS, UNMET, RefusedByDatabase, explain, find_refusal, refusals_named

ALL = """
SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    AND conrelid <> 'spatial_ref_sys'::regclass
UNION SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE indisunique AND relnamespace = 'public'::regnamespace AND relname <> 'spatial_ref_sys'
"""


@pytest.fixture
def constraints(database_url):
    engine = open_engine(database_url)
    with engine.connect() as connection:
        yield set(connection.execute(text(ALL)).scalars())
    engine.dispose()


def test_every_constraint_is_told_of_once(constraints):
    rules = [pattern for pattern, _ in (*CONSTRAINTS, *UNMET)]
    told = {name: [rule for rule in rules if re.fullmatch(rule, name)] for name in constraints}
    assert len(told) > 150
    assert {name: found for name, found in told.items() if len(found) != 1} == {}


def test_nothing_is_told_of_a_constraint_that_is_not_there(constraints):
    rules = [pattern for pattern, _ in (*CONSTRAINTS, *UNMET)]
    assert [rule for rule in rules if not any(re.fullmatch(rule, name) for name in constraints)] == []


def test_a_constraint_nobody_can_meet_is_a_fault_of_the_program():
    assert find_refusal("ck_jobs_state_known") is None
    assert find_refusal("no_such_constraint") is None


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("INSERT INTO stations (name, kind, geom) VALUES ('甲', 'circus', 'SRID=4490;POINT(99 39)')", "kind"),
        ("INSERT INTO stations (kind, geom) VALUES ('fire', 'SRID=4490;POINT(99 39)')", "name"),
        ("INSERT INTO stations (name, kind, geom) VALUES ('甲', 'fire', 'SRID=4490;POINT EMPTY')", "geometry"),
        ("INSERT INTO stations (name, kind) VALUES ('甲', 'fire')", "geometry"),
        ("INSERT INTO villages (name, population, geom) VALUES ('甲', -1, 'SRID=4490;MULTIPOLYGON(((0 0,1 0,1 1,0 0)))')",
         "population"),
        ("UPDATE villages SET population = 99999999999999999999", None),
        ("SELECT '\\ud800'::jsonb", None),
        ("SELECT E'a\\\\u0000'::jsonb", None),
        ("SELECT '2026-02-30'::date", None),
    ],
)  # fmt: skip
def test_what_the_database_refuses_is_named(sessions, statement, field):
    with sessions() as session, pytest.raises(RefusedByDatabase) as refused, refusals_named():
        session.connection().exec_driver_sql(statement.replace("%", "%%"))
    assert refused.value.refusal.field == field
    assert str(refused.value)


def test_a_copy_that_is_refused_is_named_like_a_statement(sessions):
    with sessions() as session:
        cursor = session.connection().connection.cursor()
        with pytest.raises(psycopg2.Error) as raised:
            cursor.execute("INSERT INTO village_groups (name) VALUES ('一社')")
    assert explain(raised.value).field == "geometry"


def test_a_fault_of_the_program_is_raised_as_it_is(sessions):
    row = "INSERT INTO jobs (kind, payload, state, progress, attempts, created_by) VALUES ('grade', '{}', 'lost', 0, 0, 'x')"
    with sessions() as session, pytest.raises(IntegrityError), refusals_named():
        session.connection().exec_driver_sql(row)
