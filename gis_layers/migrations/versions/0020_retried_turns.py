"""Turns of the calendar that failed are begun again: how often a turn had failed before, each of them once."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("retry", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_check_constraint(
        op.f("ck_jobs_retry_of_a_turn"), "jobs", "retry = 0 OR (retry > 0 AND occurs_at IS NOT NULL)"
    )
    op.drop_constraint(op.f("uq_jobs_entry_occurs_at"), "jobs", type_="unique")
    op.create_unique_constraint(op.f("uq_jobs_entry_occurs_at_retry"), "jobs", ["entry", "occurs_at", "retry"])


def downgrade() -> None:
    op.execute("DELETE FROM job_files WHERE job_id IN (SELECT id FROM jobs WHERE retry > 0)")
    op.execute("DELETE FROM jobs WHERE retry > 0")
    op.drop_constraint(op.f("uq_jobs_entry_occurs_at_retry"), "jobs", type_="unique")
    op.create_unique_constraint(op.f("uq_jobs_entry_occurs_at"), "jobs", ["entry", "occurs_at"])
    op.drop_constraint(op.f("ck_jobs_retry_of_a_turn"), "jobs", type_="check")
    op.drop_column("jobs", "retry")
