"""Files of jobs, stored as they come: most hold what is compressed already, and to press tens of megabytes again costs seconds."""

from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.execute("ALTER TABLE job_files ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE job_files ALTER COLUMN content SET STORAGE EXTENDED")
