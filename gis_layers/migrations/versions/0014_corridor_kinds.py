"""Which law a control corridor stands under: road, railway, power line or pipeline; null where nobody said."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = ("zone_versions", "draft_zones")
KNOWN = "corridor_kind IN ('road','railway','power','pipeline')"


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("corridor_kind", sa.Text(), nullable=True))
        op.create_check_constraint(op.f(f"ck_{table}_corridor_kind_known"), table, KNOWN)


def downgrade() -> None:
    for table in TABLES:
        op.drop_constraint(op.f(f"ck_{table}_corridor_kind_known"), table)
        op.drop_column(table, "corridor_kind")
