"""Decisions by several people as one model: their steps apart from what is decided; proposals of rules come over whole."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

JSONB = postgresql.JSONB(astext_type=sa.Text())
NOW = sa.text("clock_timestamp()")
APPROVAL = "life <> 'approval'"
KEPT_IN_ORDER = """
CREATE FUNCTION refuse_rewriting_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended OR NEW.version <> OLD.version + 1 OR NOT OLD.authors <@ NEW.authors
        OR (OLD.id, OLD.kind, OLD.number, OLD.life) IS DISTINCT FROM (NEW.id, NEW.kind, NEW.number, NEW.life) THEN
        RAISE EXCEPTION 'a decision goes on step by step, is taken once and never rewritten';
    END IF;
    RETURN NEW;
END $$
"""
REWORDED_WHERE_RETURNED = """
CREATE FUNCTION refuse_rewording_proposals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.id, OLD.created_at, OLD.created_by) IS DISTINCT FROM
        (NEW.id, NEW.created_at, NEW.created_by) OR NOT EXISTS (SELECT FROM decisions
            WHERE kind = 'rulebook proposal' AND number = OLD.id AND state = 'returned') THEN
        RAISE EXCEPTION 'a proposal is never rewritten unless it was returned';
    END IF;
    RETURN NEW;
END $$
"""
COME_OVER = """
INSERT INTO decisions (kind, number, life, state, ended, version, authors, changed_by)
SELECT 'rulebook proposal', id, 'approval', state, state IN ('withdrawn', 'published'),
       CASE WHEN state = 'open' THEN 1 ELSE 2 END, ARRAY[created_by], coalesce(decided_by, created_by)
FROM rulebook_proposals ORDER BY id
"""
FIRST_STEPS = """
INSERT INTO decision_steps (decision_id, ordinal, step, state, taken_by, taken_at, content)
SELECT d.id, 1, 'propose', 'open', p.created_by, p.created_at,
       jsonb_build_object('reason', p.reason, 'steps', p.steps, 'equal_to', p.equal_to)
FROM rulebook_proposals p JOIN decisions d ON d.kind = 'rulebook proposal' AND d.number = p.id
"""
LAST_STEPS = """
INSERT INTO decision_steps (decision_id, ordinal, step, state, taken_by, taken_at, comment)
SELECT d.id, 2, CASE p.state WHEN 'published' THEN 'approve' WHEN 'returned' THEN 'return' ELSE 'withdraw' END,
       p.state, p.decided_by, p.decided_at, p.comment
FROM rulebook_proposals p JOIN decisions d ON d.kind = 'rulebook proposal' AND d.number = p.id WHERE p.state <> 'open'
"""
GO_BACK = """
UPDATE rulebook_proposals p SET state = d.state, decided_by = s.taken_by, decided_at = s.taken_at, comment = s.comment
FROM decisions d JOIN decision_steps s ON s.decision_id = d.id AND s.ordinal = d.version
WHERE d.kind = 'rulebook proposal' AND d.number = p.id AND d.state <> 'open'
"""
OLD_CHECKS = {
    "state_known": "state IN ('open', 'returned', 'withdrawn', 'published')",
    "decided_by_somebody": "(state = 'open') = (decided_by IS NULL)",
    "decided_at_some_time": "(decided_by IS NULL) = (decided_at IS NULL)",
    "four_eyes": "state NOT IN ('returned','published') OR decided_by <> created_by",
    "withdrawn_by_its_author": "state <> 'withdrawn' OR decided_by = created_by",
    "returned_with_a_comment": "state <> 'returned' OR length(btrim(comment)) > 0",
}


def upgrade() -> None:
    _make_decisions()
    for statement in (COME_OVER, FIRST_STEPS, LAST_STEPS):
        op.execute(statement)
    op.execute("DROP TRIGGER rulebook_proposals_decided_once ON rulebook_proposals")
    op.execute("DROP FUNCTION refuse_deciding_twice()")
    op.drop_index("ix_rulebook_proposals_open", table_name="rulebook_proposals")
    for name in OLD_CHECKS:
        op.drop_constraint(op.f(f"ck_rulebook_proposals_{name}"), "rulebook_proposals", type_="check")
    for column in ("state", "decided_by", "decided_at", "comment"):
        op.drop_column("rulebook_proposals", column)
    _guard("rulebook_proposals_reworded_where_returned", "rulebook_proposals", REWORDED_WHERE_RETURNED)
    _guard("decisions_in_order", "decisions", KEPT_IN_ORDER)
    op.execute(
        "CREATE TRIGGER decision_steps_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON decision_steps "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("life", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("authors", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        *_checks(
            "decisions",
            version_counted="version > 0",
            somebody_proposed="cardinality(authors) > 0",
            state_of_an_approval=f"{APPROVAL} OR state IN ('open','returned','withdrawn','published')",
            ended_where_decided=f"{APPROVAL} OR ended = (state IN ('withdrawn','published'))",
            four_eyes=f"{APPROVAL} OR state NOT IN ('returned','published') OR NOT changed_by = ANY (authors)",
            withdrawn_by_its_author=f"{APPROVAL} OR state <> 'withdrawn' OR changed_by = ANY (authors)",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_decisions_kind_number")),
    )
    op.create_index("ix_decisions_pending", "decisions", ["kind", "number"], postgresql_where=sa.text("NOT ended"))
    op.create_table(
        "decision_steps",
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("content", JSONB, nullable=True),
        *_checks(
            "decision_steps",
            ordinal_counted="ordinal > 0",
            returned_with_a_comment="step <> 'return' OR length(btrim(comment)) > 0",
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_steps_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", "ordinal", name=op.f("pk_decision_steps")),
    )


def _guard(name: str, table: str, function: str) -> None:
    op.execute(function)
    called = function.split("CREATE FUNCTION ")[1].split("(", maxsplit=1)[0]
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {called}()")


def _checks(table: str, **said: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in said.items()]


def downgrade() -> None:
    op.execute("DROP TRIGGER rulebook_proposals_reworded_where_returned ON rulebook_proposals")
    op.execute("DROP FUNCTION refuse_rewording_proposals()")
    op.add_column("rulebook_proposals", sa.Column("state", sa.Text(), server_default="open", nullable=False))
    op.add_column("rulebook_proposals", sa.Column("decided_by", sa.Text(), nullable=True))
    op.add_column("rulebook_proposals", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rulebook_proposals", sa.Column("comment", sa.Text(), nullable=True))
    op.execute(GO_BACK)
    for name, text in OLD_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_rulebook_proposals_{name}"), "rulebook_proposals", text)
    op.create_index(
        "ix_rulebook_proposals_open", "rulebook_proposals", ["id"], postgresql_where=sa.text("state = 'open'")
    )
    op.execute(DECIDED_ONCE)
    op.execute(
        "CREATE TRIGGER rulebook_proposals_decided_once BEFORE UPDATE OR DELETE ON rulebook_proposals "
        "FOR EACH ROW EXECUTE FUNCTION refuse_deciding_twice()"
    )
    op.drop_table("decision_steps")
    op.drop_table("decisions")
    op.execute("DROP FUNCTION refuse_rewriting_decisions()")


DECIDED_ONCE = """
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
