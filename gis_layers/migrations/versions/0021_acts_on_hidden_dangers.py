"""Acts on hidden dangers, what must be settled before work begins; versions of what people change on a page."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

STATES = (
    "registered", "verifying", "unfounded", "general", "confirmed", "assigned", "rectifying", "acceptance_requested",
    "first_review", "second_review", "closed",
)  # fmt: skip
SETTLED = ("responsible_person", "funds", "emergency_plan")
VERSIONED = ("facilities", "projects")
ENTERED = """
INSERT INTO hidden_danger_acts (danger_id, ordinal, kind, state, taken_by, taken_at)
SELECT id, 1, 'entry', state, 'register', created_at FROM hidden_dangers
"""
"""Who did what before is not known: whoever is on record since decides, and nobody is excluded for what came before."""


def upgrade() -> None:
    for name in SETTLED:
        op.add_column("hidden_dangers", sa.Column(name, sa.Text(), nullable=True))
    for table in VERSIONED:
        op.add_column(table, sa.Column("version", sa.BigInteger(), server_default="1", nullable=False))
        op.create_check_constraint(op.f(f"ck_{table}_version_counted"), table, "version > 0")
    listed = ",".join(f"'{state}'" for state in STATES)
    op.create_table(
        "hidden_danger_acts",
        sa.Column("danger_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint("kind IN ('step','entry','notice')", name=op.f("ck_hidden_danger_acts_kind_known")),
        sa.CheckConstraint(f"state IN ({listed})", name=op.f("ck_hidden_danger_acts_state_known")),
        sa.CheckConstraint("(kind = 'step') = (step IS NOT NULL)", name=op.f("ck_hidden_danger_acts_step_where_taken")),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_hidden_danger_acts_ordinal_counted")),
        sa.ForeignKeyConstraint(["danger_id"], ["hidden_dangers.id"], name=op.f("fk_hidden_danger_acts_danger_id")),
        sa.PrimaryKeyConstraint("danger_id", "ordinal", name=op.f("pk_hidden_danger_acts")),
    )
    op.create_index(
        "ix_hidden_danger_acts_one_notice",
        "hidden_danger_acts",
        ["danger_id", sa.text("(content ->> 'deadline')")],
        unique=True,
        postgresql_where=sa.text("kind = 'notice'"),
    )
    op.execute(ENTERED)
    op.execute(
        "CREATE TRIGGER hidden_danger_acts_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON hidden_danger_acts "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("hidden_danger_acts")
    for table in VERSIONED:
        op.drop_constraint(op.f(f"ck_{table}_version_counted"), table, type_="check")
        op.drop_column(table, "version")
    for name in SETTLED:
        op.drop_column("hidden_dangers", name)
