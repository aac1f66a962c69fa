"""Jobs that survive their worker, files that go with them; uploaded polygons as units of a grading run."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

ONLY_GROW = ("unit_sets", "unit_polygons")
UNIT_KNOWN = ("unit_known", "unit IN ('village','grid')", "unit IN ('village','grid','polygons')")


def upgrade() -> None:
    _widen_jobs()
    _make_sets()
    _widen_runs()


def _widen_jobs() -> None:
    op.add_column("jobs", sa.Column("step", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("jobs", sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("jobs", sa.Column("cancel_asked", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_check_constraint(
        op.f("ck_jobs_ended_says_when"),
        "jobs",
        "(state IN ('done','failed','cancelled')) = (ended_at IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("ck_jobs_running_is_alive"),
        "jobs",
        "state <> 'running' OR (started_at IS NOT NULL AND heartbeat_at IS NOT NULL)",
    )
    op.create_check_constraint(op.f("ck_jobs_done_has_a_result"), "jobs", "state <> 'done' OR result IS NOT NULL")
    op.create_check_constraint(op.f("ck_jobs_failed_says_why"), "jobs", "(state = 'failed') = (error IS NOT NULL)")
    op.create_index("ix_jobs_created_by", "jobs", ["created_by", "id"], unique=False)
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("role IN ('given','made')", name=op.f("ck_job_files_role_known")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_files_job_id")),
        sa.PrimaryKeyConstraint("job_id", "role", "name", name=op.f("pk_job_files")),
    )


def _make_sets() -> None:
    op.create_table(
        "unit_sets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("unit_count", sa.BigInteger(), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("name = btrim(name) AND name <> ''", name=op.f("ck_unit_sets_named")),
        sa.CheckConstraint("unit_count > 0", name=op.f("ck_unit_sets_something_in_it")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_sets")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_sets_name")),
    )
    op.create_geospatial_table(
        "unit_polygons",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("set_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("population", sa.BigInteger(), nullable=True),
        sa.Column(
            "geom",
            Geometry(geometry_type="MULTIPOLYGON", srid=4490, dimension=2, spatial_index=False, nullable=False),
            nullable=False,
        ),
        sa.CheckConstraint("population >= 0", name=op.f("ck_unit_polygons_population_counted")),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_unit_polygons_geometry_sound")),
        sa.ForeignKeyConstraint(["set_id"], ["unit_sets.id"], name=op.f("fk_unit_polygons_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_polygons")),
        sa.UniqueConstraint("set_id", "code", name=op.f("uq_unit_polygons_set_id_code")),
    )
    op.create_index("ix_unit_polygons_geom", "unit_polygons", ["geom"], unique=False, postgresql_using="gist")
    for table in ONLY_GROW:
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _widen_runs() -> None:
    name, _, wider = UNIT_KNOWN
    op.add_column("grading_runs", sa.Column("set_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_grading_runs_set_id"), "grading_runs", "unit_sets", ["set_id"], ["id"])
    op.drop_constraint(op.f(f"ck_grading_runs_{name}"), "grading_runs", type_="check")
    op.create_check_constraint(op.f(f"ck_grading_runs_{name}"), "grading_runs", wider)
    op.create_check_constraint(
        op.f("ck_grading_runs_set_of_polygons"), "grading_runs", "(unit = 'polygons') = (set_id IS NOT NULL)"
    )
    op.add_column(
        "graded_areas",
        sa.Column(
            "contested_by",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    name, narrower, _ = UNIT_KNOWN
    op.drop_column("graded_areas", "contested_by")
    op.drop_constraint(op.f("ck_grading_runs_set_of_polygons"), "grading_runs", type_="check")
    op.drop_constraint(op.f(f"ck_grading_runs_{name}"), "grading_runs", type_="check")
    op.create_check_constraint(op.f(f"ck_grading_runs_{name}"), "grading_runs", narrower)
    op.drop_constraint(op.f("fk_grading_runs_set_id"), "grading_runs", type_="foreignkey")
    op.drop_column("grading_runs", "set_id")
    op.drop_geospatial_table("unit_polygons")
    op.drop_table("unit_sets")
    op.drop_table("job_files")
    op.drop_index("ix_jobs_created_by", table_name="jobs")
    for check in ("ended_says_when", "running_is_alive", "done_has_a_result", "failed_says_why"):
        op.drop_constraint(op.f(f"ck_jobs_{check}"), "jobs", type_="check")
    for column in ("step", "heartbeat_at", "attempts", "cancel_asked"):
        op.drop_column("jobs", column)
