"""Proposals of drafts found by their place."""

from alembic import op

revision = "0037"
down_revision = "0034"

NAME = "ix_draft_zones_geom"


def upgrade() -> None:
    op.create_index(NAME, "draft_zones", ["geom"], postgresql_using="gist")


def downgrade() -> None:
    op.drop_index(NAME, "draft_zones")
