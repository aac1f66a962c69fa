"""Offices responsible for surveyed layers, the last day each holds, and the greatest age its survey may have."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

CHECKS = {
    "office_given": "length(btrim(office)) > 0",
    "valid_after_survey": "valid_until >= survey_date",
    "max_age_in_bounds": "max_age_days BETWEEN 1 AND 36525",
}


def upgrade() -> None:
    op.add_column("surveyed_layers", sa.Column("office", sa.Text(), nullable=True))
    op.add_column("surveyed_layers", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("surveyed_layers", sa.Column("max_age_days", sa.BigInteger(), nullable=True))
    for name, text in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_surveyed_layers_{name}"), "surveyed_layers", text)


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_surveyed_layers_{name}"), "surveyed_layers")
    for column in ("max_age_days", "valid_until", "office"):
        op.drop_column("surveyed_layers", column)
