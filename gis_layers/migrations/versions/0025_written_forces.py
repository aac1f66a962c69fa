"""Stations and forces people change on a page: versions, what a station has, how well a team is rated."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0025"
down_revision = "0024"

PROVISIONS = "'premises','staff','rules','plan','equipment','funds','drills'"


def upgrade() -> None:
    for table in ("stations", "forces"):
        op.add_column(table, sa.Column("version", sa.BigInteger(), server_default="1", nullable=False))
        op.create_check_constraint(op.f(f"ck_{table}_version_counted"), table, "version > 0")
    op.add_column("stations", sa.Column("provisions", ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.create_check_constraint(
        op.f("ck_stations_provisions_known"), "stations", f"provisions <@ ARRAY[{PROVISIONS}]::text[]"
    )
    op.add_column("forces", sa.Column("team_level", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_forces_team_level_known"), "forces", "team_level IN ('first','second','third')")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_forces_team_level_known"), "forces", type_="check")
    op.drop_column("forces", "team_level")
    op.drop_constraint(op.f("ck_stations_provisions_known"), "stations", type_="check")
    op.drop_column("stations", "provisions")
    for table in ("stations", "forces"):
        op.drop_constraint(op.f(f"ck_{table}_version_counted"), table, type_="check")
        op.drop_column(table, "version")
