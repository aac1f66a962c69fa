"""What kind of building a project is: schools and hospitals may not be fortified like sheds."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("projects", sa.Column("building_type", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("projects", "building_type")
