"""The rescue level of an incident, by which its run card counts; it is no grade of an accident."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("incidents", sa.Column("rescue_level", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_incidents_rescue_level_known"), "incidents", "rescue_level IN ('first','second','third','fourth')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_incidents_rescue_level_known"), "incidents", type_="check")
    op.drop_column("incidents", "rescue_level")
