"""Danger areas of incidents, as shapes; whether people walk through a closure."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("closures", sa.Column("on_foot", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("incidents", sa.Column("danger", geoalchemy2.Geometry("GEOMETRY", srid=4490, spatial_index=False)))
    op.create_check_constraint(
        op.f("ck_incidents_danger_sound"), "incidents", "ST_IsValid(danger) AND ST_Dimension(danger) = 2"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_incidents_danger_sound"), "incidents", type_="check")
    op.drop_column("incidents", "danger")
    op.drop_column("closures", "on_foot")
