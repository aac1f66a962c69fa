"""The answers of checks, kept under their digest, so that the opinion on record can be read and printed again."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "check_answers",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "digest = encode(sha256(convert_to(answer, 'UTF8')), 'hex')", name=op.f("ck_check_answers_as_digested")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_check_answers")),
    )
    op.execute(
        "CREATE TRIGGER check_answers_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON check_answers "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("check_answers")
