"""The PDF of a check kept as it left, so that it is handed out and verified byte for byte."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.create_table(
        "kept_papers",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("check_number", sa.Text(), nullable=False),
        sa.Column("imprint", sa.Text(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places_digest", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("digest = encode(sha256(content), 'hex')", name=op.f("ck_kept_papers_as_digested")),
        sa.CheckConstraint("places_digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_kept_papers_digest_of_places")),
        sa.ForeignKeyConstraint(["check_number"], ["checks.number"], name=op.f("fk_kept_papers_check_number")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_kept_papers")),
        sa.UniqueConstraint("check_number", "imprint", name=op.f("uq_kept_papers_check_number_imprint")),
    )
    op.create_index("ix_kept_papers_places_digest", "kept_papers", ["places_digest"])
    op.execute(
        "CREATE TRIGGER kept_papers_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON kept_papers "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("kept_papers")
