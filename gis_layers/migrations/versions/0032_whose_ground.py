"""Documents by which ground is declared or approved, the standing of drafts, the register of geohazard sites."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0036"

LEVELS = "'town','county','city','province','nation'"
SECRECY = "'public','internal','confidential','secret','top_secret'"
KINDS = "'declaration','withdrawal','approval'"
SITE_KINDS = "'collapse','landslide','debris_flow','ground_collapse','ground_fissure','subsidence'"
SITE_STATES = "'recognised','monitored','struck_off'"
OF_SITES = {
    "name_given": "length(btrim(name)) > 0",
    "code_given": "length(btrim(code)) > 0",
    "people_counted": "households >= 0 AND people >= 0",
    "struck_off_on_a_day": "(state IN ('struck_off')) = (struck_off_on IS NOT NULL)",
    "struck_off_by_a_document": "(struck_off_on IS NULL) = (struck_off_by IS NULL)",
    "days_in_order": "struck_off_on >= recognised_on",
    "version_counted": "version > 0",
    "geometry_sound": "ST_IsValid(geom) AND NOT ST_IsEmpty(geom)",
}


def upgrade() -> None:
    op.add_column("drafts", sa.Column("standing", sa.Text(), server_default="proposal", nullable=False))
    op.create_check_constraint(
        op.f("ck_drafts_standing_known"), "drafts", "standing IN ('proposal','supplement')"
    )  # fmt: skip
    _make_documents()
    op.create_table(
        "draft_documents",
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_documents_draft_id")),
        sa.ForeignKeyConstraint(["document_id"], ["zone_documents.id"], name=op.f("fk_draft_documents_document_id")),
        sa.PrimaryKeyConstraint("draft_id", "document_id", name=op.f("pk_draft_documents")),
    )
    _make_sites()
    _make_acts()


def _make_documents() -> None:
    given = ("title", "number", "authority")
    op.create_table(
        "zone_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("hazard", "product", "kind", *given, "level")),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("secrecy", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_zone_documents_kind_known")),
        sa.CheckConstraint(f"level IN ({LEVELS})", name=op.f("ck_zone_documents_level_known")),
        sa.CheckConstraint(f"secrecy IN ({SECRECY})", name=op.f("ck_zone_documents_secrecy_known")),
        *(
            sa.CheckConstraint(f"length(btrim({name})) > 0", name=op.f(f"ck_zone_documents_{name}_given"))
            for name in given
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_zone_documents_version_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_documents")),
        sa.UniqueConstraint("hazard", "product", "number", name=op.f("uq_zone_documents_hazard_product_number")),
    )


def _make_sites() -> None:
    op.create_geospatial_table(
        "geohazard_sites",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("village_code", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recognised_by", sa.Text(), nullable=True),
        sa.Column("recognised_on", sa.Date(), nullable=True),
        sa.Column("struck_off_by", sa.Text(), nullable=True),
        sa.Column("struck_off_on", sa.Date(), nullable=True),
        sa.Column("households", sa.BigInteger(), nullable=True),
        sa.Column("people", sa.BigInteger(), nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("contact_name", "contact_phone", "told_zone", "remark")
        ),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=4490, dimension=2, spatial_index=False, nullable=False),
            nullable=False,
        ),
        sa.CheckConstraint(f"kind IN ({SITE_KINDS})", name=op.f("ck_geohazard_sites_kind_known")),
        sa.CheckConstraint(f"state IN ({SITE_STATES})", name=op.f("ck_geohazard_sites_state_known")),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_geohazard_sites_{name}"))
            for name, condition in OF_SITES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geohazard_sites")),
        sa.UniqueConstraint("code", name=op.f("uq_geohazard_sites_code")),
    )
    op.create_index("ix_geohazard_sites_geom", "geohazard_sites", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(op.f("ix_geohazard_sites_village_code"), "geohazard_sites", ["village_code"], unique=False)
    op.execute(
        "CREATE TRIGGER geohazard_sites_writes_are_noted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON geohazard_sites "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_register_write()"
    )


def _make_acts() -> None:
    op.create_table(
        "geohazard_site_acts",
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint("kind IN ('entry','step','patrol')", name=op.f("ck_geohazard_site_acts_kind_known")),
        sa.CheckConstraint(f"state IN ({SITE_STATES})", name=op.f("ck_geohazard_site_acts_state_known")),
        sa.CheckConstraint(
            "(kind = 'step') = (step IS NOT NULL)", name=op.f("ck_geohazard_site_acts_step_where_taken")
        ),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_geohazard_site_acts_ordinal_counted")),
        sa.ForeignKeyConstraint(["site_id"], ["geohazard_sites.id"], name=op.f("fk_geohazard_site_acts_site_id")),
        sa.PrimaryKeyConstraint("site_id", "ordinal", name=op.f("pk_geohazard_site_acts")),
    )
    op.execute(
        "CREATE TRIGGER geohazard_site_acts_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON geohazard_site_acts "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("geohazard_site_acts")
    op.drop_geospatial_table("geohazard_sites")
    op.drop_table("draft_documents")
    op.drop_table("zone_documents")
    op.drop_constraint(op.f("ck_drafts_standing_known"), "drafts", type_="check")
    op.drop_column("drafts", "standing")
