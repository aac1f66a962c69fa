"""Impacts of drafts kept as they were submitted, the day an edition is effective, drafts put in force on a day set."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0040"

OLD_STATES = "'open','submitted','returned','approved','published','withdrawn'"
STATES = "'open','submitted','returned','approved','scheduled','held','published','withdrawn'"
THE_DAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"


def upgrade() -> None:
    _states(STATES)
    op.create_table(
        "draft_impacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("against", sa.BigInteger(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_impacts_draft_id")),
        sa.ForeignKeyConstraint(["against"], ["editions.number"], name=op.f("fk_draft_impacts_against")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_impacts")),
    )
    op.create_index("ix_draft_impacts_draft_id", "draft_impacts", ["draft_id", "id"])
    op.execute(
        "CREATE TRIGGER draft_impacts_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON draft_impacts "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.add_column("editions", sa.Column("effective_on", sa.Date(), nullable=True))
    # What is published never changes; that it was effective from the day it was put in force is only written down here.
    op.execute("ALTER TABLE editions DISABLE TRIGGER editions_are_immutable")
    op.execute("UPDATE editions SET effective_on = (published_at AT TIME ZONE 'Asia/Shanghai')::date")
    op.execute("ALTER TABLE editions ENABLE TRIGGER editions_are_immutable")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.alter_column("editions", "effective_on", nullable=False, server_default=sa.text(THE_DAY))


def downgrade() -> None:
    op.drop_column("editions", "effective_on")
    op.drop_table("draft_impacts")
    op.execute("UPDATE drafts SET state = 'approved' WHERE state IN ('scheduled','held')")
    # Whoever set the day may be an author, and no author is the one an approval comes from.
    op.execute("UPDATE decisions SET state = 'approved', changed_by = 'software' WHERE state IN ('scheduled','held')")
    _states(OLD_STATES)


def _states(states: str) -> None:
    for table, name, condition in (
        ("drafts", "ck_drafts_state_known", f"state IN ({states})"),
        ("decisions", "ck_decisions_state_of_a_draft", f"life <> 'zone_draft' OR state IN ({states})"),
    ):
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, condition)
