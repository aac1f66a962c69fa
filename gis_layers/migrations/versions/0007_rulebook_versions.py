"""The rulebook in versions: texts by fingerprint, versions that only grow, proposals decided by a second person."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

JSONB = postgresql.JSONB(astext_type=sa.Text())
NOW = sa.text("now()")
A_DECISION_STANDS = """
CREATE FUNCTION refuse_deciding_twice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' OR (OLD.id, OLD.created_at, OLD.created_by, OLD.reason, OLD.steps)
        IS DISTINCT FROM (NEW.id, NEW.created_at, NEW.created_by, NEW.reason, NEW.steps)
        OR OLD.equal_to IS DISTINCT FROM NEW.equal_to THEN
        RAISE EXCEPTION 'a proposal is decided once and never rewritten';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "rulebook_texts",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("packaged", sa.Text(), nullable=False),
        sa.Column("texts", JSONB, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_rulebook_texts")),
    )
    _proposals()
    _versions()
    op.create_foreign_key(
        op.f("fk_rulebook_proposals_equal_to"), "rulebook_proposals", "rulebook_versions", ["equal_to"], ["number"]
    )
    for table in ("rulebook_texts", "rulebook_versions"):
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(A_DECISION_STANDS)
    op.execute(
        "CREATE TRIGGER rulebook_proposals_decided_once BEFORE UPDATE OR DELETE ON rulebook_proposals "
        "FOR EACH ROW EXECUTE FUNCTION refuse_deciding_twice()"
    )


def _proposals() -> None:
    op.create_table(
        "rulebook_proposals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("steps", JSONB, nullable=False),
        sa.Column("equal_to", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        *_checks(
            "rulebook_proposals",
            state_known="state IN ('open', 'returned', 'withdrawn', 'published')",
            reason_given="length(btrim(reason)) > 0",
            decided_by_somebody="(state = 'open') = (decided_by IS NULL)",
            decided_at_some_time="(decided_by IS NULL) = (decided_at IS NULL)",
            four_eyes="state NOT IN ('returned','published') OR decided_by <> created_by",
            withdrawn_by_its_author="state <> 'withdrawn' OR decided_by = created_by",
            returned_with_a_comment="state <> 'returned' OR length(btrim(comment)) > 0",
            something_proposed="(jsonb_array_length(steps) > 0) = (equal_to IS NULL)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook_proposals")),
    )
    op.create_index(
        "ix_rulebook_proposals_open", "rulebook_proposals", ["id"], postgresql_where=sa.text("state = 'open'")
    )


def _versions() -> None:
    op.create_table(
        "rulebook_versions",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("proposal_id", sa.BigInteger(), nullable=True),
        sa.Column("equal_to", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("diff", JSONB, nullable=False),
        *_checks(
            "rulebook_versions",
            number_positive="number > 0",
            reason_given="length(btrim(reason)) > 0",
            four_eyes="proposed_by IS NULL OR proposed_by <> published_by",
            proposed_by_somebody="(proposal_id IS NULL) = (proposed_by IS NULL)",
            equal_to_an_older_one="equal_to < number",
        ),
        sa.ForeignKeyConstraint(
            ["fingerprint"], ["rulebook_texts.fingerprint"], name=op.f("fk_rulebook_versions_fingerprint")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["rulebook_proposals.id"], name=op.f("fk_rulebook_versions_proposal_id")
        ),
        sa.ForeignKeyConstraint(["equal_to"], ["rulebook_versions.number"], name=op.f("fk_rulebook_versions_equal_to")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rulebook_versions")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_rulebook_versions_proposal_id")),
    )


def _checks(table: str, **said: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in said.items()]


def downgrade() -> None:
    op.drop_constraint(op.f("fk_rulebook_proposals_equal_to"), "rulebook_proposals", type_="foreignkey")
    op.drop_table("rulebook_versions")
    op.drop_table("rulebook_proposals")
    op.drop_table("rulebook_texts")
    op.execute("DROP FUNCTION refuse_deciding_twice()")
