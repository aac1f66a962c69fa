"""Accounts, their sign-ins, and tokens that expire."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_geospatial_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("hazards", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "area",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("demo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "username = lower(username) AND username ~ '^[^\\s:]{2,40}$'", name=op.f("ck_accounts_username_folded")
        ),
        sa.CheckConstraint("length(btrim(display_name)) BETWEEN 1 AND 80", name=op.f("ck_accounts_display_name_given")),
        sa.CheckConstraint(
            "role IN ('viewer', 'planner', 'dispatcher', 'officer', 'approver', 'admin')",
            name=op.f("ck_accounts_role_known"),
        ),
        sa.CheckConstraint("demo = (password_hash IS NULL)", name=op.f("ck_accounts_only_demo_without_password")),
        sa.CheckConstraint("password_hash LIKE '$argon2id$%'", name=op.f("ck_accounts_password_is_hashed")),
        sa.CheckConstraint(
            "area IS NULL OR (ST_IsValid(area) AND NOT ST_IsEmpty(area))", name=op.f("ck_accounts_area_sound")
        ),
        sa.CheckConstraint("array_position(hazards, NULL) IS NULL", name=op.f("ck_accounts_hazards_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_sessions_digest_is_sha256")),
        sa.CheckConstraint("length(csrf) >= 32", name=op.f("ck_sessions_csrf_long_enough")),
        sa.CheckConstraint(
            "created_at <= last_seen_at AND created_at < expires_at", name=op.f("ck_sessions_moments_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    op.create_table(
        "first_admin_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_first_admin_links_digest_is_sha256")),
        sa.CheckConstraint("created_at < expires_at", name=op.f("ck_first_admin_links_moments_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_admin_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_first_admin_links_digest")),
    )
    op.create_table(
        "failed_sign_ins",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('account','address')", name=op.f("ck_failed_sign_ins_kind_known")),
        sa.CheckConstraint("failures > 0", name=op.f("ck_failed_sign_ins_failures_counted")),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_failed_sign_ins")),
    )
    op.create_index(op.f("ix_failed_sign_ins_last_at"), "failed_sign_ins", ["last_at"])
    op.add_column("tokens", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("tokens", "expires_at")
    for table in ("failed_sign_ins", "first_admin_links", "sessions"):
        op.drop_table(table)
    op.drop_geospatial_table("accounts")
