"""Joint reviews of sites: at which gate, whom they ask, what was said, the conditions they make; their lives among the decisions."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0037"

DEPARTMENTS = (
    "'natural_resources','emergency','water','ecology','forestry','agriculture','housing','transport',"
    "'development_reform','earthquake','fire','other'"
)
STAGES = "'planning','approval','construction','acceptance'"
REVIEW = "life <> 'siting_review'"
OF_REVIEWS = {
    "stage_known": f"stage IN ({STAGES})",
    "route_known": "route IN ('authorised','filed','granted','rural_house')",
    "class_known": "project_class IN ('K1','K2','K3','K4','K5','K6','K7')",
    "verdict_known": "verdict IN ('prohibited','restricted','insufficient_data','permitted')",
    "counted": "ordinal > 0 AND version > 0",
    "follows_another": "follows_id <> id",
    "silence_by_a_document": "length(btrim(silence_basis)) > 0",
    "geometry_sound": "ST_IsValid(geom) AND NOT ST_IsEmpty(geom)",
}
OF_OPINIONS = {
    "department_known": f"department IN ({DEPARTMENTS})",
    "opinion_known": "opinion IN ('agree','conditional','disagree','more_material','not_concerned')",
    "signer_named": "length(btrim(signer)) > 0",
    "conditions_named": "opinion <> 'conditional' OR cardinality(conditions) > 0",
    "paper_named": "NOT entered_for OR length(btrim(document)) > 0",
}
OF_CONDITIONS = {
    "department_known": f"department IN ({DEPARTMENTS})",
    "carried_to_known": f"carried_to IN ({STAGES})",
    "worded": "length(btrim(wording)) > 0",
    "closed_by_a_document": "(closed_at IS NULL) = (document IS NULL) AND (closed_at IS NULL) = (conclusion IS NULL) "
    "AND (closed_at IS NULL) = (closed_by IS NULL)",
    "settled_once": "closed_at IS NULL OR carried_to IS NULL",
}
OF_DECISIONS = {
    "state_of_a_review": f"{REVIEW} OR state IN ('open','returned','approved','conditional','rejected','annulled')",
    "review_ended_where_annulled": f"{REVIEW} OR ended = (state IN ('annulled'))",
}
ONLY_GROW = (
    "CREATE TRIGGER review_opinions_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON review_opinions "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)
NEVER_DELETED = (
    "CREATE TRIGGER siting_reviews_are_never_deleted BEFORE DELETE OR TRUNCATE ON siting_reviews "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)


def upgrade() -> None:
    _make_reviews()
    op.create_table(
        "review_requests",
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        *_checks("review_requests", {"department_known": f"department IN ({DEPARTMENTS})"}),
        sa.ForeignKeyConstraint(["review_id"], ["siting_reviews.id"], name=op.f("fk_review_requests_review_id")),
        sa.PrimaryKeyConstraint("review_id", "department", name=op.f("pk_review_requests")),
    )
    _make_opinions()
    _make_conditions()
    for name, condition in OF_DECISIONS.items():
        op.create_check_constraint(op.f(f"ck_decisions_{name}"), "decisions", condition)
    for trigger in (ONLY_GROW, NEVER_DELETED):
        op.execute(trigger)


def _make_reviews() -> None:
    op.create_geospatial_table(
        "siting_reviews",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("project_class", sa.Text(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("follows_id", sa.BigInteger(), nullable=True),
        sa.Column("check_number", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("silence_basis", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "geom",
            Geometry(geometry_type="GEOMETRY", srid=4490, dimension=2, spatial_index=False, nullable=False),
            nullable=False,
        ),
        *_checks("siting_reviews", OF_REVIEWS),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_siting_reviews_project_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["follows_id"], ["siting_reviews.id"], name=op.f("fk_siting_reviews_follows_id")),
        sa.ForeignKeyConstraint(["check_number"], ["checks.number"], name=op.f("fk_siting_reviews_check_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_siting_reviews")),
        sa.UniqueConstraint("office", "year", "ordinal", name=op.f("uq_siting_reviews_office_year_ordinal")),
    )
    op.create_index("ix_siting_reviews_geom", "siting_reviews", ["geom"], postgresql_using="gist")
    op.create_index("ix_siting_reviews_project_id", "siting_reviews", ["project_id"])
    op.create_index("ix_siting_reviews_follows_id", "siting_reviews", ["follows_id"])


def _make_opinions() -> None:
    op.create_table(
        "review_opinions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("conditions", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("entered_for", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("check_number", sa.Text(), nullable=False),
        sa.Column("result_digest", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        *_checks("review_opinions", OF_OPINIONS),
        sa.ForeignKeyConstraint(["review_id"], ["siting_reviews.id"], name=op.f("fk_review_opinions_review_id")),
        sa.ForeignKeyConstraint(["check_number"], ["checks.number"], name=op.f("fk_review_opinions_check_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_opinions")),
    )
    op.create_index("ix_review_opinions_review_id", "review_opinions", ["review_id", "id"])


def _make_conditions() -> None:
    op.create_table(
        "review_conditions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("rules", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("carried_from", sa.BigInteger(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("wording_en", sa.Text(), nullable=False),
        sa.Column("dropped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried_to", sa.Text(), nullable=True),
        *_checks("review_conditions", OF_CONDITIONS),
        sa.ForeignKeyConstraint(["review_id"], ["siting_reviews.id"], name=op.f("fk_review_conditions_review_id")),
        sa.ForeignKeyConstraint(
            ["carried_from"], ["review_conditions.id"], name=op.f("fk_review_conditions_carried_from")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_conditions")),
    )
    op.create_index("ix_review_conditions_review_id", "review_conditions", ["review_id", "id"])


def _checks(table: str, said: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in said.items()]


def downgrade() -> None:
    for name in OF_DECISIONS:
        op.drop_constraint(op.f(f"ck_decisions_{name}"), "decisions", type_="check")
    for table in ("review_conditions", "review_opinions", "review_requests"):
        op.drop_table(table)
    op.drop_geospatial_table("siting_reviews")
