"""Devices and places people sign in from, and failures counted by them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

KIND = "ck_failed_sign_ins_kind_known"


def upgrade() -> None:
    op.create_table(
        "known_clients",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('device','place')", name=op.f("ck_known_clients_kind_known")),
        sa.CheckConstraint(
            "kind <> 'device' OR subject ~ '^[0-9a-f]{64}$'", name=op.f("ck_known_clients_device_is_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_known_clients_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", "subject", name=op.f("pk_known_clients")),
    )
    op.create_index(op.f("ix_known_clients_subject"), "known_clients", ["subject"])
    _count_by("'device','place','account','address','visit'")


def downgrade() -> None:
    _count_by("'account','address'")
    op.drop_table("known_clients")


def _count_by(kinds: str) -> None:
    """Begin counting anew: what was counted by one meaning of a kind says nothing under another."""
    op.execute("DELETE FROM failed_sign_ins")
    op.drop_constraint(op.f(KIND), "failed_sign_ins")
    op.create_check_constraint(op.f(KIND), "failed_sign_ins", f"kind IN ({kinds})")
