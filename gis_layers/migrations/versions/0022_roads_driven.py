"""Roads as they are driven: which way, how fast and how long where the road itself says so."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    # The township's roads once stood here with words of Python for yes and no.
    op.execute("UPDATE roads SET oneway = 'forward' WHERE lower(oneway) IN ('true', 'yes', '1')")
    op.execute("UPDATE roads SET oneway = 'no' WHERE oneway NOT IN ('no', 'forward', 'backward')")
    op.add_column("roads", sa.Column("speed_kmh", sa.Double(), nullable=True))
    op.add_column("roads", sa.Column("length_m", sa.Double(), nullable=True))
    op.create_check_constraint(op.f("ck_roads_oneway_known"), "roads", "oneway IN ('no','forward','backward')")
    op.create_check_constraint(op.f("ck_roads_speed_driven"), "roads", "speed_kmh > 0 AND speed_kmh <= 200")
    op.create_check_constraint(op.f("ck_roads_length_measured"), "roads", "length_m > 0")


def downgrade() -> None:
    for name in ("oneway_known", "speed_driven", "length_measured"):
        op.drop_constraint(op.f(f"ck_roads_{name}"), "roads", type_="check")
    op.drop_column("roads", "length_m")
    op.drop_column("roads", "speed_kmh")
