"""Kinds of edits by which a new delivery is settled, lasting numbers are kept, and edits come back from a file."""

from alembic import op

revision = "0033"
down_revision = "0032"

NAME = "ck_draft_edits_op_known"
BEFORE = "'create','update','delete','split','merge','rebase'"
MORE = "'settle','renumber','file'"


def upgrade() -> None:
    _known(f"{BEFORE},{MORE}")


def downgrade() -> None:
    op.execute(f"UPDATE draft_edits SET op = 'update' WHERE op IN ({MORE})")  # noqa: S608 - constants
    _known(BEFORE)


def _known(codes: str) -> None:
    op.drop_constraint(op.f(NAME), "draft_edits", type_="check")
    op.create_check_constraint(op.f(NAME), "draft_edits", f"op IN ({codes})")
