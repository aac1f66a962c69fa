"""People to call in villages who no longer are: kept, and called no more."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

NAME = "ck_village_contacts_retired_by_somebody"


def upgrade() -> None:
    op.add_column("village_contacts", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("village_contacts", sa.Column("retired_by", sa.Text(), nullable=True))
    op.create_check_constraint(op.f(NAME), "village_contacts", "(retired_at IS NULL) = (retired_by IS NULL)")


def downgrade() -> None:
    op.drop_constraint(op.f(NAME), "village_contacts", type_="check")
    for column in ("retired_by", "retired_at"):
        op.drop_column("village_contacts", column)
