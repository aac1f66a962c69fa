"""Enterprises: risk points, inspections, the history of their grade; and the register of hidden dangers."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

COLOURS = "('red', 'orange', 'yellow', 'blue')"
STATES = (
    "('registered', 'verifying', 'unfounded', 'general', 'confirmed', 'assigned', 'rectifying', "
    "'acceptance_requested', 'first_review', 'second_review', 'closed')"
)
PROVEN = "('confirmed','assigned','rectifying','acceptance_requested','first_review','second_review','closed')"
IN_HAND = "('assigned','rectifying','acceptance_requested','first_review','second_review')"
FIGURES = """CASE method WHEN 'matrix' THEN figures ?& ARRAY['likelihood','severity']
            WHEN 'lec' THEN figures ?& ARRAY['likelihood','exposure','consequence']
            WHEN 'diagnosis' THEN figures ?& ARRAY['score'] ELSE false END"""
ADDED = (
    "effective_grade", "declared_grade", "declared_hazard_level", "grade_id", "criteria", "unlicensed", "version",
)  # fmt: skip
CHECKS = (
    ("effective_grade_known", f"effective_grade IN {COLOURS}"),
    ("declared_grade_known", f"declared_grade IN {COLOURS}"),
    ("declared_hazard_level_known", "declared_hazard_level BETWEEN 1 AND 4"),
    ("effective_where_base", "base_grade IS NULL OR effective_grade IS NOT NULL"),
    ("version_counted", "version > 0"),
)


def upgrade() -> None:
    _widen_enterprises()
    _create_risk_points()
    _create_inspections()
    _create_grades()
    _create_hidden_dangers()


def _widen_enterprises() -> None:
    op.add_column("enterprises", sa.Column("effective_grade", sa.Text(), nullable=True))
    op.add_column("enterprises", sa.Column("declared_grade", sa.Text(), nullable=True))
    op.add_column("enterprises", sa.Column("declared_hazard_level", sa.SmallInteger(), nullable=True))
    op.add_column("enterprises", sa.Column("grade_id", sa.BigInteger(), nullable=True))
    op.add_column("enterprises", sa.Column("criteria", sa.Text(), nullable=True))
    op.add_column("enterprises", sa.Column("unlicensed", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("enterprises", sa.Column("version", sa.BigInteger(), server_default="1", nullable=False))
    # What was stored so far was told by deliveries, without a working.
    op.execute(
        "UPDATE enterprises SET declared_grade = base_grade, effective_grade = base_grade, "
        "declared_hazard_level = major_hazard_level"
    )
    for name, claim in CHECKS:
        op.create_check_constraint(op.f(f"ck_enterprises_{name}"), "enterprises", claim)


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _now(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _json(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), server_default=default, nullable=False)


def _create_risk_points() -> None:
    op.create_table(
        "risk_points",
        _id(),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        _json("figures"),
        _json("conditions", "[]"),
        _flag("synthetic"),
        sa.CheckConstraint(FIGURES, name=op.f("ck_risk_points_figures_of_the_method")),
        sa.CheckConstraint("jsonb_typeof(conditions) = 'array'", name=op.f("ck_risk_points_conditions_are_a_list")),
        sa.CheckConstraint(
            "conditions = '[]' OR method = 'diagnosis'", name=op.f("ck_risk_points_conditions_of_a_diagnosis")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_risk_points_enterprise_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_points")),
    )
    op.create_index("ix_risk_points_enterprise_id", "risk_points", ["enterprise_id"], unique=False)


def _create_inspections() -> None:
    op.create_table(
        "inspections",
        _id(),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        _flag("synthetic"),
        _now("created_at"),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_inspections_enterprise_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint(
            "enterprise_id", "day", "department", name=op.f("uq_inspections_enterprise_id_day_department")
        ),
    )


def _create_grades() -> None:
    op.create_table(
        "enterprise_grades",
        _id(),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=False),
        _now("at"),
        sa.Column("base_grade", sa.Text(), nullable=True),
        sa.Column("overlay_grade", sa.Text(), nullable=True),
        sa.Column("effective_grade", sa.Text(), nullable=True),
        sa.Column("major_hazard_level", sa.SmallInteger(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        _json("working"),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("rulebook_version", sa.Text(), nullable=False),
        sa.Column("rulebook_fingerprint", sa.Text(), nullable=False),
        *(
            sa.CheckConstraint(f"{name} IN {COLOURS}", name=op.f(f"ck_enterprise_grades_{name}_known"))
            for name in ("base_grade", "overlay_grade", "effective_grade")
        ),
        sa.CheckConstraint(
            "major_hazard_level BETWEEN 1 AND 4", name=op.f("ck_enterprise_grades_major_hazard_level_known")
        ),
        sa.CheckConstraint(
            "(effective_grade IS NULL) = (base_grade IS NULL AND overlay_grade IS NULL)",
            name=op.f("ck_enterprise_grades_effective_of_base_and_overlay"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_grades")),
    )
    op.create_index("ix_enterprise_grades_enterprise_id", "enterprise_grades", ["enterprise_id", "id"], unique=False)
    op.execute(
        "CREATE TRIGGER enterprise_grades_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON enterprise_grades "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _create_hidden_dangers() -> None:
    op.create_geospatial_table(
        "hidden_dangers",
        _id(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("place", "village_code", "sector")),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("supervision", sa.Text(), server_default="none", nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("criteria", "clause", "measures")),
        sa.Column("found_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("confirmed_on", "deadline", "closed_on")),
        sa.Column("remark", sa.Text(), nullable=True),
        _flag("synthetic"),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        _now("created_at"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "geom",
            Geometry(geometry_type="POINT", srid=4490, dimension=2, spatial_index=False, nullable=False),
            nullable=False,
        ),
        *(sa.CheckConstraint(claim, name=op.f(f"ck_hidden_dangers_{name}")) for name, claim in DANGER_CHECKS),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_hidden_dangers_enterprise_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_dangers")),
        sa.UniqueConstraint("code", name=op.f("uq_hidden_dangers_code")),
    )
    op.create_index("ix_hidden_dangers_geom", "hidden_dangers", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("ix_hidden_dangers_enterprise_id", "hidden_dangers", ["enterprise_id"], unique=False)
    op.create_index("ix_hidden_dangers_state", "hidden_dangers", ["state"], unique=False)


DANGER_CHECKS = (
    ("state_known", f"state IN {STATES}"),
    ("channel_known", "channel IN ('self','department','report','platform','internal','superior')"),
    ("supervision_known", "supervision IN ('none','town','county','city','province')"),
    ("level_known", "level IN ('major','general')"),
    ("major_where_proven", f"(state IN {PROVEN}) = (level IS NOT DISTINCT FROM 'major')"),
    ("general_where_said", "(state = 'general') = (level IS NOT DISTINCT FROM 'general')"),
    ("proven_on_a_day", f"state NOT IN {PROVEN} OR confirmed_on IS NOT NULL"),
    ("deadline_where_in_hand", f"state NOT IN {IN_HAND} OR deadline IS NOT NULL"),
    ("closed_on_a_day", "(state = 'closed') = (closed_on IS NOT NULL)"),
    ("days_in_order", "confirmed_on >= found_on AND closed_on >= confirmed_on"),
    ("version_counted", "version > 0"),
    ("geometry_sound", "ST_IsValid(geom) AND NOT ST_IsEmpty(geom)"),
)


def downgrade() -> None:
    op.drop_geospatial_table("hidden_dangers")
    for table in ("enterprise_grades", "inspections", "risk_points"):
        op.drop_table(table)
    for name, _ in CHECKS:
        op.drop_constraint(op.f(f"ck_enterprises_{name}"), "enterprises")
    for column in ADDED:
        op.drop_column("enterprises", column)
