"""Proposals made before decisions had a table of their own come over whole, and go back whole."""

import pytest
from alembic import command
from sqlalchemy import text

from gis_layers.database import migrate, migration_config, open_engine

BEFORE = """
INSERT INTO rulebook_proposals (state, created_by, reason, steps, decided_by, decided_at, comment) VALUES
    ('open', 'a', 'r1', '[{"op": "undo"}]', NULL, NULL, NULL),
    ('returned', 'a', 'r2', '[{"op": "undo"}]', 'b', '2026-01-02T03:04:05Z', 'why'),
    ('withdrawn', 'a', 'r3', '[{"op": "undo"}]', 'a', '2026-01-02T03:04:05Z', NULL),
    ('published', 'a', 'r4', '[{"op": "undo"}]', 'b', '2026-01-02T03:04:05Z', NULL)
"""
ROWS = "SELECT * FROM rulebook_proposals ORDER BY id"
STEPS = """
SELECT d.number, d.state, d.ended, d.version, d.authors, s.step, s.taken_by, s.comment FROM decisions d
JOIN decision_steps s ON s.decision_id = d.id ORDER BY d.number, s.ordinal
"""


@pytest.fixture
def engine(database_url):
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


def rows(engine, query):
    with engine.connect() as connection:
        return connection.execute(text(query)).mappings().all()


def test_proposals_of_an_older_release_come_over_with_their_decisions_and_back(engine, database_url):
    command.downgrade(migration_config(database_url), "0016")
    with engine.begin() as connection:
        connection.execute(text(BEFORE))
    before = rows(engine, ROWS)
    migrate(database_url)
    assert [tuple(row.values()) for row in rows(engine, STEPS)] == [
        (1, "open", False, 1, ["a"], "propose", "a", None),
        (2, "returned", False, 2, ["a"], "propose", "a", None),
        (2, "returned", False, 2, ["a"], "return", "b", "why"),
        (3, "withdrawn", True, 2, ["a"], "propose", "a", None),
        (3, "withdrawn", True, 2, ["a"], "withdraw", "a", None),
        (4, "published", True, 2, ["a"], "propose", "a", None),
        (4, "published", True, 2, ["a"], "approve", "b", None),
    ]
    assert [row["reason"] for row in rows(engine, ROWS)] == ["r1", "r2", "r3", "r4"]
    command.downgrade(migration_config(database_url), "0016")
    assert [dict(row) for row in rows(engine, ROWS)] == [dict(row) for row in before]
    migrate(database_url)
    assert len(rows(engine, STEPS)) == 7
