"""Problems mended by an edit of their own, who works on which zones of a draft, signed approval sheets, deputies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"

KNOWN = "ck_draft_edits_op_known"
OLD_OPS = "'create','update','delete','split','merge','rebase','settle','renumber','file'"
OPS = f"{OLD_OPS},'fix'"


def upgrade() -> None:
    _ops(OPS)
    op.create_table(
        "draft_presences",
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("zones", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cardinality(zones) <= 2000", name=op.f("ck_draft_presences_zones_bounded")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_presences_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", "account", name=op.f("pk_draft_presences")),
    )
    op.create_table(
        "draft_papers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(content) > 0", name=op.f("ck_draft_papers_not_empty")),
        sa.CheckConstraint("length(btrim(signed_by)) > 0", name=op.f("ck_draft_papers_signer_named")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_papers_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_papers")),
    )
    op.create_table(
        "deputies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("deputy", sa.Text(), nullable=False),
        sa.Column("in_place_of", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("appointed_by", sa.Text(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_deputies_days_in_order")),
        sa.CheckConstraint("deputy <> in_place_of", name=op.f("ck_deputies_somebody_else")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_deputies_ended_by_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputies")),
    )
    op.create_index("ix_deputies_deputy", "deputies", ["deputy", "to_on"])


def downgrade() -> None:
    op.drop_table("deputies")
    op.drop_table("draft_papers")
    op.drop_table("draft_presences")
    op.execute("UPDATE draft_edits SET op = 'update' WHERE op = 'fix'")
    _ops(OLD_OPS)


def _ops(known: str) -> None:
    op.drop_constraint(op.f(KNOWN), "draft_edits", type_="check")
    op.create_check_constraint(op.f(KNOWN), "draft_edits", f"op IN ({known})")
