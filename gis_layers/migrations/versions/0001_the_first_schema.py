"""The first schema: editions, zones, surveys, places, projects, access, records."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

GUARDS = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% keeps what it holds: % is refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE FUNCTION refuse_rewriting_a_version() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        still_in_force zone_versions%ROWTYPE;
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.to_edition IS NULL AND NEW.to_edition IS NOT NULL THEN
            still_in_force := NEW;
            still_in_force.to_edition := NULL;
            IF still_in_force *= OLD THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'a published zone version is never rewritten: publish a new version'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER zone_versions_are_immutable BEFORE UPDATE OR DELETE ON zone_versions
        FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_a_version()
    """,
    """
    CREATE TRIGGER zone_versions_are_not_truncated BEFORE TRUNCATE ON zone_versions
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER editions_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON editions
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_geospatial_table(
        "basemap_features",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("elevation_m", sa.Double(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(geometry_type="LINESTRING", srid=4490, dimension=2, spatial_index=False, nullable=False),
            nullable=False,
        ),
        sa.CheckConstraint(
            "ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_basemap_features_geometry_sound")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basemap_features")),
    )
    op.create_index("ix_basemap_features_kind", "basemap_features", ["kind"], unique=False)
    op.create_index("ix_basemap_features_geom", "basemap_features", ["geom"], unique=False, postgresql_using="gist")
    op.create_geospatial_table(
        "boundaries",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_boundaries_geometry_sound")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_boundaries")),
    )
    op.create_table(
        "deployment_facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_deployment_facts")),
    )
    op.create_table(
        "editions",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("by_console", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.CheckConstraint("length(btrim(reason)) > 0", name=op.f("ck_editions_reason_given")),
        sa.CheckConstraint("number > 0", name=op.f("ck_editions_number_positive")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_editions")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("progress", sa.Double(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting','running','done','failed','cancelled')", name=op.f("ck_jobs_state_known")
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name=op.f("ck_jobs_progress_is_a_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_waiting", "jobs", ["id"], unique=False, postgresql_where="state = 'waiting'")
    op.create_geospatial_table(
        "projects",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("project_class", sa.Text(), nullable=False),
        sa.Column("seismic_class", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "project_class IN ('K1','K2','K3','K4','K5','K6','K7')", name=op.f("ck_projects_class_known")
        ),
        sa.CheckConstraint("seismic_class IN ('甲','乙','丙','丁')", name=op.f("ck_projects_seismic_class_known")),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_projects_geometry_sound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_geospatial_index(
        "ix_projects_geom", "projects", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_geospatial_table(
        "roads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("road_class", sa.Text(), nullable=False),
        sa.Column("oneway", sa.Text(), server_default="no", nullable=False),
        sa.Column("bridge", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="LINESTRING",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_roads_geometry_sound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roads")),
    )
    op.create_geospatial_index(
        "ix_roads_geom", "roads", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('viewer', 'planner', 'dispatcher', 'officer', 'approver', 'admin')",
            name=op.f("ck_tokens_role_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )
    op.create_geospatial_table(
        "villages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("population", sa.BigInteger(), nullable=True),
        sa.Column("seat_lon", sa.Double(), nullable=True),
        sa.Column("seat_lat", sa.Double(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_villages_geometry_sound")),
        sa.CheckConstraint("population >= 0", name=op.f("ck_villages_population_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_villages")),
        sa.UniqueConstraint("code", name=op.f("uq_villages_code")),
    )
    op.create_geospatial_index(
        "ix_villages_geom", "villages", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_geospatial_table(
        "waters",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_waters_geometry_sound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waters")),
    )
    op.create_geospatial_index(
        "ix_waters_geom", "waters", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_table(
        "zones",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zones")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (edition IS NOT NULL)", name=op.f("ck_drafts_edition_when_published")
        ),
        sa.CheckConstraint(
            "state IN ('open','submitted','approved','published','withdrawn')", name=op.f("ck_drafts_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["edition"], ["editions.number"], name=op.f("fk_drafts_edition"), deferrable=True, initially="DEFERRED"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "zone_lineage",
        sa.Column("parent_id", sa.BigInteger(), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["zones.id"], name=op.f("fk_zone_lineage_child_id")),
        sa.ForeignKeyConstraint(
            ["edition"],
            ["editions.number"],
            name=op.f("fk_zone_lineage_edition"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["zones.id"], name=op.f("fk_zone_lineage_parent_id")),
        sa.PrimaryKeyConstraint("parent_id", "child_id", name=op.f("pk_zone_lineage")),
    )
    op.create_geospatial_table(
        "surveyed_layers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("hazard", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("survey_date", sa.Date(), nullable=True),
        sa.Column("scale", sa.BigInteger(), nullable=True),
        sa.Column("extent_kind", sa.Text(), nullable=False),
        sa.Column(
            "extent",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("replaces", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("from_edition", sa.BigInteger(), nullable=True),
        sa.Column("to_edition", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(extent_kind = 'zones') = (extent IS NULL)", name=op.f("ck_surveyed_layers_extent_unless_zones")
        ),
        sa.CheckConstraint(
            "extent_kind IN ('zones','boundary','file')", name=op.f("ck_surveyed_layers_extent_kind_known")
        ),
        sa.CheckConstraint(
            "extent IS NULL OR (ST_IsValid(extent) AND NOT ST_IsEmpty(extent))",
            name=op.f("ck_surveyed_layers_extent_sound"),
        ),
        sa.CheckConstraint("to_edition > from_edition", name=op.f("ck_surveyed_layers_editions_in_order")),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_surveyed_layers_draft_id")),
        sa.ForeignKeyConstraint(
            ["from_edition"],
            ["editions.number"],
            name=op.f("fk_surveyed_layers_from_edition"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["to_edition"],
            ["editions.number"],
            name=op.f("fk_surveyed_layers_to_edition"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveyed_layers")),
    )
    op.create_index(op.f("ix_surveyed_layers_draft_id"), "surveyed_layers", ["draft_id"], unique=False)
    op.create_index(
        "ix_surveyed_layers_in_force",
        "surveyed_layers",
        ["hazard"],
        unique=False,
        postgresql_where="to_edition IS NULL",
    )
    op.create_geospatial_table(
        "draft_zones",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("base_version", sa.BigInteger(), nullable=True),
        sa.Column("hazard", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("grade_rank", sa.SmallInteger(), nullable=True),
        sa.Column("grade_scheme", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("survey_date", sa.Date(), nullable=True),
        sa.Column("scale", sa.BigInteger(), nullable=True),
        sa.Column("intensity", sa.Double(), nullable=True),
        sa.Column("arrival_min", sa.Double(), nullable=True),
        sa.Column("overburden_m", sa.Double(), nullable=True),
        sa.Column("fault_age", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("layer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_NDims(geom) = 2 AND (GeometryType(geom) = 'MULTIPOLYGON' OR (GeometryType(geom) = 'MULTILINESTRING' AND hazard = 'fault')) AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90",
            name=op.f("ck_draft_zones_geometry_sound"),
        ),
        sa.CheckConstraint("op IN ('create','update','delete')", name=op.f("ck_draft_zones_op_known")),
        sa.CheckConstraint(
            "(grade IS NULL AND grade_rank IS NULL AND grade_scheme IS NULL) OR (grade IS NOT NULL AND grade_rank >= 1 AND grade_scheme IS NOT NULL)",
            name=op.f("ck_draft_zones_grade_with_its_scheme"),
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_zones_draft_id")),
        sa.ForeignKeyConstraint(["layer_id"], ["surveyed_layers.id"], name=op.f("fk_draft_zones_layer_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name=op.f("fk_draft_zones_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_zones")),
        sa.UniqueConstraint("draft_id", "zone_id", name=op.f("uq_draft_zones_draft_id_zone_id")),
    )
    op.create_index(op.f("ix_draft_zones_layer_id"), "draft_zones", ["layer_id"], unique=False)
    op.create_geospatial_table(
        "surveyed_ground",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("layer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_surveyed_ground_geometry_sound")),
        sa.ForeignKeyConstraint(["layer_id"], ["surveyed_layers.id"], name=op.f("fk_surveyed_ground_layer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveyed_ground")),
    )
    op.create_geospatial_index(
        "ix_surveyed_ground_geom", "surveyed_ground", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_surveyed_ground_layer_id"), "surveyed_ground", ["layer_id"], unique=False)
    op.create_geospatial_table(
        "zone_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("from_edition", sa.BigInteger(), nullable=False),
        sa.Column("to_edition", sa.BigInteger(), nullable=True),
        sa.Column("hazard", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("grade_rank", sa.SmallInteger(), nullable=True),
        sa.Column("grade_scheme", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("survey_date", sa.Date(), nullable=True),
        sa.Column("scale", sa.BigInteger(), nullable=True),
        sa.Column("intensity", sa.Double(), nullable=True),
        sa.Column("arrival_min", sa.Double(), nullable=True),
        sa.Column("overburden_m", sa.Double(), nullable=True),
        sa.Column("fault_age", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("layer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_NDims(geom) = 2 AND (GeometryType(geom) = 'MULTIPOLYGON' OR (GeometryType(geom) = 'MULTILINESTRING' AND hazard = 'fault')) AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90",
            name=op.f("ck_zone_versions_geometry_sound"),
        ),
        sa.CheckConstraint(
            "(grade IS NULL AND grade_rank IS NULL AND grade_scheme IS NULL) OR (grade IS NOT NULL AND grade_rank >= 1 AND grade_scheme IS NOT NULL)",
            name=op.f("ck_zone_versions_grade_with_its_scheme"),
        ),
        sa.CheckConstraint("to_edition > from_edition", name=op.f("ck_zone_versions_editions_in_order")),
        sa.ForeignKeyConstraint(
            ["from_edition"],
            ["editions.number"],
            name=op.f("fk_zone_versions_from_edition"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["layer_id"], ["surveyed_layers.id"], name=op.f("fk_zone_versions_layer_id")),
        sa.ForeignKeyConstraint(
            ["to_edition"],
            ["editions.number"],
            name=op.f("fk_zone_versions_to_edition"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name=op.f("fk_zone_versions_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_versions")),
        sa.UniqueConstraint("zone_id", "version", name=op.f("uq_zone_versions_zone_id_version")),
    )
    op.create_geospatial_index(
        "ix_zone_versions_geom_in_force",
        "zone_versions",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_where="to_edition IS NULL",
        postgresql_ops={},
    )
    op.create_geospatial_index(
        "ix_zone_versions_geom_past",
        "zone_versions",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_where="to_edition IS NOT NULL",
        postgresql_ops={},
    )
    op.create_index(op.f("ix_zone_versions_layer_id"), "zone_versions", ["layer_id"], unique=False)
    op.create_index(
        "ix_zone_versions_one_in_force",
        "zone_versions",
        ["zone_id"],
        unique=True,
        postgresql_where="to_edition IS NULL",
    )
    op.create_index(
        "ix_zone_versions_theme_in_force",
        "zone_versions",
        ["hazard", "product"],
        unique=False,
        postgresql_where="to_edition IS NULL",
    )
    for statement in GUARDS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_geospatial_table("basemap_features")
    op.drop_index("ix_zone_versions_theme_in_force", table_name="zone_versions", postgresql_where="to_edition IS NULL")
    op.drop_index("ix_zone_versions_one_in_force", table_name="zone_versions", postgresql_where="to_edition IS NULL")
    op.drop_index(op.f("ix_zone_versions_layer_id"), table_name="zone_versions")
    op.drop_geospatial_index(
        "ix_zone_versions_geom_past",
        table_name="zone_versions",
        postgresql_using="gist",
        postgresql_where="to_edition IS NOT NULL",
        column_name="geom",
    )
    op.drop_geospatial_index(
        "ix_zone_versions_geom_in_force",
        table_name="zone_versions",
        postgresql_using="gist",
        postgresql_where="to_edition IS NULL",
        column_name="geom",
    )
    op.drop_geospatial_table("zone_versions")
    op.drop_index(op.f("ix_surveyed_ground_layer_id"), table_name="surveyed_ground")
    op.drop_geospatial_index(
        "ix_surveyed_ground_geom", table_name="surveyed_ground", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("surveyed_ground")
    op.drop_index(op.f("ix_draft_zones_layer_id"), table_name="draft_zones")
    op.drop_geospatial_table("draft_zones")
    op.drop_index("ix_surveyed_layers_in_force", table_name="surveyed_layers", postgresql_where="to_edition IS NULL")
    op.drop_index(op.f("ix_surveyed_layers_draft_id"), table_name="surveyed_layers")
    op.drop_geospatial_table("surveyed_layers")
    op.drop_table("zone_lineage")
    op.drop_table("drafts")
    op.drop_table("zones")
    op.drop_geospatial_index("ix_waters_geom", table_name="waters", postgresql_using="gist", column_name="geom")
    op.drop_geospatial_table("waters")
    op.drop_geospatial_index("ix_villages_geom", table_name="villages", postgresql_using="gist", column_name="geom")
    op.drop_geospatial_table("villages")
    op.drop_table("tokens")
    op.drop_geospatial_index("ix_roads_geom", table_name="roads", postgresql_using="gist", column_name="geom")
    op.drop_geospatial_table("roads")
    op.drop_geospatial_index("ix_projects_geom", table_name="projects", postgresql_using="gist", column_name="geom")
    op.drop_geospatial_table("projects")
    op.drop_index("ix_jobs_waiting", table_name="jobs", postgresql_where="state = 'waiting'")
    op.drop_table("jobs")
    op.drop_table("editions")
    op.drop_table("deployment_facts")
    op.drop_geospatial_table("boundaries")
    op.drop_table("audit_entries")
    for function in ("refuse_change", "refuse_rewriting_a_version"):
        op.execute(f"DROP FUNCTION {function}()")
