"""What the database itself makes impossible, tried by SQL."""

import pytest
import shapely
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import alembic_helpers
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from gis_layers.database import (
    MIGRATIONS,
    SchemaAhead,
    head_revision,
    known_revisions,
    migrate,
    migration_config,
    open_engine,
)
from gis_layers.tables import metadata
from tests.gis_layers.ground import SQUARE, publish, zone_frame
from tests.saying import refusing

INSERT = """
INSERT INTO zone_versions (zone_id, version, layer_id, from_edition, hazard, product, grade, grade_rank, grade_scheme,
                           digest, geom)
SELECT zone_id, :version, layer_id, from_edition, :hazard, product, :grade, :rank, :scheme, digest,
       ST_GeomFromText(:wkt, :srid) FROM zone_versions LIMIT 1
"""
SOUND = {
    "version": 2, "hazard": "geological", "grade": "高", "rank": 2, "scheme": "geo4", "srid": 4490,
    "wkt": shapely.multipolygons([SQUARE]).wkt,
}  # fmt: skip
BOW_TIE = "MULTIPOLYGON(((0 0, 1 1, 1 0, 0 1, 0 0)))"


def test_the_migrations_are_one_chain_to_one_head_as_alembic_reads_them():
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_heads() == [head_revision()]
    assert known_revisions() == {script.revision for script in scripts.walk_revisions()}


def test_the_migrations_build_exactly_what_the_tables_declare(database_url):
    engine = open_engine(database_url)
    with engine.connect() as connection:
        options = {"include_object": alembic_helpers.include_object}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


def test_migrating_down_and_up_again_leaves_the_head(database_url):
    command.downgrade(migration_config(database_url), "base")
    migrate(database_url)
    engine = open_engine(database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM zone_versions")) == 0
    engine.dispose()


def test_a_database_of_a_newer_version_is_left_alone(database_url):
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with refusing(SchemaAhead, match="newer version"):
        migrate(database_url)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"wkt": BOW_TIE}, "geometry_sound"),
        ({"wkt": "MULTIPOLYGON EMPTY"}, "geometry_sound"),
        ({"wkt": "POLYGON((0 0, 1 0, 1 1, 0 0))"}, "geometry_sound"),
        ({"wkt": "MULTILINESTRING((0 0, 1 1))"}, "geometry_sound"),
        ({"wkt": "MULTIPOLYGON(((200 0, 201 0, 201 1, 200 0)))"}, "geometry_sound"),
        ({"srid": 4326}, "SRID"),
        ({"wkt": "MULTIPOLYGON Z(((0 0 1, 1 0 1, 1 1 1, 0 0 1)))"}, "Z dimension"),
        ({"scheme": None}, "grade_with_its_scheme"),
        ({"rank": 0}, "grade_with_its_scheme"),
        ({"grade": None}, "grade_with_its_scheme"),
        ({}, "one_in_force"),
    ],
)
def test_no_client_can_publish_an_unsound_zone(sessions: sessionmaker[Session], wrong, constraint):
    publish(sessions, zone_frame(SQUARE))
    with pytest.raises(DBAPIError, match=constraint), sessions.begin() as session:
        session.execute(text(INSERT), {**SOUND, **wrong})


def test_a_fault_may_be_a_line(sessions):
    publish(sessions, zone_frame(SQUARE))
    with sessions.begin() as session:
        session.execute(text("INSERT INTO zones (id) VALUES (900)"))
        line = {**SOUND, "hazard": "fault", "wkt": "MULTILINESTRING((99.8 39.3, 99.9 39.3))"}
        session.execute(text(INSERT.replace("SELECT zone_id", "SELECT 900")), line)


@pytest.mark.parametrize(
    "rewrite",
    [
        "UPDATE zone_versions SET grade = '低', grade_rank = 4",
        "UPDATE zone_versions SET geom = ST_Translate(geom, 1e-12, 0)",
        "UPDATE zone_versions SET to_edition = 2, name = 'other'",
        "DELETE FROM zone_versions",
        "TRUNCATE zone_versions",
        "UPDATE editions SET reason = 'another'",
        "DELETE FROM editions",
        "UPDATE audit_entries SET actor = 'nobody'",
        "DELETE FROM audit_entries",
    ],
)
def test_what_was_published_or_audited_cannot_be_rewritten(sessions, rewrite):
    publish(sessions, zone_frame(SQUARE))
    with sessions.begin() as session:
        session.execute(text("INSERT INTO audit_entries (actor, action, subject) VALUES ('a', 'b', 'c')"))
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.execute(text(rewrite))


def test_a_retired_version_cannot_come_back(sessions):
    publish(sessions, zone_frame(SQUARE))
    with sessions.begin() as session:
        session.execute(
            text("INSERT INTO editions (number, published_by, reason, fingerprint) VALUES (2, 'o', 'r', 'f')")
        )
        session.execute(text("UPDATE zone_versions SET to_edition = 2"))
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.execute(text("UPDATE zone_versions SET to_edition = NULL"))


def test_an_edition_needs_a_reason(sessions):
    with pytest.raises(IntegrityError, match="reason_given"), sessions.begin() as session:
        session.execute(
            text("INSERT INTO editions (number, published_by, reason, fingerprint) VALUES (1, 'o', '  ', 'f')")
        )


def test_a_place_query_uses_the_spatial_index_of_what_is_in_force(sessions):
    publish(sessions, zone_frame(SQUARE))
    with sessions() as session:
        session.execute(text("SET enable_seqscan = off"))
        query = (
            "EXPLAIN SELECT zone_id FROM zone_versions WHERE to_edition IS NULL "
            "AND geom && ST_MakeEnvelope(99, 39, 99.1, 39.1, 4490)"
        )
        plan = "\n".join(session.scalars(text(query)))
    assert "ix_zone_versions_geom_in_force" in plan
