"""Scans of documents kept with joint reviews, and those struck out."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0042"

KINDS = (
    "'siting_application','rural_house_application','site_boundary','project_approval','planning_conditions',"
    "'geological_assessment','flood_assessment','permit_application','land_document','design_scheme',"
    "'rural_house_permits','completion_record','reply','signed_sheet','other'"
)
DEPARTMENTS = (
    "'natural_resources','emergency','water','ecology','forestry','agriculture','housing','transport',"
    "'development_reform','earthquake','fire','other'"
)
OF_DOCUMENTS = {
    "kind_known": f"kind IN ({KINDS})",
    "department_known": f"department IN ({DEPARTMENTS})",
    "letter_of_a_department": "kind <> 'reply' OR department IS NOT NULL",
    "numbered": "length(btrim(number)) > 0",
    "not_empty": "length(content) > 0",
    "as_digested": "sha256 = encode(sha256(content), 'hex')",
}


def upgrade() -> None:
    op.create_table(
        "review_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        *[sa.CheckConstraint(text, name=op.f(f"ck_review_documents_{name}")) for name, text in OF_DOCUMENTS.items()],
        sa.ForeignKeyConstraint(["review_id"], ["siting_reviews.id"], name=op.f("fk_review_documents_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_documents")),
    )
    op.create_index("ix_review_documents_review_id", "review_documents", ["review_id", "id"])
    op.create_table(
        "struck_review_documents",
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("struck_by", sa.Text(), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("length(btrim(reason)) > 0", name=op.f("ck_struck_review_documents_with_a_reason")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["review_documents.id"], name=op.f("fk_struck_review_documents_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_struck_review_documents")),
    )
    for table in ("review_documents", "struck_review_documents"):
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("struck_review_documents")
    op.drop_table("review_documents")
