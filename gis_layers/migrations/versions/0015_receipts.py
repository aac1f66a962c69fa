"""The list of what was received: one row a file, with who provided it, its number, its level of secrecy and its hash."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("layers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("declared", sa.BigInteger(), nullable=False),
        sa.Column("loaded", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("handed_over_by", sa.Text(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("secrecy", sa.Text(), nullable=True),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_receipts_digest_is_sha256")),
        sa.CheckConstraint(
            "declared = loaded + refused AND loaded > 0 AND refused >= 0", name=op.f("ck_receipts_counted")
        ),
        sa.CheckConstraint("file_size >= 0", name=op.f("ck_receipts_size_counted")),
        sa.CheckConstraint(
            "secrecy IN ('public', 'internal', 'confidential', 'secret', 'top_secret')",
            name=op.f("ck_receipts_secrecy_known"),
        ),
        sa.CheckConstraint("btrim(provider) <> ''", name=op.f("ck_receipts_provider_named")),
        sa.CheckConstraint("cardinality(layers) > 0", name=op.f("ck_receipts_loaded_as_something")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_receipts_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    op.execute(
        "CREATE TRIGGER receipts_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON receipts "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("receipts")
