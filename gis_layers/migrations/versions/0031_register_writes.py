"""Writes of the registers as rows, so that telling whether a register changed reads none of its own rows."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

REGISTERS = (
    "boundaries",
    "villages",
    "roads",
    "buildings",
    "enterprises",
    "facilities",
    "stations",
    "forces",
    "projects",
    "hidden_dangers",
    "constraint_surveys",
    "regional_assessments",
    "closures",
    "duty_shifts",
    "dispatch_log",
)
NOTE = """
    CREATE FUNCTION note_register_write() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO register_writes AS noted (register, transaction)
            VALUES (TG_TABLE_NAME, pg_current_xact_id()::text::bigint)
            ON CONFLICT (register, transaction) DO UPDATE SET statements = noted.statements + 1;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    op.create_table(
        "register_writes",
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("statements", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("register", "transaction", name=op.f("pk_register_writes")),
    )
    op.execute(NOTE)
    for table in REGISTERS:
        op.execute(
            f"CREATE TRIGGER {table}_writes_are_noted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_register_write()"
        )


def downgrade() -> None:
    for table in REGISTERS:
        op.execute(f"DROP TRIGGER {table}_writes_are_noted ON {table}")
    op.execute("DROP FUNCTION note_register_write()")
    op.drop_table("register_writes")
