"""The logbook of checks, the seals of the audit's days, tokens that tell when they were used, files that go with their job."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

ONLY_GROW = ("checks", "audit_days")
SHA256 = "~ '^[0-9a-f]{64}$'"
COUNTING = (
    """
    CREATE FUNCTION refuse_counting_otherwise() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.year = OLD.year AND NEW.last = OLD.last + 1 THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the numbers of a year only go up by one: % is refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER check_counters_only_count BEFORE UPDATE OR DELETE ON check_counters
        FOR EACH ROW EXECUTE FUNCTION refuse_counting_otherwise()
    """,
    """
    CREATE TRIGGER check_counters_are_not_truncated BEFORE TRUNCATE ON check_counters
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)
FORGETTING = (
    """
    CREATE FUNCTION forget_files_of_an_ended_job() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM job_files WHERE job_id = NEW.id AND (role = 'given' OR NEW.state <> 'done');
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER jobs_forget_their_files AFTER UPDATE OF state ON jobs FOR EACH ROW
        WHEN (NEW.state IN ('done','failed','cancelled')) EXECUTE FUNCTION forget_files_of_an_ended_job()
    """,
    (
        "DELETE FROM job_files USING jobs WHERE jobs.id = job_id AND jobs.state IN ('done','failed','cancelled') "
        "AND (role = 'given' OR jobs.state <> 'done')"
    ),
)
WRITTEN_AT = "clock_timestamp()"


def upgrade() -> None:
    _make_logbook()
    _make_seals()
    op.alter_column("audit_entries", "at", server_default=sa.text(WRITTEN_AT))
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"], unique=False)
    op.add_column("tokens", sa.Column("used_on", sa.Date(), nullable=True))
    for table in ONLY_GROW:
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for statement in (*COUNTING, *FORGETTING):
        op.execute(statement)


def _make_logbook() -> None:
    op.create_table(
        "check_counters",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_check_counters_counted")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_check_counters")),
    )
    op.create_table(
        "checks",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text(WRITTEN_AT), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("site_count", sa.BigInteger(), nullable=False),
        sa.Column("input_digest", sa.Text(), nullable=False),
        sa.Column("input", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("borderline", sa.Boolean(), nullable=True),
        sa.Column("verdicts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("edition", sa.BigInteger(), nullable=True),
        sa.Column("edition_fingerprint", sa.Text(), nullable=True),
        sa.Column("rulebook_version", sa.Text(), nullable=False),
        sa.Column("rulebook_fingerprint", sa.Text(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("result_digest", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('single','batch','console')", name=op.f("ck_checks_kind_known")),
        sa.CheckConstraint("ordinal > 0 AND site_count >= 0", name=op.f("ck_checks_counted")),
        sa.CheckConstraint(
            f"input_digest {SHA256} AND result_digest {SHA256}", name=op.f("ck_checks_digests_are_sha256")
        ),
        sa.CheckConstraint(
            "input IS NULL OR input_digest = encode(sha256(convert_to(input, 'UTF8')), 'hex')",
            name=op.f("ck_checks_input_as_digested"),
        ),
        sa.CheckConstraint("(kind = 'single') = (verdict IS NOT NULL)", name=op.f("ck_checks_one_verdict_of_one_site")),
        sa.CheckConstraint("(kind = 'single') = (verdicts IS NULL)", name=op.f("ck_checks_verdicts_of_a_file")),
        sa.CheckConstraint(
            "(edition IS NULL) = (edition_fingerprint IS NULL)", name=op.f("ck_checks_edition_with_its_fingerprint")
        ),
        sa.PrimaryKeyConstraint("year", "ordinal", name=op.f("pk_checks")),
        sa.UniqueConstraint("number", name=op.f("uq_checks_number")),
    )
    op.create_index("ix_checks_at", "checks", ["at"], unique=False)
    op.create_index("ix_checks_actor", "checks", ["actor", "year", "ordinal"], unique=False)


def _make_seals() -> None:
    op.create_table(
        "audit_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("checks", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), server_default=sa.text(WRITTEN_AT), nullable=False),
        sa.CheckConstraint(f"hash {SHA256} AND previous {SHA256}", name=op.f("ck_audit_days_hashes_are_sha256")),
        sa.CheckConstraint("entries >= 0 AND checks >= 0", name=op.f("ck_audit_days_counted")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_days")),
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER jobs_forget_their_files ON jobs")
    op.execute("DROP FUNCTION forget_files_of_an_ended_job()")
    op.drop_column("tokens", "used_on")
    op.drop_index("ix_audit_entries_at", table_name="audit_entries")
    op.alter_column("audit_entries", "at", server_default=sa.text("now()"))
    for table in ("audit_days", "checks", "check_counters"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_counting_otherwise()")
