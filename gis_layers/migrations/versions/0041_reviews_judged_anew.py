"""Joint reviews judged anew after zones or rules changed: what came out otherwise, and which opinions stand on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0038"

VERDICTS = "'prohibited','restricted','insufficient_data','permitted'"
OF_NOTICES = {
    "state_known": "state IN ('applied','open','reopened','noted','replaced','withdrawn')",
    "before_known": f"verdict_before IN ({VERDICTS})",
    "verdict_known": f"verdict IN ({VERDICTS})",
    "settled_by_somebody": "(state IN ('reopened','noted') AND settled_by IS NOT NULL OR state IN ('replaced','withdrawn') "
    "OR settled_by IS NULL) AND (settled_by IS NULL) = (settled_at IS NULL)",
    "settled_with_a_reason": "(settled_by IS NULL) = (reason IS NULL) AND length(btrim(reason)) > 0",
    "withdrawn_by_a_withdrawal": "(state = 'withdrawn') = (withdrawal_id IS NOT NULL)",
}
TRIGGERS = (
    (
        "CREATE TRIGGER review_notices_are_never_deleted BEFORE DELETE OR TRUNCATE ON review_notices "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    ),
    (
        "CREATE TRIGGER review_withdrawals_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON review_withdrawals "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    ),
)


def upgrade() -> None:
    op.add_column(
        "siting_reviews", sa.Column("honoured", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.create_table(
        "review_withdrawals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=True),
        sa.Column("rulebook", sa.Text(), nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["editions.number"], name=op.f("fk_review_withdrawals_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_withdrawals")),
        sa.UniqueConstraint(
            "edition",
            "rulebook",
            name=op.f("uq_review_withdrawals_edition_rulebook"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    _make_notices()
    for trigger in TRIGGERS:
        op.execute(trigger)


def _make_notices() -> None:
    op.create_table(
        "review_notices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("check_before", sa.Text(), nullable=False),
        sa.Column("check_number", sa.Text(), nullable=False),
        sa.Column("verdict_before", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_id", sa.BigInteger(), nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_review_notices_{name}"))
            for name, condition in OF_NOTICES.items()
        ),
        sa.ForeignKeyConstraint(["review_id"], ["siting_reviews.id"], name=op.f("fk_review_notices_review_id")),
        sa.ForeignKeyConstraint(["check_before"], ["checks.number"], name=op.f("fk_review_notices_check_before")),
        sa.ForeignKeyConstraint(["check_number"], ["checks.number"], name=op.f("fk_review_notices_check_number")),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"], ["review_withdrawals.id"], name=op.f("fk_review_notices_withdrawal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_notices")),
    )
    op.create_index("ix_review_notices_review_id", "review_notices", ["review_id", "id"])
    op.create_index("ix_review_notices_withdrawal_id", "review_notices", ["withdrawal_id"])


def downgrade() -> None:
    op.drop_table("review_notices")
    op.drop_table("review_withdrawals")
    op.drop_column("siting_reviews", "honoured")
