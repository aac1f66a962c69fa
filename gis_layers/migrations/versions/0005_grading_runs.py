"""Grading runs and the areas they graded; both only grow."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

TABLES = ("grading_runs", "graded_areas")


def upgrade() -> None:
    op.create_table(
        "grading_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("cell_m", sa.Double(), nullable=True),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("edition_fingerprint", sa.Text(), nullable=False),
        sa.Column("rulebook_version", sa.Text(), nullable=False),
        sa.Column("rulebook_fingerprint", sa.Text(), nullable=False),
        sa.Column("metric_crs", sa.Text(), nullable=False),
        sa.Column("method", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inputs_digest", sa.Text(), nullable=False),
        sa.Column("results_digest", sa.Text(), nullable=False),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("area_count", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("unit IN ('village','grid')", name=op.f("ck_grading_runs_unit_known")),
        sa.CheckConstraint("(unit = 'grid') = (cell_m IS NOT NULL)", name=op.f("ck_grading_runs_cell_of_a_grid")),
        sa.CheckConstraint("cell_m > 0", name=op.f("ck_grading_runs_cell_has_a_size")),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_grading_runs_ended_after_it_started")),
        sa.CheckConstraint("area_count > 0", name=op.f("ck_grading_runs_something_graded")),
        sa.ForeignKeyConstraint(["edition"], ["editions.number"], name=op.f("fk_grading_runs_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grading_runs")),
    )
    op.create_index("ix_grading_runs_latest", "grading_runs", ["unit", "id"], unique=False)
    op.create_geospatial_table(
        "graded_areas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("grade_rank", sa.SmallInteger(), nullable=True),
        sa.Column("grade_scheme", sa.Text(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.Column("stability", sa.Text(), nullable=True),
        sa.Column("contributions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("measurements", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("risk", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("data_gaps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "geom",
            Geometry(geometry_type="MULTIPOLYGON", srid=4490, dimension=2, spatial_index=False, nullable=False),
            nullable=False,
        ),
        sa.CheckConstraint(
            "num_nulls(grade, grade_rank, grade_scheme, score) IN (0, 4)",
            name=op.f("ck_graded_areas_grade_with_its_scheme"),
        ),
        sa.CheckConstraint("grade_rank > 0", name=op.f("ck_graded_areas_rank_positive")),
        sa.CheckConstraint("stability IN ('stable','contested')", name=op.f("ck_graded_areas_stability_known")),
        sa.CheckConstraint(
            "grade IS NOT NULL OR jsonb_array_length(data_gaps) > 0",
            name=op.f("ck_graded_areas_no_grade_without_a_gap"),
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_graded_areas_geometry_sound")),
        sa.ForeignKeyConstraint(["run_id"], ["grading_runs.id"], name=op.f("fk_graded_areas_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_graded_areas")),
        sa.UniqueConstraint("run_id", "area", name=op.f("uq_graded_areas_run_id_area")),
    )
    op.create_index("ix_graded_areas_geom", "graded_areas", ["geom"], unique=False, postgresql_using="gist")
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_geospatial_table("graded_areas")
    op.drop_table("grading_runs")
