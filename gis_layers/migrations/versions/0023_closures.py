"""Closures of roads: a register shared by everybody who ranks by road."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "closures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("share_left", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("geom", geoalchemy2.Geometry("GEOMETRY", srid=4490, spatial_index=False), nullable=False),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_closures_geometry_sound")),
        sa.CheckConstraint("kind IN ('closed','slowed')", name=op.f("ck_closures_kind_known")),
        sa.CheckConstraint(
            "CASE kind WHEN 'closed' THEN share_left IS NULL ELSE coalesce(share_left > 0 AND share_left < 1, false) END",
            name=op.f("ck_closures_share_left_where_slowed"),
        ),
        sa.CheckConstraint("btrim(reason) <> ''", name=op.f("ck_closures_reason_given")),
        sa.CheckConstraint("btrim(reporter) <> ''", name=op.f("ck_closures_reporter_given")),
        sa.CheckConstraint("review_at > opened_at", name=op.f("ck_closures_review_after_opening")),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_closures_lifted_by_somebody")),
        sa.CheckConstraint("version > 0", name=op.f("ck_closures_version_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    op.create_index("ix_closures_geom", "closures", ["geom"], postgresql_using="gist")


def downgrade() -> None:
    op.drop_table("closures")
