"""Regional assessments, and the ground surveyed for land set aside in pieces that are found by their boxes."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

SOUND = "ST_IsValid(geom) AND NOT ST_IsEmpty(geom)"


def upgrade() -> None:
    op.create_geospatial_table(
        "regional_assessments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        _geometry("MULTIPOLYGON"),
        sa.CheckConstraint(SOUND, name=op.f("ck_regional_assessments_geometry_sound")),
        sa.CheckConstraint("btrim(number) <> ''", name=op.f("ck_regional_assessments_number_given")),
        sa.CheckConstraint(
            "cardinality(kinds) > 0 AND array_position(kinds, NULL) IS NULL",
            name=op.f("ck_regional_assessments_kinds_given"),
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_regional_assessments_days_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regional_assessments")),
        sa.UniqueConstraint("number", name=op.f("uq_regional_assessments_number")),
    )
    _index("regional_assessments")
    op.create_geospatial_table(
        "constraint_ground",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("survey_id", sa.BigInteger(), nullable=False),
        _geometry("POLYGON"),
        sa.CheckConstraint(SOUND, name=op.f("ck_constraint_ground_geometry_sound")),
        sa.ForeignKeyConstraint(["survey_id"], ["constraint_surveys.id"], name=op.f("fk_constraint_ground_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_constraint_ground")),
    )
    _index("constraint_ground")
    op.create_index(op.f("ix_constraint_ground_survey_id"), "constraint_ground", ["survey_id"], unique=False)
    # What was surveyed before stays whole: it says the same, only a little slower.
    op.execute(
        "INSERT INTO constraint_ground (survey_id, geom) SELECT id, (ST_Dump(geom)).geom FROM constraint_surveys "
        "WHERE geom IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_geospatial_table("constraint_ground")
    op.drop_geospatial_table("regional_assessments")


def _geometry(kind: str) -> sa.Column:
    column = Geometry(
        geometry_type=kind,
        srid=4490,
        dimension=2,
        spatial_index=False,
        from_text="ST_GeomFromEWKT",
        name="geometry",
        nullable=False,
    )
    return sa.Column("geom", column, nullable=False)


def _index(table: str) -> None:
    op.create_geospatial_index(
        f"ix_{table}_geom", table, ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
