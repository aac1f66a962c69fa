"""Incidents, forces assigned to them, the log of dispatch; shifts of duty and whom to call in a village."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"

KINDS = ("fire", "hazmat_leak", "flood", "debris_flow", "traffic", "medical")
LEVELS = ("general", "larger", "major", "extraordinary")
STATES = ("notified", "answered", "under_way", "on_scene", "recalled", "undone")
AUTHORITIES = ("direct", "request", "invite", "report")
ACTS = ("opened", "changed", "chosen", "step", "undone", "closed", "note", "report", "call", "sheet")
ROLES = ("village_official", "party_secretary", "disaster_informer")


def _one_of(column: str, codes: tuple[str, ...]) -> str:
    listed = ",".join(f"'{code}'" for code in codes)
    return f"{column} IN ({listed})"


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _created_at() -> sa.Column:
    return sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _text(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _version() -> sa.Column:
    return sa.Column("version", sa.BigInteger(), server_default="1", nullable=False)


def upgrade() -> None:
    _incidents()
    _assignments()
    _log()
    _shifts()
    _contacts()


def _incidents() -> None:
    op.create_table(
        "incidents",
        _id(),
        _text("kind", nullable=False),
        _text("level"),
        _text("said", nullable=False),
        _text("reported_by", nullable=False),
        _text("reporter_phone"),
        _moment("occurred_at", nullable=False),
        *(_text(name) for name in ("village", "stake", "landmark")),
        sa.Column("wind_from", sa.SmallInteger(), nullable=True),
        sa.Column("danger_m", sa.Double(), nullable=True),
        _text("converted_from"),
        _text("created_by", nullable=False),
        _created_at(),
        _moment("closed_at"),
        _text("closed_by"),
        _text("outcome"),
        _version(),
        sa.Column("geom", geoalchemy2.Geometry("POINT", srid=4490, spatial_index=False), nullable=False),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_incidents_geometry_sound")),
        sa.CheckConstraint(_one_of("kind", KINDS), name=op.f("ck_incidents_kind_known")),
        sa.CheckConstraint(_one_of("level", LEVELS), name=op.f("ck_incidents_level_known")),
        sa.CheckConstraint(
            _one_of("converted_from", ("gcj02", "bd09")), name=op.f("ck_incidents_converted_from_known")
        ),
        sa.CheckConstraint("btrim(said) <> ''", name=op.f("ck_incidents_said_given")),
        sa.CheckConstraint("btrim(reported_by) <> ''", name=op.f("ck_incidents_reporter_given")),
        sa.CheckConstraint("wind_from BETWEEN 0 AND 359", name=op.f("ck_incidents_wind_from_a_bearing")),
        sa.CheckConstraint("danger_m > 0", name=op.f("ck_incidents_danger_measured")),
        sa.CheckConstraint("closed_at >= occurred_at", name=op.f("ck_incidents_closed_after_it_occurred")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_incidents_closed_by_somebody")),
        sa.CheckConstraint("version > 0", name=op.f("ck_incidents_version_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index("ix_incidents_geom", "incidents", ["geom"], postgresql_using="gist")


def _assignments() -> None:
    op.create_table(
        "assignments",
        _id(),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("force_id", sa.BigInteger(), nullable=False),
        _text("authority", nullable=False),
        _text("state", nullable=False),
        _moment("notified_at", nullable=False),
        *(_moment(name) for name in ("answered_at", "under_way_at", "on_scene_at", "recalled_at")),
        _text("assigned_by", nullable=False),
        _created_at(),
        _moment("ended_at"),
        _version(),
        sa.CheckConstraint(_one_of("state", STATES), name=op.f("ck_assignments_state_known")),
        sa.CheckConstraint(_one_of("authority", AUTHORITIES), name=op.f("ck_assignments_authority_known")),
        sa.CheckConstraint(
            "(state IN ('recalled','undone')) = (ended_at IS NOT NULL)",
            name=op.f("ck_assignments_ended_with_its_state"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_assignments_version_counted")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_assignments_incident_id")),
        sa.ForeignKeyConstraint(["force_id"], ["forces.id"], name=op.f("fk_assignments_force_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_incident_id"), "assignments", ["incident_id"])
    op.create_index(op.f("ix_assignments_force_id"), "assignments", ["force_id"])
    op.create_index(
        "uq_assignments_force_taken",
        "assignments",
        ["force_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _log() -> None:
    op.create_table(
        "dispatch_log",
        _id(),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=True),
        _text("act", nullable=False),
        _text("state"),
        _moment("occurred_at", nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        _text("taken_by", nullable=False),
        _text("said"),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(_one_of("act", ACTS), name=op.f("ck_dispatch_log_act_known")),
        sa.CheckConstraint(_one_of("state", STATES), name=op.f("ck_dispatch_log_state_known")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_dispatch_log_incident_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_dispatch_log_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_log")),
    )
    op.create_index(op.f("ix_dispatch_log_incident_id"), "dispatch_log", ["incident_id"])
    op.create_index(op.f("ix_dispatch_log_assignment_id"), "dispatch_log", ["assignment_id"])
    op.execute(
        "CREATE TRIGGER dispatch_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON dispatch_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _shifts() -> None:
    signed = ("handed", "taken")
    op.create_table(
        "duty_shifts",
        _id(),
        _moment("begins_at", nullable=False),
        _moment("ends_at", nullable=False),
        _text("leader", nullable=False),
        _text("leader_phone"),
        _text("officer", nullable=False),
        _text("officer_phone"),
        _text("matters"),
        *(column for word in signed for column in (_text(f"{word}_by"), _moment(f"{word}_at"))),
        _text("created_by", nullable=False),
        _created_at(),
        _version(),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_duty_shifts_ends_after_it_begins")),
        sa.CheckConstraint(
            "btrim(leader) <> '' AND btrim(officer) <> ''", name=op.f("ck_duty_shifts_somebody_on_duty")
        ),
        *(
            sa.CheckConstraint(
                f"({word}_at IS NULL) = ({word}_by IS NULL)", name=op.f(f"ck_duty_shifts_{word}_by_somebody")
            )
            for word in signed
        ),
        sa.CheckConstraint(
            "taken_by IS NULL OR (handed_by IS NOT NULL AND taken_by <> handed_by)",
            name=op.f("ck_duty_shifts_signed_by_two"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_duty_shifts_version_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
    )
    op.create_index("ix_duty_shifts_begins_at", "duty_shifts", ["begins_at"])


def _contacts() -> None:
    op.create_table(
        "village_contacts",
        _id(),
        _text("village_code", nullable=False),
        _text("role", nullable=False),
        _text("name", nullable=False),
        _text("contact_phone"),
        _text("satellite_phone"),
        sa.Column("last_verified", sa.Date(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _created_at(),
        _version(),
        sa.CheckConstraint(_one_of("role", ROLES), name=op.f("ck_village_contacts_role_known")),
        sa.CheckConstraint("btrim(name) <> ''", name=op.f("ck_village_contacts_name_given")),
        sa.CheckConstraint("version > 0", name=op.f("ck_village_contacts_version_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_contacts")),
    )
    op.create_index(op.f("ix_village_contacts_village_code"), "village_contacts", ["village_code"])


def downgrade() -> None:
    for table in ("village_contacts", "duty_shifts", "dispatch_log", "assignments", "incidents"):
        op.drop_table(table)
