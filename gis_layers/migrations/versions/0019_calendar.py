"""The calendar: jobs that were ordered by one of its entries, each turn once."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("entry", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("occurs_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_jobs_occurs_by_the_calendar"), "jobs", "occurs_at IS NULL OR entry IS NOT NULL")
    op.create_unique_constraint(op.f("uq_jobs_entry_occurs_at"), "jobs", ["entry", "occurs_at"])
    op.create_table(
        "calendar_beginnings",
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_calendar_beginnings")),
    )


def downgrade() -> None:
    op.drop_table("calendar_beginnings")
    op.drop_constraint(op.f("uq_jobs_entry_occurs_at"), "jobs", type_="unique")
    op.drop_constraint(op.f("ck_jobs_occurs_by_the_calendar"), "jobs", type_="check")
    op.drop_column("jobs", "occurs_at")
    op.drop_column("jobs", "entry")
