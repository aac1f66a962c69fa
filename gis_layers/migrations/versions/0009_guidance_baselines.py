"""Baselines of the guidance figures; they only grow."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "guidance_baselines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("rulebook_fingerprint", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "btrim(name) <> '' AND btrim(reason) <> ''", name=op.f("ck_guidance_baselines_named_with_a_reason")
        ),
        sa.CheckConstraint(
            "jsonb_typeof(figures -> 'villages') = 'array'", name=op.f("ck_guidance_baselines_figures_by_village")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["grading_runs.id"], name=op.f("fk_guidance_baselines_run_id")),
        sa.ForeignKeyConstraint(["edition"], ["editions.number"], name=op.f("fk_guidance_baselines_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_baselines")),
    )
    op.execute(
        "CREATE TRIGGER guidance_baselines_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON guidance_baselines "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("guidance_baselines")
