"""The objects of the town: enterprises, groups, buildings, facilities, stations, forces, constraints, pictures."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "basemap_pictures",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("west", sa.Double(), nullable=False),
        sa.Column("south", sa.Double(), nullable=False),
        sa.Column("east", sa.Double(), nullable=False),
        sa.Column("north", sa.Double(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("west < east AND south < north", name=op.f("ck_basemap_pictures_bounds_ordered")),
        sa.CheckConstraint(
            "width > 0 AND height > 0 AND length(content) > 0", name=op.f("ck_basemap_pictures_not_empty")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_basemap_pictures")),
    )
    op.create_geospatial_table(
        "buildings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("village_code", sa.Text(), nullable=True),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.Column("use", sa.Text(), nullable=True),
        sa.Column("structure", sa.Text(), nullable=True),
        sa.Column("floors", sa.SmallInteger(), nullable=True),
        sa.Column("year_built", sa.SmallInteger(), nullable=True),
        sa.Column("households", sa.BigInteger(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
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
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_buildings_geometry_sound")),
        sa.CheckConstraint("floors >= 1", name=op.f("ck_buildings_floors_counted")),
        sa.CheckConstraint("households >= 0", name=op.f("ck_buildings_households_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buildings")),
    )
    op.create_geospatial_index(
        "ix_buildings_geom", "buildings", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_buildings_village_code"), "buildings", ["village_code"], unique=False)
    op.create_geospatial_table(
        "constraint_surveys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("survey_date", sa.Date(), nullable=True),
        sa.Column("extent_kind", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "geom",
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
        sa.CheckConstraint(
            "(extent_kind = 'zones') = (geom IS NULL)", name=op.f("ck_constraint_surveys_extent_unless_zones")
        ),
        sa.CheckConstraint(
            "extent_kind IN ('zones','boundary','file')", name=op.f("ck_constraint_surveys_extent_kind_known")
        ),
        sa.CheckConstraint(
            "kind IN ('farmland', 'ecological_redline', 'urban_boundary')",
            name=op.f("ck_constraint_surveys_kind_known"),
        ),
        sa.CheckConstraint(
            "geom IS NULL OR (ST_IsValid(geom) AND NOT ST_IsEmpty(geom))",
            name=op.f("ck_constraint_surveys_extent_sound"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_constraint_surveys")),
    )
    op.create_index(op.f("ix_constraint_surveys_kind"), "constraint_surveys", ["kind"], unique=False)
    op.create_geospatial_table(
        "enterprises",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), server_default="other", nullable=False),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("size", sa.Text(), nullable=True),
        sa.Column("staff", sa.BigInteger(), nullable=True),
        sa.Column("village_code", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("base_grade", sa.Text(), nullable=True),
        sa.Column("major_hazard_level", sa.SmallInteger(), nullable=True),
        sa.Column("inventory", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("last_check", sa.Date(), nullable=True),
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
            "base_grade IN ('red', 'orange', 'yellow', 'blue')", name=op.f("ck_enterprises_base_grade_known")
        ),
        sa.CheckConstraint("jsonb_typeof(inventory) = 'array'", name=op.f("ck_enterprises_inventory_is_a_list")),
        sa.CheckConstraint("size IN ('large', 'medium', 'small', 'micro')", name=op.f("ck_enterprises_size_known")),
        sa.CheckConstraint(
            "sector IN ('chemical', 'fuel', 'gas', 'mining', 'cold_store', 'manufacturing', 'food', 'seed', 'livestock', 'logistics', 'construction', 'small_place', 'commerce', 'other')",
            name=op.f("ck_enterprises_sector_known"),
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_enterprises_geometry_sound")),
        sa.CheckConstraint("major_hazard_level BETWEEN 1 AND 4", name=op.f("ck_enterprises_major_hazard_level_known")),
        sa.CheckConstraint("staff >= 0", name=op.f("ck_enterprises_staff_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprises")),
    )
    op.create_geospatial_index(
        "ix_enterprises_geom", "enterprises", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_enterprises_village_code"), "enterprises", ["village_code"], unique=False)
    op.create_geospatial_table(
        "facilities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="other", nullable=False),
        sa.Column("village_code", sa.Text(), nullable=True),
        sa.Column("capacity", sa.BigInteger(), nullable=True),
        sa.Column("effective_area_m2", sa.Double(), nullable=True),
        sa.Column("shelter_term", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("last_verified", sa.Date(), nullable=True),
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
            "kind IN ('shelter', 'school', 'kindergarten', 'hospital', 'clinic', 'care_home', 'government', 'police', 'culture', 'market', 'water_supply', 'other')",
            name=op.f("ck_facilities_kind_known"),
        ),
        sa.CheckConstraint(
            "shelter_term IN ('emergency', 'temporary', 'short', 'medium', 'long')",
            name=op.f("ck_facilities_shelter_term_known"),
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_facilities_geometry_sound")),
        sa.CheckConstraint("capacity >= 0 AND effective_area_m2 >= 0", name=op.f("ck_facilities_size_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilities")),
    )
    op.create_geospatial_index(
        "ix_facilities_geom", "facilities", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_facilities_kind", "facilities", ["kind"], unique=False)
    op.create_index(op.f("ix_facilities_village_code"), "facilities", ["village_code"], unique=False)
    op.create_geospatial_table(
        "stations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="village", nullable=False),
        sa.Column("village_code", sa.Text(), nullable=True),
        sa.Column("crew", sa.BigInteger(), nullable=True),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("duty_phone", sa.Text(), nullable=True),
        sa.Column("last_verified", sa.Date(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("duty IN ('all_day', 'daytime', 'on_call')", name=op.f("ck_stations_duty_known")),
        sa.CheckConstraint(
            "kind IN ('fire', 'professional', 'enterprise', 'township', 'social', 'volunteer', 'medical', 'village')",
            name=op.f("ck_stations_kind_known"),
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_stations_geometry_sound")),
        sa.CheckConstraint("crew >= 0", name=op.f("ck_stations_crew_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
    )
    op.create_geospatial_index(
        "ix_stations_geom", "stations", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_stations_village_code"), "stations", ["village_code"], unique=False)
    op.create_geospatial_table(
        "village_groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("village_code", sa.Text(), nullable=True),
        sa.Column("population", sa.BigInteger(), nullable=True),
        sa.Column("households", sa.BigInteger(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_village_groups_geometry_sound")),
        sa.CheckConstraint("population >= 0 AND households >= 0", name=op.f("ck_village_groups_people_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_groups")),
    )
    op.create_geospatial_index(
        "ix_village_groups_geom", "village_groups", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_village_groups_village_code"), "village_groups", ["village_code"], unique=False)
    op.create_geospatial_table(
        "constraint_areas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("survey_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
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
        sa.CheckConstraint(
            "kind IN ('farmland', 'ecological_redline', 'urban_boundary')", name=op.f("ck_constraint_areas_kind_known")
        ),
        sa.CheckConstraint(
            "ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_constraint_areas_geometry_sound")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["constraint_surveys.id"], name=op.f("fk_constraint_areas_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_constraint_areas")),
    )
    op.create_geospatial_index(
        "ix_constraint_areas_geom",
        "constraint_areas",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(op.f("ix_constraint_areas_survey_id"), "constraint_areas", ["survey_id"], unique=False)
    op.create_geospatial_table(
        "forces",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="volunteer", nullable=False),
        sa.Column("capabilities", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("unknown_capabilities", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), server_default="ready", nullable=False),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("crew", sa.BigInteger(), nullable=True),
        sa.Column("turnout_s", sa.BigInteger(), nullable=True),
        sa.Column("station", sa.Text(), nullable=True),
        sa.Column("station_id", sa.BigInteger(), nullable=True),
        sa.Column("village_code", sa.Text(), nullable=True),
        sa.Column("equipment", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("agreement_expires", sa.Date(), nullable=True),
        sa.Column("last_verified", sa.Date(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("duty IN ('all_day', 'daytime', 'on_call')", name=op.f("ck_forces_duty_known")),
        sa.CheckConstraint("jsonb_typeof(equipment) = 'array'", name=op.f("ck_forces_equipment_is_a_list")),
        sa.CheckConstraint(
            "kind IN ('fire', 'professional', 'enterprise', 'township', 'social', 'volunteer', 'medical')",
            name=op.f("ck_forces_kind_known"),
        ),
        sa.CheckConstraint("state IN ('ready', 'out', 'off_duty')", name=op.f("ck_forces_state_known")),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_forces_geometry_sound")),
        sa.CheckConstraint("array_position(capabilities, NULL) IS NULL", name=op.f("ck_forces_capabilities_are_words")),
        sa.CheckConstraint("crew >= 0 AND turnout_s >= 0", name=op.f("ck_forces_crew_and_turnout_counted")),
        sa.CheckConstraint(
            "unknown_capabilities <@ capabilities", name=op.f("ck_forces_unknown_capabilities_are_capabilities")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_forces_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forces")),
    )
    op.create_geospatial_index(
        "ix_forces_geom", "forces", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_forces_station_id"), "forces", ["station_id"], unique=False)


def downgrade() -> None:
    op.drop_geospatial_table("forces")
    op.drop_geospatial_table("constraint_areas")
    op.drop_geospatial_table("village_groups")
    op.drop_geospatial_table("stations")
    op.drop_geospatial_table("facilities")
    op.drop_geospatial_table("enterprises")
    op.drop_geospatial_table("constraint_surveys")
    op.drop_geospatial_table("buildings")
    op.drop_table("basemap_pictures")
