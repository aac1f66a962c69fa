"""Edits of drafts with exact states before and after, their lineage, the life of a draft, layers put in force once more."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"

JSONB = postgresql.JSONB(astext_type=sa.Text())
STATES = "'open','submitted','returned','approved','published','withdrawn'"
OLD_STATES = "'open','submitted','approved','published','withdrawn'"
DRAFT = "life <> 'zone_draft'"
OF_DECISIONS = {
    "state_of_a_draft": f"{DRAFT} OR state IN ({STATES})",
    "draft_ended_where_decided": f"{DRAFT} OR ended = (state IN ('published','withdrawn'))",
    "draft_four_eyes": f"{DRAFT} OR NOT (state IN ('returned','approved')) OR NOT changed_by = ANY (authors)",
}


def upgrade() -> None:
    _states(STATES)
    op.add_column("drafts", sa.Column("version", sa.BigInteger(), server_default="1", nullable=False))
    op.create_check_constraint(op.f("ck_drafts_version_counted"), "drafts", "version > 0")
    op.add_column("surveyed_layers", sa.Column("restored_from", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_surveyed_layers_restored_from"), "surveyed_layers", "surveyed_layers", ["restored_from"], ["id"]
    )
    for name, condition in OF_DECISIONS.items():
        op.create_check_constraint(op.f(f"ck_decisions_{name}"), "decisions", condition)
    _make_edits()
    _make_edit_zones()
    _make_lineage()


def _states(states: str) -> None:
    op.drop_constraint(op.f("ck_drafts_state_known"), "drafts", type_="check")
    op.create_check_constraint(op.f("ck_drafts_state_known"), "drafts", f"state IN ({states})")


def _make_edits() -> None:
    op.create_table(
        "draft_edits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("dropped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "op IN ('create','update','delete','split','merge','rebase')", name=op.f("ck_draft_edits_op_known")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_draft_edits_number_positive")),
        sa.CheckConstraint("NOT dropped OR undone", name=op.f("ck_draft_edits_dropped_where_undone")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_edits_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_edits")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_draft_edits_draft_id_number")),
    )


def _make_edit_zones() -> None:
    op.create_table(
        "draft_edit_zones",
        sa.Column("edit_id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("before", JSONB, nullable=True),
        sa.Column("before_wkb", sa.LargeBinary(), nullable=True),
        sa.Column("after", JSONB, nullable=True),
        sa.Column("after_wkb", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(before IS NULL) = (before_wkb IS NULL)", name=op.f("ck_draft_edit_zones_before_whole")),
        sa.CheckConstraint("(after IS NULL) = (after_wkb IS NULL)", name=op.f("ck_draft_edit_zones_after_whole")),
        sa.ForeignKeyConstraint(["edit_id"], ["draft_edits.id"], name=op.f("fk_draft_edit_zones_edit_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name=op.f("fk_draft_edit_zones_zone_id")),
        sa.PrimaryKeyConstraint("edit_id", "zone_id", name=op.f("pk_draft_edit_zones")),
    )


def _make_lineage() -> None:
    op.create_table(
        "draft_lineage",
        sa.Column("edit_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["edit_id"], ["draft_edits.id"], name=op.f("fk_draft_lineage_edit_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["zones.id"], name=op.f("fk_draft_lineage_parent_id")),
        sa.ForeignKeyConstraint(["child_id"], ["zones.id"], name=op.f("fk_draft_lineage_child_id")),
        sa.PrimaryKeyConstraint("edit_id", "parent_id", "child_id", name=op.f("pk_draft_lineage")),
    )


def downgrade() -> None:
    for table in ("draft_lineage", "draft_edit_zones", "draft_edits"):
        op.drop_table(table)
    for name in OF_DECISIONS:
        op.drop_constraint(op.f(f"ck_decisions_{name}"), "decisions", type_="check")
    op.drop_constraint(op.f("fk_surveyed_layers_restored_from"), "surveyed_layers", type_="foreignkey")
    op.drop_column("surveyed_layers", "restored_from")
    op.drop_constraint(op.f("ck_drafts_version_counted"), "drafts", type_="check")
    op.drop_column("drafts", "version")
    op.execute("UPDATE drafts SET state = 'open' WHERE state = 'returned'")
    _states(OLD_STATES)
